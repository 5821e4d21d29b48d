import Delivery
import SMTP
import Testing

@Suite struct DialogueTests {
    @Test func pipelinesTheCommands() {
        var dialogue = Dialogue.make(reset: true)
        var relay = Relay("250 a\r\n250 b\r\n250 c\r\n354 d", "250 queued")
        let end = relay.play(&dialogue)
        #expect(end.stage == .final)
        #expect(
            relay.writes == [
                "RSET\r\nMAIL FROM:<support@example.org>\r\nRCPT TO:<anna@example.com>\r\nDATA\r\n",
                "Subject: x\r\n\r\nhello\r\n.\r\n",
            ])
        #expect(relay.heardBeforeDot?.hasSuffix("DATA\r\n") == true)
    }

    @Test func waitsWithoutPipelining() {
        var dialogue = Dialogue.make(offers: .plain, reset: true)
        var relay = Relay("250", "250", "250", "354", "250")
        #expect(relay.play(&dialogue).stage == .final)
        #expect(
            relay.writes == [
                "RSET\r\n", "MAIL FROM:<support@example.org>\r\n", "RCPT TO:<anna@example.com>\r\n",
                "DATA\r\n", "Subject: x\r\n\r\nhello\r\n.\r\n",
            ])
    }

    @Test(arguments: [
        (["SIZE 999"], false, "<a@b.c> SIZE=9"),
        (["SIZE", "SMTPUTF8", "8BITMIME"], false, "<a@b.c> SIZE=9"),
        (["SIZE 0", "SMTPUTF8", "8BITMIME"], true, "<a@b.c> SIZE=9 BODY=8BITMIME SMTPUTF8"),
        (["SMTPUTF8"], true, "<a@b.c> SMTPUTF8"),
        ([], false, "<a@b.c>"),
    ])
    func saysWhatTheRelayOffers(offers: [String], utf8: Bool, words: String) {
        var dialogue = Dialogue.make(
            from: "a@b.c", size: 9, utf8: utf8, offers: RelayExtensions(ehloLines: ["mx"] + offers))
        var relay = Relay("550 no")
        _ = relay.play(&dialogue)
        #expect(relay.heard == "MAIL FROM:\(words)\r\n")
    }

    @Test func theEmptySenderIsAllowed() {
        var dialogue = Dialogue.make(from: "")
        var relay = Relay("250", "250", "354", "250")
        #expect(relay.play(&dialogue).stage == .final)
        #expect(relay.heard.hasPrefix("MAIL FROM:<>\r\n"))
    }

    @Test(arguments: [
        "a@b.c>\r\nRCPT TO:<evil@example.org", "a@b.c\r\nDATA", "a@b.c\n", "a\rb@c", "a\0@b.c",
        "a@b.c> NOTIFY=NEVER", "<a@b.c>", "a b@c.d", "a@b.c ", "\"a b\"@c d", "\"a@b.c", "",
        "\"a\r\nDATA\r\n\"@b.c", "\"a\\\r\n\"@b.c", "a\u{7F}@b.c", "ä\u{85}@b.c", "ä\u{2028}@b.c",
        "a\\@b.c", String(repeating: "a", count: 400) + "@b.c",
    ])
    func refusesInjection(address: String) {
        let offers = RelayExtensions(ehloLines: ["mx", "PIPELINING", "SMTPUTF8"])
        var dialogues = [Dialogue.make(to: address, offers: offers)]
        if !address.isEmpty { dialogues.append(.make(from: address, offers: offers)) }
        for var dialogue in dialogues {
            var relay = Relay([])
            let end = relay.play(&dialogue)
            guard case .unsupported = end.cause else {
                Issue.record("\(end)")
                return
            }
            #expect(relay.heard.isEmpty && dialogue.connectionUsable && !end.dotAnnounced)
        }
    }

    @Test(arguments: [
        "a@b.c", "\"a b\"@c.d", "\"a>b\"@c.d", "\"a\\\"b\"@c.d", "o'x+y@c.d", "ü@bücher.example",
    ])
    func takesRealAddresses(address: String) {
        let offers = RelayExtensions(ehloLines: ["mx", "PIPELINING", "SMTPUTF8", "8BITMIME"])
        var dialogue = Dialogue.make(from: address, to: address, offers: offers)
        var relay = Relay("250", "250", "354", "250")
        #expect(relay.play(&dialogue).stage == .final)
        #expect(relay.heard.contains("RCPT TO:<\(address)>\r\n"))
        #expect(relay.heard.contains("SMTPUTF8") == address.utf8.contains { $0 >= 0x80 })
    }

    @Test(arguments: [
        Dialogue.make(size: 1_001, offers: RelayExtensions(ehloLines: ["mx", "SIZE 1000"])),
        Dialogue.make(utf8: true), Dialogue.make(to: "ü@b.c"), Dialogue.make(from: "ü@b.c"),
        Dialogue.make(message: "a\nb\r\n"), Dialogue.make(message: "a\rb\r\n"),
        Dialogue.make(message: "a\0b\r\n"),
    ])
    func whatTheRelayCantTakeIsNotOffered(_ dialogue: Dialogue) {
        var dialogue = dialogue
        var relay = Relay([])
        let end = relay.play(&dialogue)
        guard case .unsupported(let text) = end.cause, !text.isEmpty else {
            Issue.record("\(end)")
            return
        }
        #expect(end.stage == .mail && relay.heard.isEmpty && dialogue.connectionUsable)
    }

    @Test func theLimitItselfFits() {
        let offers = RelayExtensions(ehloLines: ["mx", "SIZE 1000"])
        guard case .write = Dialogue.make(size: 1_000, offers: offers).next() else {
            Issue.record("1000 octets fit")
            return
        }
    }

    @Test func anEndedDialogueKeepsThePendingReset() {
        let offers = RelayExtensions(ehloLines: ["mx", "SIZE 1000"])
        #expect(Dialogue.make(size: 2_000, offers: offers, reset: true).needsReset)
    }

    /// Replies that come before what they answer: whose they are nobody can say.
    @Test(arguments: [
        (["250 a\r\n250 b", "250 c", "354 d", "250 e"], Stage.mail, false),
        (["250 a\r\n2", "50 b", "354 d", "250 e"], .mail, false),
        (["250 a", "250 b", "354 c\r\n250 early"], .data, false),
        (["250 a", "250 b", "354 c\r\n2", "50 early"], .data, false),
        (["250 a", "250 b", "354 c\r\n250 early"], .data, true),
        (["250 a\r\n250 b\r\n354 c\r\n250 early"], .data, true),
        (["250 a\r\n250 b\r\n250 c\r\n354 d"], .data, true),
    ])
    func replyBeforeItsCommand(replies: [String], stage: Stage, pipelined: Bool) {
        var dialogue = Dialogue.make(offers: pipelined ? .pipelined : .plain)
        var relay = Relay(replies.map { .say($0 + ($0 == "250 a\r\n2" ? "" : "\r\n")) })
        let end = relay.play(&dialogue)
        guard case .garbled = end.cause else {
            Issue.record("\(end)")
            return
        }
        #expect(!end.dotAnnounced && !dialogue.connectionUsable && !relay.heard.contains("hello"))
        if stage == .data { #expect(end.stage == .data) }
    }

    @Test func wordsBeforeTheFirstCommand() {
        var dialogue = Dialogue.make()
        dialogue.received(Array("250 ok\r\n".utf8)[...])
        var relay = Relay("250", "250", "354", "250")
        #expect(relay.play(&dialogue).cause == .garbled("250 ok"))
        #expect(relay.heard.isEmpty)

        var idle = Dialogue.make(reused: true)
        idle.received(Array("421 idle for too long\r\n".utf8)[...])
        #expect(relay.play(&idle).onStaleConnection)
    }

    @Test func aRefusedResetIsNotTheMailsFault() {
        for offers in [RelayExtensions.pipelined, .plain] {
            var dialogue = Dialogue.make(offers: offers, reused: true, reset: true)
            var relay = Relay("500 what")
            let end = relay.play(&dialogue)
            #expect(end.onStaleConnection && !dialogue.connectionUsable)
            #expect(end.cause == .closed("the relay refused RSET: 500 what"))
        }
    }

    @Test func theReplyToResetIsNoWordAboutTheMail() {
        var dialogue = Dialogue.make(reused: true, reset: true)
        var relay = Relay([.say("250 reset\r\n"), .close])
        #expect(relay.play(&dialogue).onStaleConnection)
    }

    @Test func aHugeReplyIsGarbled() {
        var dialogue = Dialogue.make()
        var relay = Relay([.say("250 " + String(repeating: "x", count: 5_000) + "\r\n")])
        #expect(relay.play(&dialogue).cause == .garbled("a line of more than 2048 octets"))
    }
}
