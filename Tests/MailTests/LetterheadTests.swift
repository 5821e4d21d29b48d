import Delivery
import TestSupport
import Testing

@testable import Mail

@Suite struct LetterheadTests {
    /// Each differs from the first in one thing that a letterhead is made of.
    private static func related() throws -> [MailContent] {
        var content = try sampleMail()
        content.from = Mailbox(name: "Acme Desk", address: content.from.address)
        content.allowedDomains = AllowedDomains(commaSeparated: "acme.test")
        content.brand = Brand(logoURL: "https://acme.test/l.png")
        let changes: [(inout MailContent) throws -> Void] = [
            { _ in },
            { $0.audience = .operator },
            { $0.locales = ["de"] },
            { $0.helpdeskID = "other" },
            { $0.helpdeskName = "Other" },
            { $0.helpdeskName = nil },
            {
                $0.from = Mailbox(
                    name: "Acme Desk", address: try EmailAddress("support@other.test"))
            },
            { $0.allowedDomains = .none },
            { $0.helpdeskName = "Caf\u{E9}" },
            // The same as a String, but other octets.
            { $0.helpdeskName = "Cafe\u{301}" },
            { $0.replies[0].authorName = "Ren\u{E9}" },
            { $0.replies[0].authorName = "Rene\u{301}" },
            { $0.replies[0].authorName = nil },
            { $0.date = $0.date + .seconds(1) },
            { $0.brand = Brand(color: "#ffd400", logoURL: "https://acme.test/l.png") },
            { $0.brand = Brand(logoURL: "https://acme.test/other.png") },
            { $0.brand = Brand(logoURL: "https://acme.test/l.png", footer: "Acme Ltd") },
            {
                $0.helpdeskName = nil
                $0.from = Mailbox(name: "Third", address: $0.from.address)
            },
        ]
        return try changes.map { change in
            var changed = content
            try change(&changed)
            return changed
        }
    }

    private static func compose(_ content: MailContent, _ book: LetterheadBook) -> ComposedMail {
        MailComposer.compose(
            content, on: book.letterhead(of: content), toASCII: { _ in nil })
    }

    @Test func `a mail is the same whatever was composed before it`() throws {
        let book = LetterheadBook(toASCII: { _ in nil })
        let contents = try Self.related()
        #expect(Set(contents.map { MailComposer.compose($0) }).count == contents.count)
        for content in contents {
            for one in [contents[0], content] {
                #expect(Self.compose(one, book) == MailComposer.compose(one))
            }
        }
    }

    @Test(arguments: 0..<10 as Range<UInt64>)
    func `random mails are the same on a letterhead of their own`(_ seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        let book = LetterheadBook(toASCII: { _ in nil })
        let contents = try (0..<10).map { _ in try generator.mail() }
        for content in contents + contents {
            #expect(Self.compose(content, book) == MailComposer.compose(content))
        }
    }

    @Test func `mails of the same helpdesk, audience and language share it`() throws {
        let book = LetterheadBook(toASCII: { _ in nil })
        var other = try sampleMail(to: "joe@customer.test")
        other.conversationID = "other"
        other.conversationLink = nil
        other.unsubscribeURL = nil
        #expect(book.letterhead(of: try sampleMail()) === book.letterhead(of: other))
    }

    @Test func `of more helpdesks than are remembered each mail has its own`() throws {
        let book = LetterheadBook(toASCII: { _ in nil })
        for number in (0..<1_200).map({ $0 % 700 }) {
            var content = try sampleMail()
            content.helpdeskID = "desk-\(number)"
            let mail = Self.compose(content, book)
            #expect(mail.values("List-Id") == ["<desk-\(number).replies.acme.test>"])
        }
    }

    /// However many helpdesks there are, some hundreds of letterheads are kept.
    @Test func `those of helpdesks long ago are let go`() throws {
        let book = LetterheadBook(toASCII: { _ in nil })
        var content = try sampleMail()
        weak let first = book.letterhead(of: content)
        #expect(first != nil)
        for number in 0..<500 {
            content.helpdeskID = "desk-\(number)"
            _ = book.letterhead(of: content)
        }
        #expect(first == nil)
    }

    /// What follows is encoded as if the line ended there.
    @Test(arguments: Phrases.tags) func `no footer ends with white space`(_ tag: String) throws {
        for audience in Audience.allCases {
            for name in ["Acme", nil] {
                var content = try sampleMail()
                content.locales = [tag]
                content.audience = audience
                content.helpdeskName = name
                if name == nil { content.from = Mailbox(address: content.from.address) }
                let footer = Letterhead(content, toASCII: { _ in nil }).html.footer
                #expect(footer.text.last.map { $0 > 0x20 } == true)
            }
        }
    }
}
