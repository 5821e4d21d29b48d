internal import Delivery

/// What the headers of a helpdesk's mails share.
struct HeaderLetterhead: Sendable {
    /// For ids: that of From, where it can stand in one.
    let domain: String
    /// Whole lines, from Auto-Submitted on.
    let lines: [UInt8]

    init(_ content: borrowing MailContent, _ words: HelpdeskWords) {
        domain = MessageID.domain(content.from.address.domain)
        var writer = HeaderWriter(capacity: 400)
        writer.lines(Self.automatic)
        let helpdesk = HelpdeskLabel.of(content.helpdeskID)
        // For filters (RFC 2919, section 2).
        writer.line("List-Id: <", helpdesk, ".replies.", domain, ">")
        // For Gmail's statistics of complaints (https://support.google.com/mail/answer/6254652).
        writer.line("Feedback-ID: ", words.audience.rawValue, ":", helpdesk, ":reply:outboxd")
        // RFC 3282.
        writer.line("Content-Language: ", words.language.phrases.tag)
        lines = writer.finish()
    }

    /// RFC 3834, section 5; and for Exchange, whose "All" would suppress bounces as well.
    private static let automatic = """
        Auto-Submitted: auto-generated\r
        X-Auto-Response-Suppress: OOF, AutoReply\r\n
        """
}
