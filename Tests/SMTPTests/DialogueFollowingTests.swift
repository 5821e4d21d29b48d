import Delivery
import SMTP
import Testing

/// The commands of the next mail behind a final dot: each thing that a relay can do for either mail.
@Suite struct DialogueFollowingTests {
    typealias Event = DialogueTableTests.Event

    /// What became of two mails, the second behind the first one's dot.
    private struct Pair {
        var first: DialogueEnd
        /// nil: it was not begun.
        var second: DialogueEnd?
        var isUsable: Bool
        var relay: Relay
    }

    private static let secondCommands =
        "MAIL FROM:<support@example.org>\r\nRCPT TO:<bert@example.com>\r\nDATA\r\n"

    private func play(
        _ answers: [Relay.Answer], pieces: Int = .max,
        next: Dialogue = .make(to: "bert@example.com", reused: true)
    ) -> Pair {
        var (first, second) = (Dialogue.make(), next)
        var relay = Relay([.say("250 ok\r\n250 ok\r\n354 go\r\n")] + answers, pieces: pieces)
        relay.follower = second
        let end = relay.play(&first)
        #expect(relay.follower == nil, "the second was to follow")
        guard first.connectionUsable else {
            return Pair(first: end, isUsable: false, relay: relay)
        }
        second.takeOver(from: &first)
        let other = relay.play(&second)
        return Pair(
            first: end, second: other, isUsable: second.connectionUsable, relay: relay)
    }

    @Test(arguments: [false, true], [Int.max, 1, 7])
    func oneRoundTripForEach(isJoined: Bool, pieces: Int) {
        let replies = ["250 queued", "250 ok", "250 ok", "354 go"].map { $0 + "\r\n" }
        let answers: [Relay.Answer] =
            isJoined ? [.say(replies.joined())] : replies.map { .say($0) }
        let pair = play(answers + [.say("250 queued too\r\n")], pieces: pieces)
        #expect(pair.first.cause == .reply(SMTPReply(code: 250, text: "queued")))
        #expect(pair.second?.cause == .reply(SMTPReply(code: 250, text: "queued too")))
        #expect(pair.second?.stage == .final && pair.second?.dotAnnounced == true && pair.isUsable)
        if pieces == .max {
            #expect(pair.relay.writes.count == 3)
            #expect(pair.relay.writes[1].hasSuffix("hello\r\n.\r\n" + Self.secondCommands))
        }
        #expect(pair.relay.heard.ranges(of: "\r\n.\r\n").count == 2)
    }

    /// What the relay does for the dot of the first mail, in the end of which the second has no part.
    @Test(arguments: Event.allCases, [Int.max, 1])
    func theFirstEnds(by event: Event, pieces: Int) {
        let rest: [Relay.Answer] = ["250 ok", "250 ok", "354 go", "250 queued"].map {
            .say($0 + "\r\n")
        }
        let pair = play([event.answer] + rest, pieces: pieces)
        #expect(
            pair.first
                == DialogueEnd(
                    stage: .final, cause: event.cause(timeout: .seconds(600)), dotAnnounced: true))
        if event.isRefusal {
            #expect(pair.second?.stage == .final && pair.isUsable)
            #expect(pair.second?.cause == .reply(SMTPReply(code: 250, text: "queued")))
        } else {
            #expect(pair.second == nil)
        }
    }

    /// The second ends as it would on a connection of its own that was used before, but for what no relay in
    /// step says.
    @Test(arguments: DialogueTableTests.stages, Event.allCases)
    func theSecondEnds(at stage: Stage, by event: Event) {
        let answers = DialogueTableTests.answers(stage, event)
        for pieces in [Int.max, 1] {
            var alone = Dialogue.make(to: "bert@example.com", reused: true)
            var relay = Relay(answers, pieces: pieces)
            var expected = relay.play(&alone)
            // Whose answer was it? The mail goes on its own, and is judged there.
            if event == .odd || event == .garbled, stage != .final {
                expected.onStaleConnection = true
            }
            for isJoined in [false, true] {
                let pair = play(Self.after("250 queued\r\n", answers, isJoined), pieces: pieces)
                #expect(pair.first.cause == .reply(SMTPReply(code: 250, text: "queued")))
                #expect(pair.second == expected, "joined \(isJoined), pieces \(pieces)")
                #expect(pair.isUsable == alone.connectionUsable)
            }
        }
    }

    /// The first answers of the second mail in one piece with the first one's last.
    private static func after(
        _ reply: String, _ answers: [Relay.Answer], _ isJoined: Bool
    ) -> [Relay.Answer] {
        guard isJoined, case .say(let next) = answers.first else { return [.say(reply)] + answers }
        return [.say(reply + next)] + answers.dropFirst()
    }

    @Test func aRelayThatLosesCountBehindARefusalSaysNothingOfTheNext() {
        let refused: [Relay.Answer] = [.say("554 spam\r\n503 nested MAIL\r\n503 no\r\n503 no\r\n")]
        let pair = play(refused)
        #expect(pair.first.cause == .reply(SMTPReply(code: 554, text: "spam")))
        #expect(pair.second?.onStaleConnection == true && !pair.isUsable)
        guard case .closed = pair.second?.cause else {
            Issue.record("\(String(describing: pair.second))")
            return
        }
        // Behind an accepted mail it is a refusal like any other.
        let accepted = play([.say("250 ok\r\n503 no\r\n503 no\r\n503 no\r\n")])
        #expect(accepted.second?.cause == .reply(SMTPReply(code: 503, text: "no")))
    }

    /// Of one reply too many nobody can say whose it is; the mail behind has not begun.
    @Test func aReplyTooManyIsNotTheNextMailsFault() {
        let pair = play([.say("250 queued\r\n250 queued\r\n250 ok\r\n250 ok\r\n354 go\r\n")])
        #expect(pair.first.cause == .reply(SMTPReply(code: 250, text: "queued")))
        #expect(pair.second?.onStaleConnection == true && !pair.isUsable)
        #expect(!pair.relay.heard.hasSuffix("hello\r\n.\r\n"))
    }

    @Test func whatIsNotAnsweredBehindADotWasNotBegun() {
        var (first, second) = (Dialogue.make(), Dialogue.make(reused: true))
        var relay = Relay([.say("250 ok\r\n250 ok\r\n354 go\r\n"), .say("250 queued\r\n")])
        relay.follower = second
        _ = relay.play(&first)
        second.takeOver(from: &first)
        #expect(second.isUnansweredBehindDot)
        second.wasNotAnswered()
        guard case .end(let end) = second.next() else {
            Issue.record("\(second.next())")
            return
        }
        #expect(end.onStaleConnection && end.stage == .mail && !end.dotAnnounced)
        #expect(!second.connectionUsable && second.hasLostCount)
        // Once something was said it is a mail like any other.
        var other = Dialogue.make(reused: true)
        other.wasNotAnswered()
        guard case .write = other.next() else {
            Issue.record("\(other.next())")
            return
        }
    }

    /// The relay answers while the socket has not taken the last of the second mail's commands.
    @Test(arguments: 0...6)
    func anEarlyReply(missing: Int) {
        var (first, second) = (Dialogue.make(), Dialogue.make(to: "bert@example.com", reused: true))
        var relay = Relay("250 ok\r\n250 ok\r\n354 go")
        relay.follower = second
        relay.leavesUnsent = missing
        relay.answers.append(.say("250 queued\r\n"))
        let end = relay.play(&first)
        #expect(end.cause == .reply(SMTPReply(code: 250, text: "queued")))
        #expect(first.connectionUsable)
        second.takeOver(from: &first)
        relay.answers = ["250 ok", "250 ok", "354 go", "250 too"].map { .say($0 + "\r\n") }
        relay.leavesUnsent = 0
        #expect(relay.play(&second).cause == .reply(SMTPReply(code: 250, text: "too")))
        #expect(relay.heard.contains("\r\n.\r\n" + Self.secondCommands + "Subject: x"))
    }

    @Test(arguments: ["250 queued\r\n", "250 queued\r\n250 ok\r\n"])
    func aFollowerThatWasDroppedEndsTheConnection(reply: String) {
        var (first, second) = (Dialogue.make(), Dialogue.make(reused: true))
        var relay = Relay([.say("250 ok\r\n250 ok\r\n354 go\r\n")])
        relay.follower = second
        relay.stopsAtSilence = true
        _ = relay.play(&first)
        first.dropFollower()
        first.received(Array(reply.utf8)[...])
        guard case .end(let end) = first.next() else {
            Issue.record("\(first.next())")
            return
        }
        #expect(end.cause == .reply(SMTPReply(code: 250, text: "queued")))
        #expect(!first.connectionUsable)
        let before = second.progress
        second.takeOver(from: &first)
        #expect(second.progress == before, "there is nothing to take over")
    }

    @Test func onlyWhatFitsBehindTheDotFollows() {
        let dot = Dialogue.atItsDot
        #expect(dot().mayBeFollowed(by: .make()))
        #expect(!dot().mayBeFollowed(by: .make(reset: true)))
        #expect(!dot().mayBeFollowed(by: .make(to: "a\r\n@b.c")), "it can't go out at all")
        #expect(!Dialogue.atItsDot(offers: .plain).mayBeFollowed(by: .make()))
        #expect(!Dialogue.make().mayBeFollowed(by: .make()), "no dot is due")
        let commands = 67
        for (octets, fits) in [(0, true), (1, false)] {
            let length = Dialogue.blockSize - commands - 5 - 14 + octets
            let message = "Subject: x\r\n\r\n" + String(repeating: "y", count: length)
            let first = Dialogue.atItsDot(message: message)
            #expect(first.mayBeFollowed(by: .make()) == fits, "\(octets)")
        }
    }
}

extension Dialogue {
    /// 354 has come, and all of the content can go in one write.
    fileprivate static func atItsDot(
        message: String = "Subject: x\r\n\r\nhello\r\n", offers: RelayExtensions = .pipelined
    ) -> Dialogue {
        var dialogue = Dialogue.make(message: message, offers: offers)
        for reply in ["250 ok", "250 ok", "354 go"] {
            while case .write(let bytes, _) = dialogue.next() { dialogue.wrote(bytes.count) }
            dialogue.received(Array((reply + "\r\n").utf8)[...])
        }
        return dialogue
    }

    fileprivate static func atItsDot() -> Dialogue { atItsDot(offers: .pipelined) }
}
