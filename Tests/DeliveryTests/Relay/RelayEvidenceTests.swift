import Delivery
import Testing

@Suite struct RelayEvidenceTests {
    static let answered = DeliveryError(stage: .rcpt, code: 450, text: "later")
    static let silent = DeliveryError(stage: .rcpt, text: "no reply within 300 s")

    @Test(arguments: [
        (Verdict.accepted(SMTPReply(code: 250)), RelayEvidence.works),
        (.rejected(DeliveryError(stage: .rcpt, code: 550, text: "no")), .works),
        (.deferred(answered), .works), (.deferred(silent), .nothing),
        (.uncertain(DeliveryError(stage: .final, code: 354, text: "?")), .works),
        (.uncertain(silent), .nothing), (.unsupported(silent), .nothing),
        (.released(silent), .nothing), (.released(answered), .nothing),
        (.turnedAway(answered), .nothing), (.unauthorized(answered), .nothing),
        (.relayTrouble(.outage), .trouble(.outage)),
        (.relayTrouble(.badPassword), .trouble(.badPassword)),
    ])
    func `a reply about a mail shows that the relay works`(
        verdict: Verdict, evidence: RelayEvidence
    ) {
        #expect(verdict.relayEvidence == evidence)
    }
}
