internal import Delivery

/// What the headers of a helpdesk's mails share; it remembers the lines that mostly come again.
final class HeaderLetterhead {
    /// For ids: that of From, where it can stand in one.
    let domain: String
    /// Whole lines, from Auto-Submitted on.
    let lines: [UInt8]

    private let words: HelpdeskWords
    private let address: EmailAddress
    /// Mails of a batch were claimed at the same time.
    private var lastDate: (time: WallTime, line: [UInt8])?
    /// By the authors' names.
    private var fromLines: [String: (name: String, lines: [UInt8])] = [:]
    private static let mostAuthors = 20

    init(_ content: borrowing MailContent, _ words: HelpdeskWords) {
        self.words = words
        address = content.from.address
        domain = MessageID.domain(address.domain)
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

    /// The line of Date.
    func date(_ time: WallTime) -> [UInt8] {
        if let lastDate, lastDate.time == time { return lastDate.line }
        var writer = HeaderWriter(capacity: 40)
        writer.date(CalendarTime(time))
        let line = writer.finish()
        lastDate = (time, line)
        return line
    }

    /// The lines of From.
    func from(_ replies: [Reply]) -> [UInt8] {
        guard replies.count == 1 else { return from(replies.lazy.map(\.authorName)) }
        // Without a name it is as with one of which nothing is seen.
        let name = replies[0].authorName ?? ""
        if let known = fromLines[name], known.name.hasOctets(of: name) { return known.lines }
        let lines = from(CollectionOfOne(.some(name)))
        if fromLines.count >= Self.mostAuthors { fromLines.removeAll() }
        fromLines[name] = (name, lines)
        return lines
    }

    private func from(_ names: some Sequence<String?>) -> [UInt8] {
        let name = Author.from(
            names, of: words.audience, brand: words.brand, words.ownDomains, words.language)
        var writer = HeaderWriter(capacity: 200)
        writer.mailbox("From: ", Mailbox(name: name, address: address))
        return writer.finish()
    }
}
