import Delivery
import Testing

/// A verdict without its words.
enum Outcome: String, CaseIterable, Sendable {
    case accepted, deferred, rejected, unsupported, uncertain, outage, credentials, turnedAway
    case unauthorized, released

    init(_ verdict: Verdict) {
        self =
            switch verdict {
            case .accepted: .accepted
            case .deferred: .deferred
            case .rejected: .rejected
            case .unsupported: .unsupported
            case .uncertain: .uncertain
            case .relayTrouble(let trouble): trouble.kind == .outage ? .outage : .credentials
            case .turnedAway: .turnedAway
            case .unauthorized: .unauthorized
            case .released: .released
            }
    }
}

@Suite struct VerdictTests {
    static let breaks: [DialogueEnd.Cause] = [
        .closed("connection reset"), .timedOut(after: .seconds(300)), .garbled("220-\u{FFFD}"),
    ]
    static let fromMail = Stage.allCases.filter { !$0.isBeforeMail }

    func outcome(
        _ stage: Stage, _ cause: DialogueEnd.Cause, dot: Bool = false, stale: Bool = false
    ) -> Outcome {
        Outcome(
            Verdict(
                of: DialogueEnd(
                    stage: stage, cause: cause, dotAnnounced: dot, onStaleConnection: stale)))
    }

    func outcome(
        _ stage: Stage, _ code: Int, dot: Bool = false, stale: Bool = false
    ) -> Outcome {
        outcome(stage, .reply(SMTPReply(code: code)), dot: dot, stale: stale)
    }

    // "A temporary failure of this mail (4xx to MAIL, RCPT, DATA or the final dot, 552 to RCPT, …)"
    @Test(arguments: [
        (Stage.mail, 451), (.mail, 452), (.rcpt, 450), (.rcpt, 452), (.rcpt, 552), (.data, 451),
        (.body, 451), (.final, 451), (.final, 452),
    ])
    func `a temporary reply defers the mail`(stage: Stage, code: Int) {
        #expect(outcome(stage, code) == .deferred)
        #expect(outcome(stage, code, dot: true) == .deferred)
    }

    // "… a dialogue that breaks off or falls silent after MAIL) is retried"
    // "Elsewhere an unknown or garbled reply is temporary."
    @Test(arguments: fromMail, breaks)
    func `a dialogue that breaks off before the dot defers the mail`(
        stage: Stage, cause: DialogueEnd.Cause
    ) {
        #expect(outcome(stage, cause) == .deferred)
    }

    @Test(arguments: [
        (Stage.mail, 354), (.mail, 200), (.rcpt, 354), (.rcpt, 399), (.data, 250), (.data, 220),
        (.body, 250), (.body, 354), (.final, 354),
    ])
    func `a good reply that does not belong there defers the mail`(stage: Stage, code: Int) {
        #expect(outcome(stage, code) == .deferred)
    }

    // "A permanent reply (5xx) to this recipient or this message makes it `failed` at once,
    // reason `rejected`"
    @Test(arguments: [
        (Stage.mail, 550), (.mail, 552), (.mail, 503), (.rcpt, 550), (.rcpt, 551), (.rcpt, 553),
        (.rcpt, 599), (.data, 554), (.data, 530), (.body, 552), (.final, 554), (.final, 552),
        (.final, 530), (.final, 535),
    ])
    func `a permanent reply rejects the mail`(stage: Stage, code: Int) {
        #expect(outcome(stage, code) == .rejected)
        #expect(outcome(stage, code, dot: true) == .rejected)
    }

    // "*421* to any command concerns the connection"
    @Test(arguments: fromMail, [false, true])
    func `421 ends the connection, whatever it answers`(stage: Stage, flag: Bool) {
        #expect(outcome(stage, 421, dot: flag) == .turnedAway)
        #expect(outcome(stage, 421, stale: flag) == .turnedAway)
    }

    // "*530, 534, 535, 538* to MAIL or RCPT raise the suspicion against sender and relay"
    @Test(arguments: [Stage.mail, .rcpt], [530, 534, 535, 538])
    func `who we are is asked in reply to MAIL or RCPT`(stage: Stage, code: Int) {
        #expect(outcome(stage, code) == .unauthorized)
    }

    // "what the relay can't take at all (SIZE exceeded, SMTPUTF8 needed and not offered) is `failed`"
    @Test(arguments: [Stage.ehlo, .mail], [false, true])
    func `what the relay does not offer is unsupported`(stage: Stage, stale: Bool) {
        #expect(outcome(stage, .unsupported("SIZE 1000"), stale: stale) == .unsupported)
    }

    // "Any 2xx after the final dot is accepted"
    @Test(arguments: 200...299)
    func `any 2xx after the final dot is accepted`(code: Int) {
        let reply = SMTPReply(code: code, text: "queued as 4711")
        let end = DialogueEnd(stage: .final, cause: .reply(reply), dotAnnounced: true)
        #expect(Verdict(of: end) == .accepted(reply))
    }

    // "anything there that is no well-formed 2xx, 4xx or 5xx leaves the mail uncertain"
    @Test(arguments: breaks + [.abandoned("asked to stop"), .reply(SMTPReply(code: 354))])
    func `anything else after the dot leaves the mail uncertain`(cause: DialogueEnd.Cause) {
        for stage in [Stage.body, .final] {
            #expect(outcome(stage, cause, dot: true) == .uncertain)
            #expect(outcome(stage, cause, dot: true, stale: true) == .uncertain)
        }
    }

    @Test func `2xx before its time is uncertain once the dot is out`() {
        #expect(outcome(.body, 250, dot: true) == .uncertain)
    }

    // Issue: "a reused one that turns out dead costs nobody an attempt"
    @Test(arguments: fromMail)
    func `a stale connection costs nobody an attempt`(stage: Stage) {
        #expect(outcome(stage, .closed("reset"), stale: true) == .released)
    }

    @Test(arguments: [Stage.mail, .rcpt, .data])
    func `what a relay says that has lost count costs nobody an attempt`(stage: Stage) {
        #expect(outcome(stage, .garbled("?"), stale: true) == .released)
        #expect(outcome(stage, .garbled("?")) == .deferred)
    }

    @Test func `only a dead connection is stale: silence and other replies are not`() {
        #expect(outcome(.mail, .timedOut(after: .seconds(300)), stale: true) == .deferred)
        #expect(outcome(.mail, 451, stale: true) == .deferred)
        #expect(outcome(.mail, 550, stale: true) == .rejected)
        #expect(outcome(.mail, 530, stale: true) == .unauthorized)
    }

    @Test(arguments: Stage.allCases)
    func `what we end before the dot goes back as it was`(stage: Stage) {
        #expect(outcome(stage, .abandoned("asked to stop")) == .released)
    }

    // "Whatever goes wrong before MAIL … no mail fails for these"
    @Test(arguments: Stage.allCases.filter(\.isBeforeMail))
    func `before MAIL it is the relay's outage`(stage: Stage) {
        for cause in Self.breaks
            + [220, 354, 421, 454, 530, 535, 554].map({
                .reply(SMTPReply(code: $0))
            })
        {
            #expect(outcome(stage, cause) == .outage)
            #expect(outcome(stage, cause, stale: true) == .outage)
        }
    }

    @Test func `a mail is uncertain only if the dot was announced, and settled only by a reply`() {
        let causes =
            Self.breaks + [.abandoned("stop"), .unsupported("SIZE")]
            + (200...599).map { .reply(SMTPReply(code: $0)) }
        for stage in Stage.allCases {
            for cause in causes {
                for stale in [false, true] {
                    let before = outcome(stage, cause, dot: false, stale: stale)
                    #expect(before != .uncertain, "\(stage) \(cause)")
                    let after = outcome(stage, cause, dot: true, stale: stale)
                    #expect(after != .released, "\(stage) \(cause)")
                    if case .reply = cause { continue }
                    #expect(!([.accepted, .rejected] as [Outcome]).contains(before))
                }
            }
        }
    }
}
