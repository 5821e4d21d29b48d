/// What both parts of a mail show, cleaned, bounded and checked once.
struct MailBody {
    /// The most octets of text that one reply may take in a mail, and all replies together: a mail
    /// stays below what relays accept (10 MB is usual), even where each octet becomes several.
    static let maximumReplyLength = 100_000
    static let maximumLength = 500_000

    struct ReplyText {
        let author: String
        let time: CalendarTime
        let text: PlainText
        let attachments: AttachmentList
        let page: WebURL?
    }

    let audience: Audience
    let helpdesk: String?
    let subject: String
    let replies: [ReplyText]
    let link: WebURL?
    let canReply: Bool
    /// For HTML's `lang`.
    let language: String

    init(_ content: MailContent) {
        audience = content.audience
        helpdesk = Self.name(content.helpdeskName) ?? content.from.name
        subject = Self.subject(content, helpdesk: helpdesk)
        replies = Self.replies(content, helpdesk: helpdesk)
        link = content.conversationLink.flatMap { WebURL($0) }
        canReply = content.replyTo != nil
        language = Self.language(content.locale)
    }

    private static func name(_ text: String?) -> String? {
        guard let text else { return nil }
        let name = OneLine.clean(text, limit: Mailbox.maximumNameLength)
        return name.isEmpty ? nil : name
    }

    /// `Re:` and the conversation's subject, so that clients thread by it as well.
    private static func subject(_ content: MailContent, helpdesk: String?) -> String {
        let subject = OneLine.clean(content.subject ?? "", limit: 250)
        if subject.isEmpty { return Wording.subject(content.audience, helpdesk: helpdesk) }
        let start = subject.utf8.prefix(3).map { $0 | 0x20 }
        return start == [0x72, 0x65, 0x3A] ? subject : "Re: " + subject
    }

    private static func replies(_ content: MailContent, helpdesk: String?) -> [ReplyText] {
        var room = maximumLength
        return content.replies.map { reply in
            let text = PlainText(reply.text, limit: min(maximumReplyLength, room))
            room -= text.bytes.count
            let page = reply.pageURL.flatMap { WebURL($0) }
            return ReplyText(
                author: name(reply.authorName)
                    ?? Wording.author(content.audience, helpdesk: helpdesk),
                time: CalendarTime(reply.createdAt), text: text, attachments: reply.attachments,
                page: page.flatMap { content.allowedDomains.permits($0) ? $0 : nil })
        }
    }

    /// A language tag has at most 35 letters, digits and hyphens (RFC 5646, section 4.4.1).
    private static func language(_ locale: String) -> String {
        let hostLabel = ASCIISet.hostLabel
        let isTag =
            (2...35).contains(locale.utf8.count)
            && locale.utf8.allSatisfy { hostLabel.contains($0) }
        return isTag ? locale : "en"
    }
}
