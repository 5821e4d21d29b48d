import Delivery
import Testing

/// The table of ``Verdict/inTrouble(_:isFirst:)``, line by line.
@Suite struct InTroubleTests {
    static let pauses: [RefusalKind?] = [nil, .permanent, .identity, .system]
    static let busy = DeliveryError(stage: .mail, code: 421, text: "")
    static let refused = DeliveryError(stage: .mail, code: 554, text: "")
    static let login = DeliveryError(stage: .mail, code: 530, text: "")
    static let full = DeliveryError(
        stage: .rcpt, code: 452, enhanced: EnhancedStatusCode(4, 3, 1), text: "")
    static let unknown = DeliveryError(
        stage: .rcpt, code: 550, enhanced: EnhancedStatusCode(5, 1, 1), text: "")
    static let later = DeliveryError(stage: .rcpt, code: 450, text: "")

    @Test(arguments: pauses)
    func `accepted: the relay works`(pause: RefusalKind?) {
        let verdict = Verdict.accepted(SMTPReply(code: 250)).inTrouble(pause, isFirst: true)
        #expect(verdict == .accepted(SMTPReply(code: 250)))
        #expect(verdict.evidenceInTrouble(pause) == .works)
    }

    @Test(arguments: pauses)
    func `421 and who-are-you are the same trouble`(pause: RefusalKind?) {
        let outage = RelayTrouble(kind: .outage, error: Self.busy)
        let credentials = RelayTrouble(kind: .credentials, error: Self.login)
        let turnedAway = Verdict.turnedAway(Self.busy)
        #expect(turnedAway.inTrouble(pause, isFirst: true) == .relayTrouble(outage))
        #expect(turnedAway.inTrouble(pause, isFirst: false) == turnedAway)
        let verdict = Verdict.unauthorized(Self.login).inTrouble(pause, isFirst: true)
        #expect(verdict == .relayTrouble(credentials))
        #expect(verdict.evidenceInTrouble(pause) == .trouble(credentials))
    }

    @Test(arguments: pauses)
    func `what refused the others is the same trouble`(pause: RefusalKind?) {
        let rejected = Verdict.rejected(Self.refused).inTrouble(pause, isFirst: true)
        let credentials = RelayTrouble(kind: .credentials, error: Self.refused)
        #expect(
            rejected == (pause == .permanent ? .relayTrouble(credentials) : .rejected(Self.refused))
        )
        let deferred = Verdict.deferred(Self.full).inTrouble(pause, isFirst: true)
        let outage = RelayTrouble(kind: .outage, error: Self.full)
        #expect(
            deferred == (pause == .system ? .relayTrouble(outage) : .deferred(Self.full)))
    }

    @Test(arguments: pauses)
    func `anything else says nothing of refusals, and ends an outage`(pause: RefusalKind?) {
        for verdict in [Verdict.rejected(Self.unknown), .deferred(Self.later)] {
            #expect(verdict.inTrouble(pause, isFirst: true) == verdict)
            #expect(verdict.evidenceInTrouble(pause) == (pause == nil ? .works : .nothing))
        }
    }
}
