import Testing

@testable import SMTP

@Suite struct MessageContentTests {
    @Test(arguments: [
        ("", ".\r\n"),
        ("a\r\n", "a\r\n.\r\n"),
        ("a", "a\r\n.\r\n"),
        (".\r\n", "..\r\n.\r\n"),
        (".", "..\r\n.\r\n"),
        ("a\r\n.b\r\n..c\r\nd.\r\n", "a\r\n..b\r\n...c\r\nd.\r\n.\r\n"),
        ("\r\n.\r\n.\r\n", "\r\n..\r\n..\r\n.\r\n"),
        ("a\r\n.", "a\r\n..\r\n.\r\n"),
    ])
    func doublesDots(message: String, wire: String) throws {
        #expect(
            String(
                decoding: try MessageContent(SurveyedMessage(Array(message.utf8))).bytes,
                as: UTF8.self) == wire)
    }

    @Test(arguments: [
        "a\nb\r\n", "\n", "a\r\n\n.\r\n", "a\rb\r\n", "a\r", "\r\r\n", "a\r\n.\n", "a\r.\r\n",
        "\r\n.\r.\r\n", "\n\r\n", "\r",
    ])
    func refusesBareLineBreaks(message: String) {
        #expect(throws: MessageContent.Fault.bareLineBreak) {
            try MessageContent(SurveyedMessage(Array(message.utf8)))
        }
    }

    @Test func refusesNul() {
        #expect(throws: MessageContent.Fault.nul) {
            try MessageContent(SurveyedMessage(Array("a\0b\r\n".utf8)))
        }
    }

    /// Of a mail that was composed a moment ago; what follows the header can't hold any of it.
    @Test(arguments: [
        ("Subject: a\nb\r\n\r\ntext\r\n", MessageContent.Fault.bareLineBreak),
        ("Subject: a\n\nb\r\n\r\ntext\r\n", .bareLineBreak),
        ("Subject: a\rb\r\n\r\ntext\r\n", .bareLineBreak),
        ("Subject: a\r\r\n\r\ntext\r\n", .bareLineBreak),
        ("Subject: a\0b\r\n\r\ntext\r\n", .nul),
        ("Subject: a\nb\r\n", .bareLineBreak),
    ])
    func refusesWhatAHeaderMayNotHold(message: String, fault: MessageContent.Fault) {
        #expect(throws: fault) {
            try MessageContent(SurveyedMessage(composed: Array(message.utf8)))
        }
    }

    @Test func doublesDotsOfAHeader() throws {
        let message = "Subject: a\r\n .b\r\n.c: d\r\n\r\ntext\r\n"
        let content = try MessageContent(SurveyedMessage(composed: Array(message.utf8)))
        #expect(Self.unstuffed(content.bytes) == Array(message.utf8))
    }

    /// What a relay makes of the wire form is the message, and the wire form ends in one place.
    @Test(arguments: 0..<300)
    func comesBackAsItWas(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let lines = (0..<Int.random(in: 0...30, using: &random)).map { _ in
            (0..<Int.random(in: 0...5, using: &random)).map { _ in
                [".", "a", "..", " ", "ü", "\t"].randomElement(using: &random) ?? ""
            }.joined() + "\r\n"
        }
        let message = Array(lines.joined().utf8)
        let wire = try MessageContent(SurveyedMessage(message)).bytes
        #expect(Self.unstuffed(wire) == message)
    }

    /// RFC 5321, section 4.5.2, the receiver's side, octet by octet; nil if the end is elsewhere.
    static func unstuffed(_ wire: [UInt8]) -> [UInt8]? {
        var message: [UInt8] = []
        var index = 0
        while index < wire.count {
            var end = index
            while end + 1 < wire.count, !(wire[end] == 13 && wire[end + 1] == 10) { end += 1 }
            let line = wire[index..<min(end + 2, wire.count)]
            if line.elementsEqual([46, 13, 10]) {
                return line.endIndex == wire.count ? message : nil
            }
            message += line.first == 46 ? line.dropFirst() : line
            index = line.endIndex
        }
        return nil
    }
}
