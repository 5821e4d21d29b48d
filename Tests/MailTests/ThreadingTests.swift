import Delivery
import Testing

@testable import Mail

/// That the mails of one conversation are one thread, by the rules that mail programs have published.
struct ThreadingTests {
    /// Three mails of a conversation, the last to an answer of the recipient's own, and one of another.
    private func mails() throws -> (conversation: [ComposedMail], other: ComposedMail) {
        func mail(_ id: Int64, _ conversation: String, inReplyTo: String? = nil) throws
            -> ComposedMail
        {
            var content = try sampleMail()
            content.messageID = .make(mailID: id, nonce: 1, domain: "acme.test")
            content.conversationID = conversation
            content.inReplyTo = inReplyTo
            content.date = content.date + .seconds(id * 86_400)
            content.replies[0].authorName = "Author \(id)"
            return MailComposer.compose(content)
        }
        return (
            [
                try mail(1, "c-1"), try mail(2, "c-1"),
                try mail(3, "c-1", inReplyTo: "<own@customer.test>"),
            ], try mail(4, "c-2")
        )
    }

    private func ids(_ mail: ComposedMail, _ name: String) -> [String] {
        mail.values(name).flatMap { $0.split(separator: " ").map(String.init) }
    }

    /// RFC 5256, section 3 ("REFERENCES"), as Thunderbird, Apple Mail and most others do it: mails that share a
    /// reference have the same root, whatever order they come in and whether the root is there.
    @Test func `they share their first reference`() throws {
        let (mails, other) = try mails()
        let roots = mails.map { ids($0, "References").first }
        #expect(Set(roots).count == 1 && roots[0] != nil)
        #expect(ids(other, "References").first != roots[0])
        // Nothing sits in its own line of ancestors, or two would be each other's parents.
        for mail in mails { #expect(!ids(mail, "References").contains(ids(mail, "Message-ID")[0])) }
    }

    /// Gmail: the same subject but for "Re:", and References, In-Reply-To or Message-ID of another mail there.
    /// https://support.google.com/mail/answer/5900, https://developers.google.com/workspace/gmail/api/guides/threads
    @Test func `they have one subject, and refer to what the thread refers to`() throws {
        let (mails, _) = try mails()
        let subjects = Set(mails.map { $0.values("Subject")[0].replacing("Re: ", with: "") })
        #expect(subjects == ["Export stops"])
        for mail in mails {
            #expect(!Set(ids(mail, "References")).isDisjoint(with: ids(mails[0], "References")))
        }
    }

    /// Exchange and Outlook: without Thread-Index, the conversation is found by In-Reply-To and References; MS-OXOMSG,
    /// 2.2.1.2 and 2.2.1.3, with the subject without its prefix as the topic.
    @Test func `In-Reply-To is the last reference`() throws {
        let (mails, _) = try mails()
        for mail in mails { #expect(ids(mail, "In-Reply-To") == [ids(mail, "References").last]) }
        #expect(ids(mails[2], "In-Reply-To") == ["<own@customer.test>"])
    }

    @Test func `a mail program's own answer stays in the thread`() throws {
        let (mails, _) = try mails()
        // RFC 5322, section 3.6.4: an answer has the References of what it answers, and its Message-ID.
        let answer = ids(mails[1], "References") + ids(mails[1], "Message-ID")
        #expect(answer.first == ids(mails[0], "References").first)
    }

    @Test(arguments: ["ja", "de", "ar"])
    func `without a subject of its own all mails of a conversation have the same`(_ tag: String)
        throws
    {
        let subjects = try (1...3).map { number in
            var content = try sampleMail()
            content.subject = nil
            content.locales = [tag]
            content.replies = Array(repeating: content.replies[0], count: number)
            content.replies[0].authorName = "Author \(number)"
            return MailComposer.compose(content).values("Subject")
        }
        #expect(Set(subjects).count == 1)
    }
}
