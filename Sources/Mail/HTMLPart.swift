/// The text/html part, with LF at line ends: what the text part says.
///
/// A paragraph or a list says in which direction it runs where that is not the mail's (``TextDirection``). A name does,
/// too, or it would turn what stands beside it: with `dir`, since most clients drop `bdi`
/// (<https://www.caniemail.com/features/html-bdi/>).
struct HTMLPart {
    /// Octets of a whole part, as it is.
    ///
    /// Gmail shows some 102 kB and hides the rest, the button and the link to unsubscribe with it
    /// (<https://github.com/hteumeuleu/email-bugs/issues/41>; some have seen it at 99). What is left is for what relays add.
    static let maximumLength = 96_000

    let body: MailBody
    /// What is the mail's own: its title, its replies, its link, and the end of the footer.
    var bytes: [UInt8] = []
    private var titleEnd = 0
    private var repliesEnd = 0
    private var linkEnd = 0
    var hosts: InternationalHosts
    /// Of what stands within the frame.
    private(set) var contentSize = PartSize()

    init(_ body: MailBody) {
        self.body = body
        hosts = InternationalHosts(body.toASCII)
        bytes.reserveCapacity(body.replies.reduce(1_000) { $0 + $1.text.bytes.count + 600 })
        append("<title>")
        bytes.append(escaping: body.subject)
        append("</title>\n")
        titleEnd = bytes.count
        // With more it is too long anyway.
        for (index, reply) in body.replies.enumerated() where bytes.count <= Self.maximumLength {
            let saysSo = !body.isFurtherOmission(index)
            if index > 0, saysSo { append(Self.rule) }
            append(reply, saysCut: reply.text.isCut && saysSo)
        }
        repliesEnd = bytes.count
        if let link = body.link {
            bytes.append(escaping: link.description)
            append("\"\n")
        }
        linkEnd = bytes.count
        appendUnsubscribe()
        append("</p>\n")
        var size = PartSize()
        writeContent(to: &size)
        contentSize = size
    }

    /// Octets, as it is.
    var length: Int {
        let logo = body.letterhead.words.logo == nil ? 0 : LogoStyle.head.size.total
        return body.language.frame.length + logo + contentSize.total
    }

    /// As many of its octets become two on the way.
    var lineBreaks: Int { octets.count { $0 == 0x0A } }

    mutating func append(_ text: String) { bytes.append(text: text) }

    private static let rule = "<hr class=\"s\" style=\"\(HTMLStyle.rule)\">\n"
    private static let author = HTMLStyle.quiet + "<strong>"
    private static let files = HTMLStyle.files(side: "left")
    private static let turnedFiles = HTMLStyle.files(side: "right")

    // MARK: Replies

    /// Characters; behind them are mostly the marks of campaigns.
    ///
    /// The text part has all.
    private static let mostOfPage = 100

    /// The words first: they are what a list of mails shows.
    private mutating func append(_ reply: MailBody.ReplyText, saysCut: Bool) {
        if !reply.text.bytes.isEmpty { appendText(reply.text.bytes) }
        if saysCut { appendQuiet(body.cut) }
        append(reply.attachments)
        append(Self.author)
        append(reply.author)
        append("</strong>")
        if let time = reply.time {
            append(body.replies.count > 1 ? " · " : "<br>")
            bytes.append(escaping: time.span, 0..<time.count)
        }
        if let page = reply.page {
            append("<br>")
            appendPhrase(body.language.phrases.writtenFrom) {
                $0.appendLink(page, text: OneLine.clean(page.description, limit: Self.mostOfPage))
            }
        }
        append("</p>\n")
    }

    private mutating func append(_ attachments: AttachmentList) {
        if attachments.isUnlisted { appendQuiet(body.unlistedAttachments) }
        guard !attachments.items.isEmpty else { return }
        append("<p style=\"margin:0 0 4px\"><strong>")
        bytes.append(escaping: body.language.phrases.attachments)
        append("</strong></p>\n")
        append(isTurned ? Self.turnedFiles : Self.files)
        let unnamed = body.language.phrases.unnamedAttachment
        for (index, attachment) in attachments.items.enumerated() {
            let name = attachments.name(at: index, unnamed: unnamed)
            append("<li>")
            if let url = attachment.url {
                appendLink(url, text: name)
            } else {
                bytes.append(isolated: name, within: body.language)
            }
            if let size = attachment.size {
                append(" ")
                let text = "(\(body.language.phrases.sizes.text(size)))"
                bytes.append(isolated: text, within: body.language)
            }
            append("</li>\n")
        }
        if attachments.omitted > 0 {
            append("<li>")
            bytes.append(escaping: body.moreAttachments(attachments.omitted))
            append("</li>\n")
        }
        append("</ul>\n")
    }

    private mutating func appendUnsubscribe() {
        guard let unsubscribe = body.unsubscribe else { return }
        append("<br>")
        appendLink(unsubscribe.url, text: body.language.phrases.unsubscribe)
    }

    // MARK: Parts

    /// What marks a visitor is the mail's own, and stands where its language has it.
    private mutating func append(_ author: Author) {
        if let mark = author.mark { bytes.append(escaping: mark.before) }
        bytes.append(isolated: author.name, within: body.language)
        if let mark = author.mark { bytes.append(escaping: mark.after) }
    }

    private mutating func appendQuiet(_ text: String) {
        append(HTMLStyle.quiet)
        bytes.append(escaping: text)
        append("</p>\n")
    }

    private mutating func appendPhrase(
        _ phrase: Template, _ value: (inout HTMLPart) -> Void
    ) {
        bytes.append(escaping: phrase.before)
        value(&self)
        bytes.append(escaping: phrase.after)
    }

    private mutating func appendLink(_ url: WebURL, text: String) {
        append("<a href=\"")
        bytes.append(escaping: url.description)
        append(HTMLStyle.linkEnd)
        bytes.append(isolated: text, within: body.language)
        append("</a>")
    }
}

extension HTMLPart: MailPart {
    func write(to writer: inout some PartWriter) {
        let frame = body.language.frame
        writer.append(frame.start)
        writer.append(bytes.span, 0..<titleEnd)
        if body.letterhead.words.logo != nil { writer.append(LogoStyle.head) }
        writer.append(frame.opening)
        writeContent(to: &writer)
    }

    /// What stands within the language's frame, without the title.
    func writeContent(to writer: inout some PartWriter) {
        let octets = bytes.span
        let letterhead = body.letterhead.html
        writer.append(octets, titleEnd..<repliesEnd)
        if repliesEnd < linkEnd {
            writer.append(letterhead.button)
            writer.append(octets, repliesEnd..<linkEnd)
            writer.append(letterhead.buttonEnd)
        }
        if body.canReply { writer.append(letterhead.howToReply) }
        writer.append(letterhead.footer)
        writer.append(octets, linkEnd..<bytes.count)
        writer.append(HTMLFrame.end)
    }
}
