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

    /// Perl's Email::MIME dies of one, HTML calls it an error.
    @Test func `no part of a mail holds one`() throws {
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
        content.helpdeskName = "Ac\(Self.fdef)me"
        content.to = Mailbox(name: "Ja\u{FFFF}ne", address: content.to.address)
        content.brand = Brand(footer: "Acme\u{FFFE} Ltd")
        let words = "a" + String(repeating: "\u{FFFD}", count: Self.all.count) + " b\u{FFFD} "
        for part in [MailComposer.html(content), MailComposer.text(content)] {
            let shown = String(decoding: part, as: UTF8.self)
            #expect(!shown.unicodeScalars.contains(where: Noncharacter.isOne))
            for part in [
                words, "An\u{FFFD}na", "a\u{FFFD}.pdf", "Acme\u{FFFD} Ltd", "Ac\u{FFFD}me",
            ] {
                #expect(shown.contains(part), "\(part)")
            }
        }
        let mail = MailComposer.compose(content)
        #expect(mail.values("Subject") == ["Re: =?utf-8?q?Sub=EF=BF=BDject?="])
        // In base64: that is shorter where so much of it is not ASCII.
        #expect(mail.values("To").first?.hasPrefix("=?utf-8?b?SmHvv71uZQ==?= <") == true)
        #expect(
            mail.values("From").first?.hasPrefix("=?utf-8?b?QW7vv71uYSAoQWPvv71tZSk=?= <") == true)
    }

    @Test(arguments: ["a\u{FFFE}", "\u{1}a\u{FFFE}", "ü\r\n\u{1F600}\u{1FFFF}", "日本" + fdef])
    func `none is overlooked beside what else is cleaned`(_ text: String) {
        let clean = String(decoding: PlainText(text, limit: 100).bytes, as: UTF8.self)
        #expect(clean.unicodeScalars.last == "\u{FFFD}")
    }
}
