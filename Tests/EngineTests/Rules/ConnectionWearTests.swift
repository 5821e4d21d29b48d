import Delivery
import TestSupport
import Testing

@testable import Engine

/// A relay that lets a connection carry so many mails, and calls it a trouble of the next ones.
struct ConnectionWearTests {
    private static let error = DeliveryError(stage: .rcpt, code: 452, text: "later")
    private static let accepted = Verdict.accepted(SMTPReply(code: 250))

    private static func isWornOut(after verdicts: [Verdict]) -> Bool {
        var wear = ConnectionWear()
        return verdicts.map { wear.isWornOut(after: $0) }.last ?? false
    }

    @Test func `it is worn out after two 4xx in a row, if it was good before`() {
        let deferred = Verdict.deferred(Self.error)
        let rejected = Verdict.rejected(Self.error)
        #expect(Self.isWornOut(after: [Self.accepted, deferred, deferred]))
        #expect(Self.isWornOut(after: [Self.accepted, deferred, .released(Self.error), deferred]))
        for verdicts in [
            [deferred, deferred, deferred], [Self.accepted, deferred],
            [Self.accepted, deferred, Self.accepted, deferred],
            [Self.accepted, deferred, rejected, deferred], [],
        ] {
            #expect(!Self.isWornOut(after: verdicts), "\(verdicts)")
        }
    }

    /// Two mails a connection, and 4xx to all others.
    @Test(arguments: [RelayEvent.Verb.mail, .rcpt, .data, .dot])
    func `a relay with so many mails a connection is not stuck with the first one`(
        verb: RelayEvent.Verb
    ) throws {
        let bed = try SendingBed(rules: [
            RelayRule { event in
                event.verb == verb && event.message > 2
                    ? .reply(452, "4.5.3 too many on this connection") : nil
            }
        ])
        defer { bed.end() }
        bed.send(12)
        let results = bed.results(12)
        let accepted = results.count { result in
            if case .verdict(.accepted) = result.end { true } else { false }
        }
        // One behind the final dot may be under way when the second is refused.
        #expect(results.count == 12 && accepted >= 4, "\(accepted)")
        #expect(bed.relay.wait { $0.connections.count > 1 })
    }
}
