import Delivery
import Testing

@testable import Mail

@Suite struct MailComposerTests {
    @Test func `the header of a usual mail`() throws {
        let mail = MailComposer.compose(try sampleMail())
        #expect(
            mail.header == [
                "Date: Sun, 22 Nov 2026 17:41:05 +0000",
                "From: \"Anna Berg (Acme Support)\" <support@acme.test>",
                "To: Jane Doe <jane@customer.test>",
                "Reply-To: reply+c42@acme.test",
                "Subject: Re: Export stops",
                "Message-ID: <1.abcd@acme.test>",
                "In-Reply-To: <in@customer.test>",
                "References: <conversation.F3CB37B480801191DDD877D6C232436B@acme.test> <in@customer.test>",
                "Auto-Submitted: auto-generated",
                "X-Auto-Response-Suppress: OOF, AutoReply",
                "List-Id: <acme.replies.acme.test>",
                "Feedback-ID: visitor:acme:reply:outboxd",
                "Content-Language: en",
                "List-Unsubscribe: <https://acme.test/u/1>",
                "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
                "MIME-Version: 1.0",
                "Content-Type: multipart/alternative; boundary=\"=_1D233CE8E423B504826F9A74A682E07F\"",
            ])
    }

    @Test func `the same content gives the same bytes`() throws {
        let content = try sampleMail()
        #expect(MailComposer.compose(content) == MailComposer.compose(content))
    }

    @Test(arguments: ["The printer is on fire. ", "Über die Größe. ", "a=b&c <b>", "日本語の文章。"])
    func `a mail takes an eighth more memory than it has octets, at most`(_ words: String) throws {
        let written = WallTime(milliseconds: 1_795_369_200_000)
        let reply = Reply(
            authorName: "Anna", createdAt: written, text: String(repeating: words, count: 100))
        let bytes = MailComposer.compose(try sampleMail(replies: [reply])).bytes
        #expect(bytes.capacity <= bytes.count * 9 / 8)
    }

    @Test func `the text part of a usual mail`() throws {
        let text = String(decoding: MailComposer.text(try sampleMail()), as: UTF8.self)
        #expect(
            text == """
                Hello Jane,

                1 < 2 & "so" on.

                — Anna Berg

                Open the conversation:
                https://acme.test/help/c-42
                You can reply directly to this email.

                --\u{20}
                Acme Support
                You get this because you wrote to Acme Support.
                Unsubscribe: https://acme.test/u/1

                """)
    }

    @Test(arguments: [("he", "\u{200F}"), ("ar", "\u{200F}"), ("de", "")])
    func `a Latin name does not turn the line of its date`(_ tag: String, _ mark: String) throws {
        let reply = Reply(
            authorName: "Anna Berg", createdAt: WallTime(milliseconds: 1_795_369_200_000), text: "x"
        )
        var content = try sampleMail(replies: [reply, reply])
        content.locales = [tag]
        let text = String(decoding: MailComposer.text(content), as: UTF8.self)
        let lines = text.split(separator: "\n").filter { $0.hasPrefix(mark + "— Anna Berg · ") }
        #expect(lines.count == 2)
    }

    @Test func `the HTML part of a usual mail`() throws {
        let html = String(decoding: MailComposer.html(try sampleMail()), as: UTF8.self)
        #expect(
            html.contains(
                "<p>Hello Jane,</p>\n<p>1 &lt; 2 &amp; &quot;so&quot; on.</p>\n</div>\n<p "
            ))
        #expect(html.contains("<strong>Anna Berg</strong></p>"))
        #expect(html.contains("href=\"https://acme.test/help/c-42\""))
        #expect(html.contains(">Open the conversation</a>"))
        #expect(html.utf8.count < 6_000)
        // Yahoo breaks words by the older name alone, Outlook for Windows pads a button by its cell alone.
        #expect(html.contains("word-wrap:break-word;overflow-wrap:anywhere;word-break"))
        #expect(html.contains("mso-padding-alt:11px 20px"))
        #expect(html.contains("<!--[if mso]><style>.l{text-indent:0!important}"))
    }

    @Test func `a hundred usual replies make less than 30 kB of HTML`() throws {
        let reply = Reply(
            authorName: "Anna Berg", createdAt: WallTime(milliseconds: 1_795_369_200_000),
            text: "The export works again: we found rows without a date.")
        let content = try sampleMail(replies: Array(repeating: reply, count: 100))
        #expect(MailComposer.html(content).count < 30_000)
    }

    @Test(
        arguments: [
            ("Export stops", "Re: Export stops"), ("Re: Export", "Re: Export"),
            ("RE:Export", "RE:Export"), ("RE: ", "Your conversation with Acme Support"),
            ("re: x", "re: x"), ("RE : x", "RE : x"), ("Re[2]: x", "Re[2]: x"),
            ("Rex: x", "Re: Rex: x"), ("Re", "Re: Re"),
            ("Re (2):", "Your conversation with Acme Support"), ("Reply", "Re: Reply"),
            ("", "Your conversation with Acme Support"),
            (nil, "Your conversation with Acme Support"),
            (" \r\n", "Your conversation with Acme Support"),
            ("a\r\nBcc: x@y.z\r\n\r\nbody", "Re: a Bcc: x@y.z body"),
        ] as [(String?, String)])
    func `subjects`(_ subject: String?, _ value: String) throws {
        var content = try sampleMail()
        content.subject = subject
        #expect(MailComposer.compose(content).values("Subject") == [value])
    }

    @Test(arguments: [nil, "garbage", "<a@b>\r\nBcc: x@y", "<ä@b>"] as [String?])
    func `without a usable In-Reply-To the conversation's anchor serves`(_ id: String?) throws {
        var content = try sampleMail()
        content.inReplyTo = id
        let mail = MailComposer.compose(content)
        let anchor = "<conversation.F3CB37B480801191DDD877D6C232436B@acme.test>"
        #expect(mail.values("In-Reply-To") == [anchor])
        #expect(mail.values("References") == [anchor])
    }

    @Test func `References stays short`() throws {
        var content = try sampleMail()
        content.inReplyTo = String(repeating: "i", count: 248) + "@b"
        content.from = Mailbox(
            address: try EmailAddress("a@" + String(repeating: "d.", count: 94) + "dd"))
        let references = try #require(MailComposer.compose(content).values("References").first)
        #expect(references.utf8.count < 600)
        #expect(references.hasPrefix("<conversation.") && references.hasSuffix("iii@b>"))
    }

    @Test(
        arguments: [
            nil, "http://acme.test/u", "https://acme.test/u\r\nBcc: x@y", "mailto:x@y",
            "https://a@b/",
            "https://acme.test/" + String(repeating: "a", count: 900),
        ] as [String?])
    func `without a usable link there is no List-Unsubscribe`(_ url: String?) throws {
        var content = try sampleMail()
        content.unsubscribeURL = url
        let names = MailComposer.compose(content).header.map { $0.prefix { $0 != ":" } }
        #expect(!names.contains { $0.hasPrefix("List-Unsub") || $0 == "Bcc" })
    }

    @Test func `the sender is shown by the helpdesk's name`() throws {
        var content = try sampleMail()
        content.from = Mailbox(address: try EmailAddress("support@acme.test"))
        content.replies[0].authorName = nil
        #expect(
            MailComposer.compose(content).values("From") == ["Acme Support <support@acme.test>"])
        content.helpdeskName = nil
        #expect(MailComposer.compose(content).values("From") == ["support@acme.test"])
        content.replyTo = nil
        #expect(MailComposer.compose(content).values("Reply-To").isEmpty)
    }

    @Test func `SMTPUTF8 is needed where an address is not ASCII`() throws {
        let foreign = try EmailAddress("jörg@acme.test")
        var content = try sampleMail()
        #expect(!MailComposer.compose(content).needsSMTPUTF8)
        content.envelopeSender = foreign
        let mail = MailComposer.compose(content)
        #expect(mail.needsSMTPUTF8 && mail.bytes.allSatisfy { $0 < 0x80 })
        content = try sampleMail()
        content.replyTo = foreign
        #expect(MailComposer.compose(content).needsSMTPUTF8)
        #expect(MailComposer.compose(content).values("Reply-To") == ["jörg@acme.test"])
        #expect(MailComposer.compose(try sampleMail(to: "a@bücher.test")).needsSMTPUTF8)
        content = try sampleMail()
        content.from = Mailbox(address: foreign)
        #expect(MailComposer.compose(content).needsSMTPUTF8)
    }
}
