import Delivery
import SMTP
import Testing

/// From 354 to the reply to the final dot.
@Suite struct DialogueContentTests {
    static let large = String(repeating: "0123456789\r\n", count: 20_000)

    @Test(arguments: [Int.max, 1_000, 16_384, 16_385])
    func announcesTheDotBeforeItsPiece(pieces: Int) {
        var dialogue = Dialogue.make(message: Self.large)
        var relay = Relay(["250", "250", "354", "250"].map { .say($0 + "\r\n") }, pieces: pieces)
        #expect(relay.play(&dialogue).stage == .final)
        let before = relay.heardBeforeDot ?? ""
        #expect(before.utf8.count > 220_000, "all but the last piece goes out first")
        #expect(!before.hasSuffix(".\r\n"))
        #expect(relay.heard.utf8.count - before.utf8.count <= Dialogue.blockSize)
        #expect(relay.heard.hasSuffix("DATA\r\n" + Self.large + ".\r\n"))
        #expect(relay.writes.allSatisfy { $0.utf8.count <= Dialogue.blockSize })
    }

    @Test(arguments: ["Subject: x\r\n\r\nhello\r\n", large])
    func aRefusedDotIsNotSent(message: String) {
        var dialogue = Dialogue.make(message: message)
        var relay = Relay(
            ["250", "250", "354", "250"].map { .say($0 + "\r\n") }, allowsDot: false)
        let end = relay.play(&dialogue)
        guard case .abandoned = end.cause else {
            Issue.record("\(end)")
            return
        }
        #expect(end.stage == .body && !end.dotAnnounced && !dialogue.connectionUsable)
        #expect(relay.heard == relay.heardBeforeDot && !relay.heard.hasSuffix(".\r\n"))
    }

    /// A dialogue that has sent a first block of a large message.
    private func amidBody() -> Dialogue {
        var dialogue = Dialogue.make(message: Self.large)
        step(&dialogue, "250\r\n250\r\n354\r\n")
        guard case .write(let block, let timeout) = dialogue.next() else { return dialogue }
        #expect(timeout == .seconds(180))
        dialogue.wrote(block.count)
        return dialogue
    }

    /// What is out is never sent again, and the reply means what it meant.
    @Test(arguments: [("250 ok\r\n", true), ("554 5.7.1 no\r\n", true), ("421 no\r\n", false)])
    func contentThatIsOutNeedNotBeKept(reply: String, isUsable: Bool) {
        var dialogue = amidBody()
        #expect(!dialogue.isContentOut)
        dialogue.releaseContent()
        var rest = 0
        while !dialogue.isContentOut {
            switch dialogue.next() {
            case .write(let bytes, _):
                rest += bytes.count
                dialogue.wrote(bytes.count)
            case .announceDot: dialogue.announced(true)
            case .read, .end:
                Issue.record("the content is not out")
                return
            }
        }
        #expect(rest == Self.large.utf8.count + 3 - Dialogue.blockSize)
        dialogue.releaseContent()
        guard case .read = dialogue.next() else {
            Issue.record("\(dialogue.next())")
            return
        }
        #expect(dialogue.isContentOut && dialogue.dotAnnounced)
        dialogue.received(Array(reply.utf8)[...])
        guard case .end(let end) = dialogue.next(), case .reply(let heard) = end.cause else {
            Issue.record("\(dialogue.next())")
            return
        }
        #expect(end.stage == .final && end.dotAnnounced && reply.hasPrefix("\(heard.code)"))
        #expect(dialogue.connectionUsable == isUsable)
    }

    private func step(_ dialogue: inout Dialogue, _ reply: String) {
        if case .write(let bytes, _) = dialogue.next() { dialogue.wrote(bytes.count) }
        dialogue.received(Array(reply.utf8)[...])
    }

    /// The driver has its last look there; a mail that is abandoned then was never sent.
    @Test(arguments: ["Subject: x\r\n\r\nhello\r\n", large])
    func itSaysWhenTheContentIsNext(message: String) {
        var dialogue = Dialogue.make(message: message)
        #expect(!dialogue.isBeforeContent)
        step(&dialogue, "250\r\n250\r\n")
        #expect(!dialogue.isBeforeContent)
        step(&dialogue, "354\r\n")
        #expect(dialogue.isBeforeContent)
        var abandoned = dialogue
        abandoned.abandon("paused")
        #expect(!abandoned.connectionUsable && !abandoned.dotAnnounced)
        if case .write(let block, _) = dialogue.next() {
            dialogue.wrote(0)
            #expect(dialogue.isBeforeContent)
            dialogue.wrote(block.count)
        } else {
            dialogue.announced(true)
        }
        #expect(!dialogue.isBeforeContent)
    }

    @Test(arguments: [
        ("552 5.3.4 too big\r\n", true), ("421 bye\r\n", true), ("250 done\r\n", false),
        ("what\r\n", false),
    ])
    func aReplyAmidTheBodyEndsIt(words: String, decides: Bool) {
        var dialogue = amidBody()
        dialogue.received(Array(words.utf8)[...])
        guard case .end(let end) = dialogue.next() else {
            Issue.record("goes on")
            return
        }
        #expect(end.stage == .body && !end.dotAnnounced && !dialogue.connectionUsable)
        if case .reply = end.cause { #expect(decides) } else { #expect(!decides) }
    }

    @Test func halfAReplyAmidTheBodyHoldsTheDotBack() {
        var dialogue = amidBody()
        dialogue.received(Array("55".utf8)[...])
        while case .write(let block, _) = dialogue.next() { dialogue.wrote(block.count) }
        guard case .read(.seconds(180)) = dialogue.next() else {
            Issue.record("\(dialogue.next())")
            return
        }
        dialogue.received(Array("2 too big\r\n".utf8)[...])
        guard case .end(let end) = dialogue.next() else {
            Issue.record("goes on")
            return
        }
        #expect(
            end == DialogueEnd(stage: .body, cause: .reply(SMTPReply(code: 552, text: "too big"))))
    }

    @Test func closedAndSilentAmidTheBody() {
        var closed = amidBody()
        closed.closed("reset")
        var silent = amidBody()
        silent.timedOut()
        for (dialogue, cause) in [
            (closed, DialogueEnd.Cause.closed("reset")), (silent, .timedOut(after: .seconds(180))),
        ] {
            guard case .end(let end) = dialogue.next() else {
                Issue.record("goes on")
                return
            }
            #expect(end == DialogueEnd(stage: .body, cause: cause))
            #expect(!dialogue.connectionUsable)
        }
    }

    /// The last piece is announced and only part of it went out.
    @Test(arguments: [
        ("451 4.3.0 no\r\n", true), ("250 done\r\n", false), ("354 go\r\n", false),
        ("x\r\n", false),
    ])
    func aReplyBeforeTheDotIsOut(words: String, decides: Bool) {
        var dialogue = Dialogue.make()
        step(&dialogue, "250\r\n250\r\n354\r\n")
        dialogue.announced(true)
        dialogue.wrote(3)
        dialogue.received(Array(words.utf8)[...])
        guard case .end(let end) = dialogue.next() else {
            Issue.record("goes on")
            return
        }
        #expect(end.stage == .final && end.dotAnnounced && !dialogue.connectionUsable)
        if case .reply(let reply) = end.cause {
            #expect(decides && reply.code == 451)
        } else {
            #expect(!decides)
        }
    }

    @Test func wordsAfterTheEndCostTheConnection() {
        for words in [["250 queued\r\n250 twice\r\n"], ["250 queued\r\n", "2"]] {
            var dialogue = Dialogue.make()
            step(&dialogue, "250\r\n250\r\n354\r\n")
            dialogue.announced(true)
            for part in words { step(&dialogue, part) }
            guard case .end(let end) = dialogue.next() else {
                Issue.record("goes on")
                return
            }
            #expect(end.cause == .reply(SMTPReply(code: 250, text: "queued")))
            #expect(!dialogue.connectionUsable)
        }
    }

    @Test func abandonsAtAnyPoint() {
        var fresh = Dialogue.make(reset: true)
        fresh.abandon("stopping")
        #expect(fresh.connectionUsable && fresh.needsReset)

        var asked = Dialogue.make()
        step(&asked, "250\r\n")
        asked.abandon("stopping")
        #expect(!asked.connectionUsable && !asked.dotAnnounced)

        var dotted = Dialogue.make()
        step(&dotted, "250\r\n250\r\n354\r\n")
        dotted.announced(true)
        dotted.abandon("stopping")
        guard case .end(let end) = dotted.next() else {
            Issue.record("goes on")
            return
        }
        #expect(end.dotAnnounced && end.cause == .abandoned("stopping") && !dotted.connectionUsable)
    }

    @Test func asksForTheRFCsTimeouts() {
        let short = DialogueTimeouts(command: .seconds(7), final: .seconds(9))
        for (timeouts, expected) in [
            (DialogueTimeouts.usual, [300, 300, 120, 600]), (short, [7, 7, 7, 9]),
        ] {
            var dialogue = Dialogue.make(timeouts: timeouts)
            var relay = Relay("250", "250", "354", "250")
            _ = relay.play(&dialogue)
            #expect(relay.readTimeouts == expected.map { .seconds($0) })
        }
        #expect(short.bodyBlock == .seconds(7))
    }

    /// The deadline moves with each reply and each write, not with drips.
    @Test func progressIsWhatMovesTheDeadline() {
        var dialogue = Dialogue.make()
        var seen = dialogue.progress
        func moved(_ dialogue: Dialogue) -> Bool {
            defer { seen = dialogue.progress }
            return dialogue.progress != seen
        }
        dialogue.wrote(0)
        #expect(!moved(dialogue))
        dialogue.wrote(5)
        #expect(moved(dialogue))
        dialogue.wrote(.max)
        #expect(moved(dialogue))
        for drip in ["2", "50-a\r\n", "250"] {
            dialogue.received(Array(drip.utf8)[...])
            #expect(!moved(dialogue))
        }
        dialogue.received(Array("\r\n".utf8)[...])
        #expect(moved(dialogue))
        _ = dialogue.next()
        #expect(!moved(dialogue))
    }
}
