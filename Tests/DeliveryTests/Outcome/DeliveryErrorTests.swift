import Delivery
import Testing

@Suite struct DeliveryErrorTests {
    @Test(arguments: [
        (DialogueEnd.Cause.closed("connection reset"), "connection reset"),
        (.closed(""), "the relay closed the connection"),
        (.timedOut(after: .seconds(300)), "no reply within 300 s"),
        (.timedOut(after: .milliseconds(1_500)), "no reply within 1500 ms"),
        (.garbled("hello"), "unreadable reply: hello"), (.garbled(""), "unreadable reply"),
        (.unsupported("SIZE 1000 exceeded"), "SIZE 1000 exceeded"),
        (.unsupported(""), "the relay can't take this mail"),
        (.abandoned("the lease was lost"), "the lease was lost"),
        (.abandoned(""), "given up by outboxd"),
    ])
    func `without a reply the sentence is ours`(cause: DialogueEnd.Cause, text: String) {
        let error = DeliveryError(of: DialogueEnd(stage: .data, cause: cause))
        #expect(error == DeliveryError(stage: .data, text: text))
    }

    @Test func `a reply speaks for itself, unless it does not belong there`() {
        let full = SMTPReply(code: 452, enhanced: EnhancedStatusCode(4, 2, 2), text: "over quota")
        #expect(
            DeliveryError(of: DialogueEnd(stage: .rcpt, cause: .reply(full)))
                == DeliveryError(
                    stage: .rcpt, code: 452, enhanced: EnhancedStatusCode(4, 2, 2),
                    text: "over quota"))
        let odd = DialogueEnd(stage: .data, cause: .reply(SMTPReply(code: 250, text: "OK")))
        #expect(
            DeliveryError(of: odd)
                == DeliveryError(stage: .data, code: 250, text: "unexpected reply: OK"))
    }

    // "when the relay says that a mailbox does not exist (a permanent reply to RCPT with the enhanced
    // code 5.1.1, 5.1.6 or 5.1.10)"
    @Test(
        arguments: [
            (.rcpt, 550, EnhancedStatusCode(5, 1, 1), true),
            (.rcpt, 550, EnhancedStatusCode(5, 1, 6), true),
            (.rcpt, 556, EnhancedStatusCode(5, 1, 10), true),
            (.rcpt, 550, EnhancedStatusCode(5, 1, 2), false),
            (.rcpt, 550, EnhancedStatusCode(5, 7, 1), false),
            (.rcpt, 550, EnhancedStatusCode(4, 1, 1), false),
            (.rcpt, 550, nil, false),
            (.rcpt, 450, EnhancedStatusCode(5, 1, 1), false),
            (.rcpt, 552, EnhancedStatusCode(5, 1, 1), false),
            (.rcpt, 530, EnhancedStatusCode(5, 1, 1), false),
            (.mail, 550, EnhancedStatusCode(5, 1, 1), false),
            (.final, 550, EnhancedStatusCode(5, 1, 1), false),
            (.rcpt, nil, EnhancedStatusCode(5, 1, 1), false),
        ] as [(Stage, Int?, EnhancedStatusCode?, Bool)])
    func `a mailbox that does not exist`(
        stage: Stage, code: Int?, enhanced: EnhancedStatusCode?, expected: Bool
    ) {
        let error = DeliveryError(stage: stage, code: code, enhanced: enhanced, text: "no")
        #expect(error.mailboxDoesNotExist == expected)
    }

    // "What says that the mailbox is unknown (5.1.1, 5.1.2, 5.1.3, 5.1.6, 5.1.10) does not count; 5.1.7,
    // 5.1.8 and refusals of the sender at RCPT do."
    @Test(
        arguments: [
            (.rcpt, 550, EnhancedStatusCode(5, 1, 1), false),
            (.rcpt, 550, EnhancedStatusCode(5, 1, 2), false),
            (.rcpt, 553, EnhancedStatusCode(5, 1, 3), false),
            (.rcpt, 551, EnhancedStatusCode(5, 1, 6), false),
            (.rcpt, 556, EnhancedStatusCode(5, 1, 10), false),
            (.rcpt, 550, EnhancedStatusCode(5, 1, 0), true),
            (.rcpt, 553, EnhancedStatusCode(5, 1, 7), true),
            (.rcpt, 550, EnhancedStatusCode(5, 1, 8), true),
            (.rcpt, 550, EnhancedStatusCode(5, 7, 1), true),
            (.rcpt, 550, EnhancedStatusCode(4, 1, 1), true),
            (.rcpt, 550, nil, true),
            (.mail, 550, EnhancedStatusCode(5, 1, 8), true),
            (.data, 554, EnhancedStatusCode(5, 1, 1), false),
            (.final, 550, EnhancedStatusCode(5, 1, 1), false),
            (.final, 554, nil, true),
            (.final, 530, nil, true),
            (.rcpt, 552, nil, false),
            (.rcpt, 450, nil, false),
            (.mail, 421, nil, false),
            (.mail, 530, nil, false),
            (.auth, 535, nil, false),
            (.data, 250, nil, false),
            (.final, nil, nil, false),
        ] as [(Stage, Int?, EnhancedStatusCode?, Bool)])
    func `a reply that may be the sender's fault`(
        stage: Stage, code: Int?, enhanced: EnhancedStatusCode?, expected: Bool
    ) {
        let error = DeliveryError(stage: stage, code: code, enhanced: enhanced, text: "no")
        #expect(error.countsAgainstSender == expected)
    }

    // "*Ten temporary replies in a row* … that speak of the system (4.3.x, or code 454)"
    @Test(
        arguments: [
            (.rcpt, 452, EnhancedStatusCode(4, 3, 1), true),
            (.final, 451, EnhancedStatusCode(4, 3, 0), true),
            (.mail, 454, EnhancedStatusCode(4, 7, 1), true),
            (.rcpt, 454, nil, true),
            (.rcpt, 450, EnhancedStatusCode(4, 2, 1), false),
            (.rcpt, 450, nil, false),
            (.rcpt, 552, EnhancedStatusCode(4, 3, 1), true),
            (.rcpt, 552, EnhancedStatusCode(5, 3, 4), false),
            (.mail, 421, EnhancedStatusCode(4, 3, 2), false),
            (.mail, 550, EnhancedStatusCode(4, 3, 1), false),
            (.starttls, 454, nil, false),
            (.final, nil, EnhancedStatusCode(4, 3, 0), false),
        ] as [(Stage, Int?, EnhancedStatusCode?, Bool)])
    func `a reply that speaks of the relay's system`(
        stage: Stage, code: Int?, enhanced: EnhancedStatusCode?, expected: Bool
    ) {
        let error = DeliveryError(stage: stage, code: code, enhanced: enhanced, text: "no")
        #expect(error.speaksOfSystem == expected)
    }
}
