import Delivery
import Testing

/// The table of ``OtherRelay``, line by line.
@Suite struct OtherRelayTests {
    static let error = DeliveryError(stage: .rcpt, code: 550, text: "no")

    @Test(arguments: [
        Verdict.deferred(error), .rejected(error), .unsupported(error), .turnedAway(error),
        .unauthorized(error),
    ])
    func `a refusal sends the mail back, and five in a row end it`(verdict: Verdict) {
        var relay = OtherRelay()
        for count in 1...5 {
            #expect(!relay.refuses)
            #expect(relay.judge(verdict) == Self.error)
            #expect(relay.refusalsInARow == count)
        }
        #expect(relay.refuses)
    }

    @Test func `what it has taken breaks the row`() {
        let verdict = Verdict.accepted(SMTPReply(code: 250))
        var relay = OtherRelay()
        for _ in 1...4 { _ = relay.judge(.rejected(Self.error)) }
        #expect(relay.judge(verdict) == nil)
        #expect(relay.refusalsInARow == 0)
    }

    /// A relay that ends each connection at the dot would make all that is due uncertain.
    @Test func `what it may have taken stays uncertain, and counts`() {
        var relay = OtherRelay()
        for _ in 1...4 { _ = relay.judge(.uncertain(Self.error)) }
        #expect(relay.judge(.uncertain(Self.error)) == nil)
        #expect(relay.refuses)
    }

    @Test(arguments: [Verdict.relayTrouble(.outage), .released(error)])
    func `what is not about a mail changes nothing`(verdict: Verdict) {
        var relay = OtherRelay()
        for _ in 1...4 { _ = relay.judge(.rejected(Self.error)) }
        #expect(relay.judge(verdict) == nil)
        #expect(relay.refusalsInARow == 4)
    }
}
