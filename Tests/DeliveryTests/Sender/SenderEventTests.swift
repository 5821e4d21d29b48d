import Delivery
import Testing

@Suite struct SenderEventTests {
    static func error(
        _ stage: Stage, _ code: Int?, _ enhanced: EnhancedStatusCode? = nil
    ) -> DeliveryError {
        DeliveryError(stage: stage, code: code, enhanced: enhanced, text: "")
    }

    @Test(arguments: [
        (Verdict.accepted(SMTPReply(code: 250)), SenderEvent.accepted(mail: 3)),
        (.rejected(error(.mail, 550)), .refused(mail: 3, .permanent)),
        (.rejected(error(.rcpt, 550, EnhancedStatusCode(5, 1, 1))), .unknownMailbox(mail: 3)),
        (.unauthorized(error(.mail, 530)), .refused(mail: 3, .identity)),
        (.deferred(error(.rcpt, 452, EnhancedStatusCode(4, 3, 1))), .refused(mail: 3, .system)),
        (.deferred(error(.rcpt, 454)), .refused(mail: 3, .system)),
        (.deferred(error(.mail, 450)), .deferred(mail: 3)),
        (.deferred(error(.mail, nil)), .deferred(mail: 3)),
        (.uncertain(error(.final, nil)), .deferred(mail: 3)),
        (.unsupported(error(.mail, nil)), .released(mail: 3)),
        (.released(error(.mail, nil)), .released(mail: 3)),
        (.turnedAway(error(.mail, 421)), .released(mail: 3)),
        (.relayTrouble(.outage), .released(mail: 3)),
    ])
    func `an outcome is one event`(verdict: Verdict, event: SenderEvent) {
        #expect(SenderEvent(verdict, mail: 3) == event)
    }
}
