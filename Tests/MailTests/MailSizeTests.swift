import Delivery
import Foundation
import Testing

@testable import Mail

/// HTML makes up to six octets of one, a line break on the wire is two, and quoted-printable writes up to three.
struct MailSizeTests {
    private func mail(_ texts: [String]) throws -> ComposedMail {
        MailComposer.compose(
            try sampleMail(
                replies: texts.map {
                    Reply(authorName: "Anna", createdAt: WallTime(milliseconds: 0), text: $0)
                }))
    }

    @Test(arguments: [
        "    a\n\nb\n", "\"", "'", "<", "=", "\n", " \n", "\t\n", "x", "ü", "\u{1F600}", "漢字",
        "a ü= ", "https://a.test/ ", "- a\n", "a\n\n", "&\n",
    ])
    func `no mail is larger than 0.8 MB, however many rows are full of what grows`(_ text: String)
        throws
    {
        let long = String(repeating: text, count: 100_000 / text.utf8.count)
        for count in [1, 3, 4, 5, 100] {
            let texts = Array(repeating: "x" + long + "x", count: count)
            #expect(try mail(texts).bytes.count < 800_000, "\(count)")
        }
        let rows = Array(
            repeating: String(repeating: text, count: 4_900 / text.utf8.count), count: 100)
        #expect(try mail(rows).bytes.count < 800_000)
    }

    @Test(arguments: [
        [String(repeating: "    a\n\nb\n", count: 11_000)],
        Array(repeating: String(repeating: "\"", count: 4_900), count: 100),
    ])
    func `what was more than half a megabyte goes out smaller`(_ texts: [String]) throws {
        #expect(try mail(texts).bytes.count < 800_000)
    }

    @Test func `a mail too large for HTML is its text alone`() throws {
        let mail = try mail(Array(repeating: String(repeating: "\"", count: 4_900), count: 90))
        #expect(mail.values("Content-Type") == ["text/plain; charset=utf-8"])
        #expect(mail.values("Content-Transfer-Encoding") == ["quoted-printable"])
        #expect(mail.values("Subject") == ["Re: Export stops"])
        #expect(!mail.text.contains("<html"))
        #expect(mail.text.contains("\r\n\r\n\"\"\"") && mail.text.hasSuffix("/u/1\r\n"))
        // Nothing of it is cut for that.
        let body = mail.text.components(separatedBy: "\r\n\r\n").dropFirst().joined()
        #expect(body.utf8.count { $0 == 0x22 } == 90 * 4_900)
    }

    @Test func `what is usual has both parts`() throws {
        let mail = try mail(
            Array(repeating: String(repeating: "Hello Jane. ", count: 800), count: 35))
        #expect(mail.values("Content-Type")[0].hasPrefix("multipart/alternative;"))
        #expect(mail.bytes.count > 600_000)
    }

    @Test func `a long text takes the shorter encoding`() throws {
        let mail = try mail(Array(repeating: String(repeating: "=", count: 90_000), count: 5))
        #expect(mail.values("Content-Transfer-Encoding") == ["base64"])
        let body = try #require(mail.text.components(separatedBy: "\r\n\r\n").last)
        let decoded = try #require(
            Data(base64Encoded: body, options: .ignoreUnknownCharacters))
        #expect(String(decoding: decoded, as: UTF8.self).count { $0 == "=" } == 450_000)
        #expect(mail.bytes.allSatisfy { $0 < 0x80 } && mail.text.hasSuffix("\r\n"))
    }
}
