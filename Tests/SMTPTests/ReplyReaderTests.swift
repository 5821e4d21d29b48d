import Delivery
import SMTP
import Testing

@Suite struct ReplyReaderTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var bytes: String
        var events: [ReplyReader.Event]
        var testDescription: String { String(bytes.debugDescription.prefix(60)) }
        init(_ bytes: String, _ events: ReplyReader.Event...) {
            self.bytes = bytes
            self.events = events
        }
    }

    static func reply(
        _ code: Int, _ text: String = "", _ enhanced: EnhancedStatusCode? = nil
    ) -> ReplyReader.Event {
        .reply(SMTPReply(code: code, enhanced: enhanced, text: text))
    }

    static let cases: [Case] = [
        Case("250 ok\r\n", reply(250, "ok")),
        Case("250\r\n", reply(250)),
        Case("250 \r\n", reply(250)),
        Case("250-\r\n250\r\n", reply(250)),
        Case("250 ok\n", reply(250, "ok")),
        Case("250 o"),
        Case("250-one\r\n250-two\n250 three\r\n", reply(250, "one two three")),
        Case("250 a\r\n354 b\r\n", reply(250, "a"), reply(354, "b")),
        Case("200 x\r\n", reply(200, "x")),
        Case("599 x\r\n", reply(599, "x")),
        Case("199 x\r\n", .garbled("199 x")),
        Case("600 x\r\n", .garbled("600 x")),
        Case("250-a\r\n251 b\r\n", .garbled("251 b")),
        Case("250-a\r\n\r\n", .garbled("")),
        Case("25 ok\r\n", .garbled("25 ok")),
        Case("2500 ok\r\n", .garbled("2500 ok")),
        Case("250\tok\r\n", .garbled("250 ok")),
        Case("HTTP/1.1 400 Bad Request\r\n", .garbled("HTTP/1.1 400 Bad Request")),
        Case("250 a\r\nx\r\n250 b\r\n", reply(250, "a"), .garbled("x")),
        Case("550 5.1.1 no such user\r\n", reply(550, "5.1.1 no such user", .init(5, 1, 1))),
        Case("550 5.1.1\r\n", reply(550, "5.1.1", .init(5, 1, 1))),
        Case(
            "550-5.1.1 no\r\n550 5.1.1 such\r\n", reply(550, "5.1.1 no such", .init(5, 1, 1))),
        Case(
            "550-5.1.1 no\r\n550 5.7.1 such\r\n", reply(550, "5.1.1 no 5.7.1 such", .init(5, 1, 1))),
        Case("550 4.1.1 other class\r\n", reply(550, "4.1.1 other class")),
        Case("550 5.1.1234 long\r\n", reply(550, "5.1.1234 long")),
        Case("550 5.1 short\r\n", reply(550, "5.1 short")),
        Case("354 3.0.0 go on\r\n", reply(354, "3.0.0 go on")),
        Case("250 a\u{1B}[2Jb\u{07}\tc\rd\r\n", reply(250, "a\u{FFFD}[2Jb\u{FFFD} c\u{FFFD}d")),
        Case(
            "250 \u{85}\u{9B}\u{2028}\u{202E}ü\r\n", reply(250, "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}ü")
        ),
    ]

    static func read(_ bytes: [UInt8], pieces: Int = .max) -> [ReplyReader.Event] {
        var reader = ReplyReader()
        var events: [ReplyReader.Event] = []
        var rest = bytes[...]
        repeat {
            reader.feed(rest.prefix(pieces))
            rest = rest.dropFirst(pieces)
            while let event = reader.next() {
                events.append(event)
                if case .garbled = event { return events }
            }
        } while !rest.isEmpty
        return events
    }

    @Test(arguments: cases)
    func readsReplies(_ example: Case) {
        let bytes = Array(example.bytes.utf8)
        for pieces in [Int.max, 1, 2, 3, 7] {
            #expect(Self.read(bytes, pieces: pieces) == example.events)
        }
    }

    @Test func replacesInvalidUTF8() {
        let events = Self.read(Array("250 a".utf8) + [0xFF, 0xC3] + Array("b\r\n".utf8))
        #expect(events == [Self.reply(250, "a\u{FFFD}\u{FFFD}b")])
    }

    @Test func cutsTextAtAThousandCharacters() {
        let lines = (0..<10).map { "250\($0 < 9 ? "-" : " ")" + String(repeating: "ü", count: 400) }
        let events = Self.read(Array((lines.joined(separator: "\r\n") + "\r\n").utf8))
        guard case .reply(let reply) = events.first else {
            Issue.record("\(events)")
            return
        }
        #expect(reply.text.count == 1_000)
    }

    @Test(arguments: [1, 100, 5_000])
    func boundsALine(pieces: Int) {
        let longest = "250 " + String(repeating: "x", count: ReplyReader.lineLimit - 4)
        #expect(Self.read(Array((longest + "\r\n").utf8), pieces: pieces).count == 1)
        guard case .reply = Self.read(Array((longest + "\r\n").utf8), pieces: pieces).first else {
            Issue.record("the longest line is a reply")
            return
        }
        let garbled = ReplyReader.Event.garbled("a line of more than 2048 octets")
        #expect(Self.read(Array((longest + "x\r\n").utf8), pieces: pieces) == [garbled])
        // Without a line end, too.
        #expect(Self.read(Array((longest + "xx").utf8), pieces: pieces) == [garbled])
    }

    @Test func boundsTheLinesOfAReply() {
        let lines = { (count: Int) in String(repeating: "250-x\r\n", count: count) + "250 x\r\n" }
        #expect(Self.read(Array(lines(99).utf8)).count == 1)
        guard case .reply = Self.read(Array(lines(99).utf8)).first,
            case .garbled = Self.read(Array(lines(100).utf8)).first
        else {
            Issue.record("100 lines are a reply, 101 are not")
            return
        }
    }

    @Test func boundsAReply() {
        let line = "250-" + String(repeating: "x", count: 1_500) + "\r\n"
        let events = Self.read(Array(String(repeating: line, count: 60).utf8), pieces: 9_000)
        #expect(events == [.garbled("a reply of more than 100 lines or 65536 octets")])
    }

    @Test func boundsWhatNobodyReads() {
        var reader = ReplyReader()
        let bytes = Array(repeating: UInt8(ascii: "\n"), count: 60_000)
        for _ in 0..<10 { reader.feed(bytes[...]) }
        #expect(reader.next() == .garbled("more than 131072 octets unread"))
        #expect(!reader.isEmpty)
    }

    @Test func knowsWhetherBytesWait() {
        var reader = ReplyReader()
        #expect(reader.isEmpty)
        reader.feed(Array("250 a\r\n2".utf8)[...])
        #expect(reader.next() != nil)
        #expect(!reader.isEmpty)
        reader.feed(Array("50 b\r\n".utf8)[...])
        #expect(reader.next() == Self.reply(250, "b"))
        #expect(reader.isEmpty)
    }

    /// Bytes that are nearly replies, in random pieces: it never crashes, what it says is clean and
    /// bounded, and the pieces make no difference.
    @Test(arguments: 0..<400)
    func survivesAnything(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let alphabet: [[UInt8]] = [
            Array("250".utf8), Array("-".utf8), Array(" ".utf8), Array("\r\n".utf8),
            Array("\n".utf8), Array("\r".utf8), Array("5.1.1".utf8), Array("ok".utf8), [0], [0xC3],
            [0x9B], [0xE2, 0x80, 0xA8], Array("550".utf8), Array("250-x\r\n".utf8),
            Array(repeating: 0x78, count: 700),
        ]
        let bytes = (0..<Int.random(in: 1...200, using: &random)).flatMap { _ in
            alphabet.randomElement(using: &random) ?? []
        }
        let whole = Self.read(bytes)
        #expect(whole == Self.read(bytes, pieces: Int.random(in: 1...9, using: &random)))
        for event in whole {
            switch event {
            case .reply(let reply):
                #expect((200...599).contains(reply.code))
                #expect(isClean(reply.text))
            case .garbled(let text): #expect(isClean(text))
            }
        }
    }

    private func isClean(_ text: String) -> Bool {
        text.count <= 1_000
            && text.unicodeScalars.allSatisfy { scalar in
                scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value)
                    && scalar.value != 0x2028 && scalar.value != 0x2029
            }
    }
}

/// SplitMix64: the same seed, the same test.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
