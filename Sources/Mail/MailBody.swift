/// What both parts of a mail show, cleaned, bounded and checked once.
struct MailBody {
    /// The most octets of text that one reply may take in a mail, and all replies together with their
    /// authors, attachments and pages (Contract.md, "Lengths"): a
    /// mail stays below what relays accept (10 MB is usual), even where each octet becomes several.
    static let maximumReplyLength = 100_000
    static let maximumLength = 500_000
    /// What each reply takes besides: its time, a rule, and the sentence that it was cut.
    static let replyOverhead = 300
    /// How to answer, the link and who writes.
    static let endOverhead = 4_000

    struct ReplyText {
        let author: String
        let time: CalendarTime
        let text: PlainText
        let attachments: AttachmentList
        let page: WebURL?

        /// Besides its author, time and rule.
        var octets: Int {
            text.bytes.count + attachments.octets + (page?.description.utf8.count ?? 0)
        }
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
        let authors = content.replies.map {
            name($0.authorName) ?? Wording.author(content.audience, helpdesk: helpdesk)
        }
        // Each reply is named, however many there are: that is taken first.
        var room = authors.reduce(maximumLength - endOverhead) {
            $0 - $1.utf8.count - replyOverhead
        }
        return zip(content.replies, authors).map { reply, author in
            let one = replyText(reply, by: author, of: content, room: max(0, room))
            room -= one.octets
            return one
        }
    }

    /// What there is no room for is left to the conversation: the end of the text, attachments, the page.
    private static func replyText(
        _ reply: Reply, by author: String, of content: MailContent, room: Int
    ) -> ReplyText {
        var room = room
        let text = PlainText(
            reply.text, limit: min(maximumReplyLength, room), isCut: reply.isCut)
        room -= text.bytes.count
        let attachments = reply.attachments.fitting(room)
        room -= attachments.octets
        let page = reply.pageURL.flatMap { WebURL($0) }
        return ReplyText(
            author: author, time: CalendarTime(reply.createdAt), text: text,
            attachments: attachments,
            page: page.flatMap {
                content.allowedDomains.permits($0) && $0.description.utf8.count <= room ? $0 : nil
            })
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
