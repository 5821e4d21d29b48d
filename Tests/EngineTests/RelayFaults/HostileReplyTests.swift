import Delivery
import TestSupport
import Testing

@testable import Engine

/// What a relay may put into a reply.
struct HostileReplyTests {
    /// Octets instead of a reply, and whether they are one.
    struct Words: Sendable, CustomTestStringConvertible {
        var text: String
        var isReply: Bool
        let testDescription: String

        static let all = [
            Words(text: "250\r\n", isReply: true, testDescription: "a code alone"),
            Words(text: "250 2.0.0 Ok\n", isReply: true, testDescription: "a bare LF"),
            Words(text: "250 2.0.0 O\0k\r\n", isReply: true, testDescription: "a NUL in the words"),
            Words(
                text: "250 \u{1B}[2J\u{202E}Ok\r\n", isReply: true,
                testDescription: "an escape sequence and a turn of the writing direction"),
            Words(
                text: String(repeating: "250-Ok\r\n", count: 99) + "250 Ok\r\n", isReply: true,
                testDescription: "100 lines"),
            Words(
                text: String(repeating: "250-Ok\r\n", count: 9_999) + "250 Ok\r\n", isReply: false,
                testDescription: "10,000 lines"),
            Words(
                text: "250 " + String(repeating: "x", count: 65_536) + "\r\n", isReply: false,
                testDescription: "a line of 64 kB"),
            Words(
                text: "250-Ok\r\n550 No\r\n", isReply: false,
                testDescription: "a code that changes on the way"),
            Words(text: "2\05 Ok\r\n", isReply: false, testDescription: "a NUL in the code"),
            Words(text: "2500 Ok\r\n", isReply: false, testDescription: "four digits"),
            Words(text: "250Ok\r\n", isReply: false, testDescription: "no space"),
            Words(text: " 250 Ok\r\n", isReply: false, testDescription: "a space in front"),
            Words(
                text: "\r\n250 Ok\r\n", isReply: false, testDescription: "an empty line in front"),
            Words(text: "٢٥٠ Ok\r\n", isReply: false, testDescription: "digits that are no ASCII"),
            Words(text: "650 Ok\r\n", isReply: false, testDescription: "a code that there is not"),
        ]
    }

    @Test(arguments: Words.all)
    func `after the final dot only a reply accepts, and what is none leaves it uncertain`(
        _ words: Words
    ) throws {
        let rule = RelayRule.on(.dot, words.isReply ? .accept(then: said(words)) : said(words))
        let end = try end(of: rule)
        switch end {
        case .verdict(.accepted(let reply)):
            #expect(words.isReply && reply.code == 250)
            #expect(reply.text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x202E })
        case .verdict(.uncertain(let error)): #expect(!words.isReply && error.stage == .final)
        default: Issue.record("\(end.map { "\($0)" } ?? "no result")")
        }
    }

    @Test(arguments: Words.all.filter { !$0.isReply })
    func `what is no reply to MAIL puts the mail off`(_ words: Words) throws {
        let end = try end(of: .on(.mail, said(words)))
        guard case .verdict(.deferred(let error)) = end else {
            Issue.record("\(end.map { "\($0)" } ?? "no result")")
            return
        }
        #expect(error.stage == .mail && error.text.count < 1_100)
    }

    private func said(_ words: Words) -> RelayReaction { .raw(words.text) }

    private func end(of rule: RelayRule) throws -> SendResult.End? {
        let bed = try SendingBed(rules: [rule])
        defer { bed.end() }
        bed.send(1)
        return bed.results(1).first?.end
    }
}
