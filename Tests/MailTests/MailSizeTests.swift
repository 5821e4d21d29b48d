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

    @Test func `a mail in whose HTML not even the names have room is its text alone`() throws {
        let quotes = String(repeating: "\"", count: 100)
        var content = try sampleMail(
            replies: Array(
                repeating: Reply(
                    authorName: quotes, createdAt: WallTime(milliseconds: 0), text: "a=\n",
                    attachments: AttachmentList(json: "{")),
                count: 100))
        content.conversationLink =
            "https://acme.test/?" + String(repeating: "&", count: 1_980)
        content.unsubscribeURL = content.conversationLink
        content.helpdeskName = quotes
        content.brand = Brand(footer: quotes + "\n" + quotes)
        let mail = MailComposer.compose(content)
        #expect(mail.values("Content-Type") == ["text/plain; charset=utf-8"])
        #expect(mail.values("Content-Transfer-Encoding") == ["quoted-printable"])
        #expect(mail.values("Subject") == ["Re: Export stops"])
        #expect(!mail.text.contains("<html"))
        #expect(mail.text.components(separatedBy: "a=3D\r\n").count == 101)
        #expect(MailComposer.html(content).isEmpty)
    }

    private func html(_ texts: [String], _ change: (inout MailContent) -> Void = { _ in }) throws
        -> String
    {
        var content = try sampleMail(
            replies: texts.enumerated().map {
                Reply(
                    authorName: "Author \($0)", createdAt: WallTime(milliseconds: 0), text: $1)
            })
        change(&content)
        return String(decoding: MailComposer.html(content), as: UTF8.self)
    }

    /// Octets, with CRLF at line ends.
    private func onWire(_ html: String) -> Int {
        html.utf8.count + html.utf8.count { $0 == 0x0A }
    }

    private func expectEnd(_ html: String, of count: Int) {
        #expect(onWire(html) <= 96_000)
        for index in 0..<count { #expect(html.contains(">Author \(index)<")) }
        for words in [
            ">Open the conversation</a>", "You can reply directly", "You get this because",
            "href=\"https://acme.test/u/1\"", "</html>",
        ] {
            #expect(html.contains(words))
        }
    }

    /// Gmail hides what comes behind some 100 kB: the button, and the link to unsubscribe.
    @Test(arguments: [
        "    a\n\nb\n", "\"", "=", "ü", "漢字", "a b ", "https://a.test/ ", "https://ä.test/,",
        "- a\n",
        "a\n\n", "&\n", "a  b\n", "    c\n",
    ])
    func `no HTML part is longer than Gmail shows`(_ text: String) throws {
        for (count, length) in [(1, 100_000), (5, 40_000), (100, 3_000)] {
            let long = "x" + String(repeating: text, count: length / text.utf8.count) + "x"
            let html = try html(Array(repeating: long, count: count))
            expectEnd(html, of: count)
            // There is no room left.
            #expect(onWire(html) > 80_000, "\(count)")
            #expect(html.contains("[This message is too long to show in full"))
        }
    }

    @Test func `what fits is whole`() throws {
        let html = try html([String(repeating: "Look at https://a.test/b first.\n", count: 900)])
        #expect(html.utf8.count > 80_000)
        expectEnd(html, of: 1)
        #expect(!html.contains("[This message is too long"))
        #expect(html.split(separator: "<a href=\"https://a.test/b\"").count == 901)
    }

    @Test func `a long reply is cut between words, and no other for it`() throws {
        let words = (0..<20_000).map { "word\($0)" }
        let html = try html([
            "first", words.joined(separator: " "), "And https://a.test/b", "newest",
        ])
        expectEnd(html, of: 4)
        #expect(html.contains("<p>first</p>") && html.contains("<p>newest</p>"))
        #expect(html.contains(">https://a.test/b</a></p>"))
        let shown = try #require(html.firstMatch(of: /<p>(word0 .*?)<\/p>/)).1.split(separator: " ")
        #expect(shown.count > 8_000)
        #expect(shown.elementsEqual(words.prefix(shown.count).map { $0[...] }))
        #expect(html.split(separator: "[This message is too long").count == 2)
    }

    @Test func `a hundred long replies have a share each`() throws {
        let html = try html(
            (0..<100).map { "begin\($0) " + String(repeating: "lorem ipsum ", count: 250) })
        expectEnd(html, of: 100)
        for index in 0..<100 { #expect(html.contains("<p>begin\(index) lorem ipsum lorem ")) }
        #expect(html.utf8.count > 90_000)
        #expect(html.contains("full in this email. Open the conversation to"))
        let without = try self.html(
            Array(repeating: String(repeating: "a ", count: 3_000), count: 100)
        ) {
            $0.conversationLink = nil
        }
        #expect(without.contains("[This message is too long to show in full in this email.]"))
        #expect(!without.contains("conversation"))
    }

    @Test func `attachments stay`() throws {
        let html = try html([String(repeating: "lorem ipsum ", count: 8_000)]) {
            $0.replies[0].attachments = AttachmentList(
                (0..<50).map {
                    Attachment(name: "\($0).pdf", url: "https://f.test/\($0)", size: 1_000)
                })
        }
        expectEnd(html, of: 1)
        for index in 0..<50 { #expect(html.contains(">\(index).pdf<")) }
    }

    @Test func `the text part is whole where the HTML is cut`() throws {
        let mail = try mail(Array(repeating: String(repeating: "\"", count: 4_900), count: 90))
        #expect(mail.values("Content-Type")[0].hasPrefix("multipart/alternative;"))
        #expect(mail.text.utf8.count { $0 == 0x22 } >= 90 * 4_900)
        #expect(mail.bytes.count < 600_000)
    }

    @Test func `a long text takes the shorter encoding`() throws {
        let mail = try mail(Array(repeating: String(repeating: "=", count: 90_000), count: 5))
        let parts = mail.text.components(separatedBy: "\r\n\r\n")
        #expect(parts[1].hasSuffix("Content-Transfer-Encoding: base64"))
        let body = try #require(parts[2].components(separatedBy: "\r\n--=_").first)
        let decoded = try #require(
            Data(base64Encoded: body, options: .ignoreUnknownCharacters))
        #expect(String(decoding: decoded, as: UTF8.self).count { $0 == "=" } == 450_000)
        #expect(mail.bytes.allSatisfy { $0 < 0x80 })
    }
}
