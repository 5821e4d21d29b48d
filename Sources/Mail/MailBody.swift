internal import Delivery

/// What both parts of a mail show, cleaned, bounded and checked once.
///
/// A class, since each part holds it.
final class MailBody {
    /// The most octets of text that one reply may take in a mail, and all replies together with their
    /// authors, attachments and pages (Contract.md, "Lengths"); ``MailSize`` bounds
    /// what becomes of them.
    static let maximumReplyLength = 100_000
    static let maximumLength = 500_000
    /// What each reply takes besides: its time, a rule, and the sentence that it was cut.
    static let replyOverhead = 300
    /// The links, and who writes.
    static let endOverhead = 6_000
    /// A reply that is older when its mail goes out says when it was written.
    static let lateAfter: Duration = .seconds(600)

    /// A class, since each part goes through them.
    final class ReplyText {
        let author: Author
        /// When it was written, where that has to be said; of a reply that stands alone as a phrase.
        let time: [UInt8]?
        let text: PlainText
        let attachments: AttachmentList
        fileprivate(set) var page: WebURL?

        fileprivate init(
            author: Author, time: [UInt8]?, text: PlainText, attachments: AttachmentList
        ) {
            self.author = author
            self.time = time
            self.text = text
            self.attachments = attachments
        }

        /// Besides its author, time and rule.
        var octets: Int {
            text.bytes.count + attachments.octets + (page?.description.utf8.count ?? 0)
        }

        /// A page that is long goes first, then the end of the text; of attachments only what leaves the text no quarter.
        fileprivate func shortened(to room: Int) -> ReplyText {
            guard octets > room else { return self }
            let page = page.flatMap { $0.description.utf8.count <= room / 4 ? $0 : nil }
            let left = room - (page?.description.utf8.count ?? 0)
            let listed = attachments.fitting(max(left * 3 / 4, left - text.bytes.count))
            let reply = ReplyText(
                author: author, time: time, text: text.shortened(to: left - listed.octets),
                attachments: listed)
            reply.page = page
            return reply
        }

        /// Nothing of it is here but who wrote it, and when.
        fileprivate var isOmitted: Bool {
            text.isCut && text.bytes.isEmpty && attachments.isEmpty && !attachments.isMalformed
        }
    }

    let letterhead: Letterhead
    let subject: String
    let replies: [ReplyText]
    let link: WebURL?
    let canReply: Bool
    let unsubscribe: UnsubscribeLink?

    /// For the links in texts.
    let toASCII: DomainToASCII

    /// - Parameter content: borrowed; an initializer would else be given a copy of its own.
    init(
        _ content: borrowing MailContent, on letterhead: Letterhead,
        maximumLength: Int = MailBody.maximumLength, toASCII: @escaping DomainToASCII = { _ in nil }
    ) {
        let language = letterhead.words.language
        let brand = letterhead.words.brand
        self.letterhead = letterhead
        self.toASCII = toASCII
        subject = Self.subject(content, brand: brand, language)
        replies = Self.replies(content, letterhead.words, maximumLength, toASCII)
        link = content.conversationLink.flatMap { WebURL($0, toASCII: toASCII) }
        canReply = content.replyTo != nil
        unsubscribe = content.unsubscribeURL.flatMap { UnsubscribeLink($0, toASCII: toASCII) }
    }

    /// The same with replies that take at most `share` octets each, for an HTML part that would be too long.
    ///
    /// What short ones leave goes to the long ones, since the share grows until the part is full (``MailSize``): so none
    /// is left out for another's sake, the newest, which comes last, least of all.
    init(_ body: MailBody, share: Int) {
        letterhead = body.letterhead
        toASCII = body.toASCII
        subject = body.subject
        replies = body.replies.map { $0.shortened(to: share) }
        link = body.link
        canReply = body.canReply
        unsubscribe = body.unsubscribe
    }

    /// The octets of all replies if each is shortened to `share`.
    func octets(share: Int) -> Int { replies.reduce(0) { $0 + min($1.octets, share) } }

    var language: Language { letterhead.words.language }

    /// One of several in a row of which nothing is here: the first of them says so for all.
    func isFurtherOmission(_ index: Int) -> Bool {
        index > 0 && replies[index].isOmitted && replies[index - 1].isOmitted
    }

    /// What is said of attachments that are not listed; where they are, if there is a link there.
    var unlistedAttachments: String {
        link == nil
            ? "\(language.phrases.attachments)\(language.phrases.colon) …"
            : language.phrases.unlistedAttachments
    }

    func moreAttachments(_ count: Int) -> String {
        link == nil
            ? "+\(count)" : language.phrases.moreAttachments.text(count, language.phrases.plurals)
    }

    var cut: String { link == nil ? language.phrases.cut : language.phrases.cutWithLink }

    /// `Re:` and the conversation's subject, so that clients thread by it as well.
    ///
    /// Without one, or with nothing behind its `Re:`, the same for every mail of a conversation.
    private static func subject(
        _ content: borrowing MailContent, brand: String?, _ language: Language
    ) -> String {
        if let subject = content.subject.flatMap({ OneLine.seen($0, limit: 250) }) {
            guard let start = replyPrefix(of: subject) else { return "Re: " + subject }
            if subject.utf8.dropFirst(start).contains(where: { $0 > 0x20 }) { return subject }
        }
        return switch (content.audience, brand) {
        case (.visitor, let brand?): language.phrases.subject.filled(brand)
        case (.visitor, nil): language.phrases.subjectWithoutBrand
        case (.operator, let brand?): language.phrases.operatorSubject.filled(brand)
        case (.operator, nil): language.phrases.operatorSubjectWithoutBrand
        }
    }

    /// Octets of `Re:`, `RE :` (French) or `Re[2]:`.
    private static func replyPrefix(of subject: String) -> Int? {
        var length = 0
        for octet in subject.utf8.prefix(10) {
            length += 1
            switch length {
            case 1 where octet | 0x20 != 0x72, 2 where octet | 0x20 != 0x65: return nil
            case 1, 2: continue
            default: if octet == 0x3A { return length }
            }
            if !betweenReAndColon.contains(octet) { return nil }
        }
        return nil
    }

    private static let betweenReAndColon = ASCIISet(" []()0123456789")

    // MARK: Replies

    private static func replies(
        _ content: borrowing MailContent, _ words: HelpdeskWords, _ maximumLength: Int,
        _ toASCII: DomainToASCII
    ) -> [ReplyText] {
        let language = words.language
        let authors = content.replies.map {
            Author(
                $0.authorName, of: content.audience, brand: words.brand, words.ownDomains, language)
        }
        // Each reply is named, however many there are: that is taken first.
        var room = authors.reduce(maximumLength - endOverhead) {
            $0 - $1.text.utf8.count - replyOverhead
        }
        // Words go before attachments, those of later replies, too.
        var later = content.replies.reduce(0) { $0 + min($1.text.utf8.count, maximumReplyLength) }
        var page: WebURL?
        var texts: [ReplyText] = []
        texts.reserveCapacity(authors.count)
        for (index, author) in authors.enumerated() {
            let reply = content.replies[index]
            later -= min(reply.text.utf8.count, maximumReplyLength)
            let text = replyText(
                reply, by: author, of: content, language, room: max(0, room), later: later)
            text.page = Self.page(of: reply, content, room: max(0, room - text.octets), toASCII)
            room -= text.octets
            // Several from the same page name it once.
            if text.page == page { text.page = nil } else { page = text.page }
            texts.append(text)
        }
        return texts
    }

    /// What there is no room for is left to the conversation: the end of the text, attachments.
    ///
    /// Its page is not in it yet.
    /// - Parameter later: The octets of the texts behind it.
    private static func replyText(
        _ reply: Reply, by author: Author, of content: borrowing MailContent, _ language: Language,
        room: Int, later: Int
    ) -> ReplyText {
        let text = PlainText(
            reply.text, limit: min(maximumReplyLength, room), isCut: reply.isCut)
        let attachments = reply.attachments.fitting(room - text.bytes.count - later)
        return ReplyText(
            author: author, time: time(of: reply, content, language), text: text,
            attachments: attachments)
    }

    private static func page(
        of reply: Reply, _ content: borrowing MailContent, room: Int, _ toASCII: DomainToASCII
    ) -> WebURL? {
        guard content.audience == .operator,
            let page = reply.pageURL.flatMap({ WebURL($0, toASCII: toASCII) }),
            content.allowedDomains.permits(page), page.description.utf8.count <= room
        else { return nil }
        return page
    }

    private static func time(
        of reply: Reply, _ content: borrowing MailContent, _ language: Language
    ) -> [UInt8]? {
        let isLate = content.date - reply.createdAt > lateAfter
        guard isLate || content.replies.count > 1 else { return nil }
        let written = ZonedTime(reply.createdAt, content.zone)
        var time: [UInt8] = []
        time.reserveCapacity(80)
        if content.replies.count > 1 {
            language.phrases.dates.append(written, to: &time)
        } else {
            language.phrases.writtenAt.append(to: &time) {
                language.phrases.dates.append(written, to: &$0)
            }
        }
        return time
    }
}
