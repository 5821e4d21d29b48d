import Delivery
import SMTP
import Testing

/// Each thing a relay can do at each point of a dialogue, pipelined and not, in one piece and octet
/// by octet.
@Suite struct DialogueTableTests {
    enum Event: String, CaseIterable, Sendable {
        case transient = "450 4.2.1 later"
        case permanent = "550 5.1.1 no"
        case closing = "421 4.3.2 bye"
        case odd = "333 what"
        case garbled = "hello?"
        case closed, silence

        var answer: Relay.Answer {
            switch self {
            case .closed: .close
            case .silence: .silence
            default: .say(rawValue + "\r\n")
            }
        }

        var reply: SMTPReply? {
            switch self {
            case .transient: SMTPReply(code: 450, enhanced: .init(4, 2, 1), text: "4.2.1 later")
            case .permanent: SMTPReply(code: 550, enhanced: .init(5, 1, 1), text: "5.1.1 no")
            case .closing: SMTPReply(code: 421, enhanced: .init(4, 3, 2), text: "4.3.2 bye")
            case .odd, .garbled, .closed, .silence: nil
            }
        }

        func cause(timeout: Duration) -> DialogueEnd.Cause {
            switch self {
            case .transient, .permanent, .closing: reply.map { .reply($0) } ?? .garbled("")
            case .odd, .garbled: .garbled(rawValue)
            case .closed: .closed("the relay closed the connection")
            case .silence: .timedOut(after: timeout)
            }
        }

        /// The relay refused, and is still there and in step.
        var isRefusal: Bool { self == .transient || self == .permanent }
    }

    static let stages: [Stage] = [.mail, .rcpt, .data, .final]
    static let timeouts: [Stage: Duration] = [
        .mail: .seconds(300), .rcpt: .seconds(300), .data: .seconds(120), .final: .seconds(600),
    ]

    /// Good replies up to the stage, then the event, then what a relay says to the rest of a group
    /// whose begin it refused.
    static func answers(_ stage: Stage, _ event: Event) -> [Relay.Answer] {
        let good: [Relay.Answer] = ["250 ok", "250 ok", "354 go", "250 queued"].map {
            .say($0 + "\r\n")
        }
        let before = stages.firstIndex(of: stage) ?? 0
        let rest = Array(repeating: Relay.Answer.say("503 no\r\n"), count: max(0, 2 - before))
        return good.prefix(before) + [event.answer] + (event.isRefusal ? rest : [])
    }

    @Test(arguments: stages, Event.allCases)
    func ends(at stage: Stage, by event: Event) {
        for offers in [RelayExtensions.pipelined, .plain] {
            for pieces in [Int.max, 1] {
                for reused in [false, true] {
                    check(stage, event, offers: offers, pieces: pieces, reused: reused)
                }
            }
        }
    }

    private func check(
        _ stage: Stage, _ event: Event, offers: RelayExtensions, pieces: Int, reused: Bool
    ) {
        var dialogue = Dialogue.make(offers: offers, reused: reused)
        var relay = Relay(Self.answers(stage, event), pieces: pieces)
        let end = relay.play(&dialogue)
        let isStale = reused && stage == .mail && (event == .closed || event == .closing)
        #expect(
            end
                == DialogueEnd(
                    stage: stage, cause: event.cause(timeout: Self.timeouts[stage] ?? .zero),
                    dotAnnounced: stage == .final, onStaleConnection: isStale),
            "pipelined \(offers.pipelining), pieces \(pieces), reused \(reused)")
        #expect(dialogue.connectionUsable == event.isRefusal)
        if event.isRefusal { #expect(dialogue.needsReset) }
        #expect(relay.heard.contains("\r\n.\r\n") == (stage == .final))
        #expect(dialogue.dotAnnounced == (stage == .final))
    }

    @Test(arguments: ["250 ok", "251 forwarded", "252 perhaps", "200", "299 x"])
    func any2xxIsAccepted(words: String) {
        for offers in [RelayExtensions.pipelined, .plain] {
            for pieces in [Int.max, 1, 3] {
                var dialogue = Dialogue.make(offers: offers, reset: true)
                var relay = Relay(["250", words, words, "354", words].map { .say($0 + "\r\n") })
                relay.pieces = pieces
                let end = relay.play(&dialogue)
                guard case .reply(let reply) = end.cause else {
                    Issue.record("\(end)")
                    return
                }
                #expect(end.stage == .final && reply.isPositive && end.dotAnnounced)
                #expect(dialogue.connectionUsable && !dialogue.needsReset)
            }
        }
    }

    /// The lines that a refused group can end in.
    ///
    /// A refusal that was read stands.
    @Test(arguments: [
        // MAIL, RCPT, DATA, the reply to the lone dot; the end's stage; usable
        (["550 no", "503 no", "503 no"], Stage.mail, true),
        (["550 no", "250 ok", "503 no"], .mail, true),
        (["550 no", "503 no", "354 go", "554 nobody"], .mail, true),
        (["550 no", "503 no", "354 go", "250 odd"], .mail, true),
        (["550 no", "250 ok", "354 go"], .mail, false),
        (["550 no", "503 no", "421 bye"], .mail, false),
        (["550 no", "503 no", "what"], .mail, false),
        (["550 no", "503 no"], .mail, false),
        (["250 ok", "550 no", "503 no"], .rcpt, true),
        (["250 ok", "450 no", "554 nobody"], .rcpt, true),
        (["250 ok", "550 no", "354 go", "554 nobody"], .rcpt, true),
        (["250 ok", "550 no", "354 go", "250 odd"], .rcpt, true),
        (["250 ok", "550 no", "354 go", "354 odd"], .rcpt, false),
        (["250 ok", "550 no", "354 go", "421 bye"], .rcpt, false),
        (["250 ok", "550 no", "354 go", "what"], .rcpt, false),
        (["250 ok", "550 no", "354 go"], .rcpt, false),
        (["250 ok", "550 no", "354 go\r\n554 early"], .rcpt, false),
        (["250 ok", "550 no", "250 odd"], .rcpt, false),
        (["250 ok", "550 no", "421 bye"], .rcpt, false),
        (["250 ok", "250 ok", "451 later"], .data, true),
    ])
    func aRefusalStands(replies: [String], stage: Stage, usable: Bool) {
        for joined in [false, true] {
            var dialogue = Dialogue.make()
            let answers: [Relay.Answer] =
                joined && !replies.contains { $0.hasPrefix("354") }
                ? [.say(replies.map { $0 + "\r\n" }.joined())]
                : replies.map { .say($0 + "\r\n") }
            var relay = Relay(answers)
            let end = relay.play(&dialogue)
            guard case .reply(let reply) = end.cause else {
                Issue.record("\(end)")
                return
            }
            let refusal = replies.first { $0.hasPrefix("4") || $0.hasPrefix("5") }
            #expect("\(reply.code) \(reply.text)" == refusal)
            #expect(end.stage == stage && !end.dotAnnounced && !end.onStaleConnection)
            #expect(dialogue.connectionUsable == usable)
            #expect(!relay.heard.contains("hello"), "no word of the message goes out")
            let sendsDot =
                replies.count > 2 && replies[2] == "354 go" && !replies[1].hasPrefix("250")
            #expect(relay.heard.hasSuffix("DATA\r\n.\r\n") == sendsDot)
        }
    }
}
