import Delivery
import Testing

@testable import Mail

@Suite struct MailBodyTests {
    private let time = WallTime(milliseconds: 1_795_369_200_000)

    private func parts(_ content: MailContent) -> [String] {
        [MailComposer.text(content), MailComposer.html(content)].map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    @Test func `replies stand in their order, each with author and time`() throws {
        let content = try sampleMail(replies: [
            Reply(authorName: "Anna", createdAt: time, text: "first"),
            Reply(authorName: "Bob", createdAt: time + .seconds(120), text: "second"),
        ])
        for part in parts(content) {
            let places = try ["first", "Anna", "5:40 PM UTC", "second", "Bob", "5:42 PM UTC"].map {
                try #require(part.ranges(of: $0).first).lowerBound
            }
            #expect(places == places.sorted())
        }
    }

    @Test(arguments: zip(Audience.allCases, ["Acme Support", "Visitor"]))
    func `an author without a name has one`(_ audience: Audience, _ name: String) throws {
        var content = try sampleMail(replies: [Reply(authorName: " \n", createdAt: time, text: "x")]
        )
        content.audience = audience
        #expect(parts(content)[0].hasPrefix("x\n\n— \(name)\n"))
    }

    @Test func `a page is linked only where the helpdesk permits it`() throws {
        let page = "https://shop.customer.test/cart?a=1&b=2"
        var content = try sampleMail(replies: [Reply(createdAt: time, text: "x", pageURL: page)])
        content.audience = .operator
        for part in parts(content) { #expect(!part.contains("shop.customer.test")) }
        content.allowedDomains = AllowedDomains(commaSeparated: "other.test")
        for part in parts(content) { #expect(!part.contains("shop.customer.test")) }
        content.allowedDomains = AllowedDomains(commaSeparated: "customer.test")
        #expect(parts(content)[0].contains("Sent from the page \(page)\n"))
        #expect(parts(content)[1].contains("href=\"https://shop.customer.test/cart?a=1&amp;b=2\""))
        // It is where the visitor was, and nothing that the operator's words are about.
        content.audience = .visitor
        for part in parts(content) { #expect(!part.contains("shop.customer.test")) }
    }

    @Test func `HTML shows the beginning of a long page`() throws {
        let page = "https://customer.test/cart?a=" + String(repeating: "x", count: 100)
        var content = try sampleMail(replies: [Reply(createdAt: time, text: "x", pageURL: page)])
        content.audience = .operator
        content.allowedDomains = AllowedDomains(commaSeparated: "customer.test")
        #expect(parts(content)[0].contains("Sent from the page \(page)\n"))
        #expect(parts(content)[1].contains("href=\"\(page)\""))
        #expect(parts(content)[1].contains(">\(page.prefix(99))…</a>"))
    }

    @Test func `several from the same page name it once`() throws {
        let pages = ["a", "a", "b", "a"].map { "https://customer.test/\($0)" }
        var content = try sampleMail(
            replies: pages.map { Reply(createdAt: time, text: "x", pageURL: $0) })
        content.audience = .operator
        content.allowedDomains = AllowedDomains(commaSeparated: "customer.test")
        let found = parts(content)[0].matches(of: try Regex("customer.test/([ab])")).map {
            String(parts(content)[0][$0.range].suffix(1))
        }
        #expect(found == ["a", "b", "a"])
    }

    @Test func `attachments are listed as links`() throws {
        let json =
            #"[{"name":"<a>.pdf","url":"https://f.test/a?x=1&y='","size":1500},{"name":"b"}]"#
        let reply = Reply(createdAt: time, text: "", attachments: AttachmentList(json: json))
        let parts = parts(try sampleMail(replies: [reply]))
        #expect(
            parts[0].contains("Attachments:\n- <a>.pdf (1.5 kB): https://f.test/a?x=1&y=%27\n- b\n")
        )
        #expect(
            parts[1].contains(
                "<li><a href=\"https://f.test/a?x=1&amp;y=%27\" style=\"color:#1f5fbf\">&lt;a&gt;.pdf</a> (1.5 kB)</li>"
            ))
    }

    @Test func `a colon is the language's own`() throws {
        let file = Attachment(name: "a.pdf", url: "https://f.test/a", size: 1_500)
        var content = try sampleMail(replies: [
            Reply(createdAt: time, text: "x", attachments: AttachmentList([file]))
        ])
        content.locales = ["fr"]
        #expect(parts(content)[0].contains("- a.pdf (1,5\u{A0}ko)\u{A0}: https://f.test/a\n"))
    }

    @Test func `attachments that can't be listed are not passed over in silence`() throws {
        let many = AttachmentList((0..<60).map { Attachment(name: "\($0)", url: nil, size: nil) })
        let malformed = AttachmentList(json: "{")
        let content = try sampleMail(replies: [
            Reply(createdAt: time, text: "x", attachments: many),
            Reply(createdAt: time, text: "y", attachments: malformed),
        ])
        for part in parts(content) {
            #expect(part.contains("and 10 more in the conversation"))
            #expect(
                part.contains("This message has attachments. You can see them in the conversation.")
            )
        }
    }

    @Test func `without a link nobody is sent to the conversation`() throws {
        let many = AttachmentList((0..<60).map { Attachment(name: "\($0)", url: nil, size: nil) })
        for (tag, words) in [("en", "conversation"), ("de", "Unterhaltung")] {
            var content = try sampleMail(replies: [
                Reply(createdAt: time, text: "x", attachments: many),
                Reply(
                    createdAt: time, text: "y", isCut: true,
                    attachments: AttachmentList(json: "{")),
            ])
            content.locales = [tag]
            content.conversationLink = nil
            for part in parts(content) {
                #expect(!part.contains(words))
                #expect(part.contains("- +10\n") || part.contains("<li>+10</li>"))
                #expect(part.contains(tag == "en" ? "Attachments: …" : "Anhänge: …"))
            }
        }
    }

    @Test func `a text that is too long is cut and says so`() throws {
        let long = String(repeating: "ä", count: 60_000)
        let content = try sampleMail(replies: [Reply(createdAt: time, text: long)])
        let parts = parts(content)
        for part in parts {
            #expect(part.contains("[This message is too long to show in full in this email."))
        }
        let shown = parts.map { $0.utf8.filter { $0 == 0xC3 }.count }
        #expect(shown[0] == MailBody.maximumReplyLength / 2)
        #expect(shown[1] > HTMLPart.maximumLength / 2 - 5_000)
    }

    @Test func `a hundred long replies make a mail that relays take`() throws {
        for text in ["ü", "\n\"", "=", "\u{1F600}"] {
            let reply = Reply(createdAt: time, text: String(repeating: text, count: 100_000))
            let content = try sampleMail(replies: Array(repeating: reply, count: 100))
            #expect(MailComposer.compose(content).bytes.count < 800_000)
        }
    }

    @Test func `what no reply in a row has room for is said once, and each is named`() throws {
        var replies = Array(
            repeating: Reply(
                authorName: "Olga", createdAt: time, text: String(repeating: "a", count: 100_000)),
            count: 20)
        replies[17].attachments = AttachmentList([Attachment(name: "a.pdf", url: nil, size: 1)])
        for part in parts(try sampleMail(replies: replies)) {
            // The fifth is cut, the next eleven are left out, the eighteenth has attachments, two are left out. HTML has
            // no room for all of the first four, either.
            #expect(
                part.split(separator: "[This message is too long").count - 1
                    == (part.hasPrefix("<") ? 8 : 4))
            #expect(part.split(separator: "Olga").count - 1 == 20)
            let rules =
                part.split(separator: part.hasPrefix("<") ? "<hr" : "\n--------\n").count - 1
            #expect(rules == 7)
        }
    }

    @Test func `names, links and attachments count as well`() throws {
        let url = "https://files.test/" + String(repeating: "x", count: 1_900)
        let files = AttachmentList(
            (0..<50).map { Attachment(name: "\($0)", url: url + "\($0)", size: 1) })
        let reply = Reply(
            authorName: String(repeating: "ä", count: 1_000), createdAt: time, text: "x",
            attachments: files,
            pageURL: "https://customer.test/" + String(repeating: "p", count: 1_900))
        var content = try sampleMail(replies: Array(repeating: reply, count: 100))
        content.allowedDomains = AllowedDomains(commaSeparated: "customer.test")
        let text = MailComposer.text(content)
        #expect(text.count < MailBody.maximumLength)
        let end = String(decoding: text.suffix(1_000), as: UTF8.self)
        #expect(end.contains("This message has attachments. You can see them in the conversation."))
    }

    /// Long links of the first replies' files took the room, and the words of the last were left out.
    @Test func `no file is listed in the place of a later reply's words`() throws {
        let url = "https://files.test/" + String(repeating: "x", count: 1_500)
        let files = AttachmentList(
            (0..<5).map { Attachment(name: "\($0)", url: url, size: 1) })
        let words = String(repeating: "hello ", count: 50)
        let replies = (0..<100).map {
            Reply(authorName: "Olga", createdAt: time, text: "\($0) " + words, attachments: files)
        }
        let text = parts(try sampleMail(replies: replies))[0]
        #expect(!text.contains("too long to show"))
        for number in 0..<100 { #expect(text.contains("\(number) hello hello")) }
        #expect(text.contains("- 4 (1 B): \(url)\n"))
        #expect(text.contains("This message has attachments.") && !text.contains("- and 5 more"))
    }

    @Test func `a text that was cut before says so`() throws {
        let reply = Reply(createdAt: time, text: "", isCut: true)
        for part in parts(try sampleMail(replies: [reply])) {
            #expect(part.contains("[This message is too long to show in full in this email."))
        }
    }

    @Test(arguments: [
        (true, true, "c-42\nYou can reply directly to this email.\n\n-- \n"),
        (true, false, "Anna Berg\n\nYou can reply directly to this email.\n\n-- \n"),
        (false, true, "Open the conversation:\nhttps://acme.test/help/c-42\n\n-- \n"),
        (false, false, "Anna Berg\n\n-- \n"),
    ])
    func `readers are told how to answer`(_ canReply: Bool, _ hasLink: Bool, _ expected: String)
        throws
    {
        var content = try sampleMail()
        if !canReply { content.replyTo = nil }
        if !hasLink { content.conversationLink = "javascript:alert(1)" }
        #expect(parts(content)[0].contains(expected))
        #expect(!parts(content)[1].contains("javascript"))
    }

    @Test(
        arguments: zip(
            ["de", "pt-BR", "", "x", "en\"><script>", String(repeating: "a", count: 36)],
            ["de", "pt", "en", "en", "en", "en"]))
    func `the language is a tag`(_ locale: String, _ language: String) throws {
        var content = try sampleMail()
        content.locales = [locale]
        #expect(parts(content)[1].contains("<html lang=\"\(language)\" dir=\"ltr\">"))
    }
}
