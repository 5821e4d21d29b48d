import Delivery
import Testing

@testable import Mail

struct NoncharacterTests {
    private static let all: [UInt32] =
        Array(0xFDD0...0xFDEF) + (0...16).flatMap { [$0 << 16 | 0xFFFE, $0 << 16 | 0xFFFF] }

    /// U+FDEF, which no literal may have.
    private static let fdef = String(decoding: [0xEF, 0xB7, 0xAF] as [UInt8], as: UTF8.self)

    @Test func `each is known, and no other`() {
        let known = (0x80...0x10FFFF).filter { value in
            guard let scalar = Unicode.Scalar(UInt32(value)) else { return false }
            let bytes = Array(String(scalar).utf8)
            let stands = Noncharacter.stand(in: bytes)
            #expect(stands == Noncharacter.isOne(scalar))
            return stands
        }
        #expect(known.map(UInt32.init) == Self.all)
    }

    @Test func `HTML holds none, and a text stays as it was written`() throws {
        let text = String(
            String.UnicodeScalarView("a".unicodeScalars + Self.all.compactMap(Unicode.Scalar.init)))
        var content = try sampleMail(replies: [
            Reply(
                authorName: "An\u{FFFE}na", createdAt: .init(milliseconds: 0),
                text: text + " b\u{10FFFF} https://x.test/\(Self.fdef)",
                attachments: AttachmentList([Attachment(name: "a\u{FFFF}.pdf", url: nil, size: 1)])
            )
        ])
        content.subject = "Sub\u{1FFFE}ject"
        content.brand = Brand(footer: "Acme\u{FFFE} Ltd")
        let html = String(decoding: MailComposer.html(content), as: UTF8.self)
        #expect(!html.unicodeScalars.contains(where: Noncharacter.isOne))
        #expect(
            html.contains(
                "a" + String(repeating: "\u{FFFD}", count: Self.all.count) + " b\u{FFFD} "))
        for part in [
            "<bdi>Anna</bdi>", "<bdi>a.pdf</bdi>", "<title>Re: Subject</title>", "Acme Ltd",
        ] {
            #expect(html.contains(part))
        }
        #expect(String(decoding: MailComposer.text(content), as: UTF8.self).hasPrefix(text))
    }

    @Test(arguments: ["a\u{FFFE}", "\u{1}a\u{FFFE}", "ü\r\n\u{1F600}\u{1FFFF}", "日本" + fdef])
    func `none is overlooked beside what else is cleaned`(_ text: String) {
        let html = String(decoding: PlainText(text, limit: 100).bytesForHTML, as: UTF8.self)
        #expect(html.unicodeScalars.last == "\u{FFFD}")
    }
}
