/// The text/plain part, with LF at line ends.
struct TextPart {
    private static let rule = "--------\n\n"
    private static let author = "— "
    /// With a right-to-left mark: clients run a line as its first letter does, and a Latin name would scramble the date
    /// behind it (Unicode Standard Annex 9, P2).
    private static let turnedAuthor = "\u{200F}— "
    private let body: MailBody
    /// What is the mail's own: its replies, the line of its link and the one to unsubscribe.
    private var bytes: [UInt8] = []
    private var repliesEnd = 0
    private var linkEnd = 0

    init(_ body: MailBody) {
        self.body = body
        bytes.reserveCapacity(body.replies.reduce(400) { $0 + $1.text.bytes.count + 120 })
        for (index, reply) in body.replies.enumerated() {
            let saysSo = !body.isFurtherOmission(index)
            if index > 0, saysSo { bytes.append(text: Self.rule) }
            append(reply, saysCut: reply.text.isCut && saysSo)
        }
        repliesEnd = bytes.count
        if let link = body.link { appendLine(link.description) }
        linkEnd = bytes.count
        appendUnsubscribe()
    }

    /// The words first: they are what a list of mails shows.
    private mutating func append(_ reply: MailBody.ReplyText, saysCut: Bool) {
        let text = reply.text.bytes
        if !text.isEmpty {
            bytes.append(text.span, text.indices)
            bytes.append(text: "\n\n")
        }
        if saysCut { appendLine(body.cut, "\n\n") }
        append(reply.attachments)
        bytes.append(text: body.language.phrases.isRightToLeft ? Self.turnedAuthor : Self.author)
        bytes.append(text: reply.author.text)
        if let time = reply.time {
            bytes.append(text: body.replies.count > 1 ? " · " : "\n  ")
            bytes.append(time.span, time.indices)
        }
        bytes.append(0x0A)
        if let page = reply.page {
            bytes.append(text: "  ")
            appendLine(body.language.phrases.writtenFrom.filled(page.description))
        }
        bytes.append(0x0A)
    }

    private mutating func append(_ attachments: AttachmentList) {
        if attachments.isUnlisted { appendLine(body.unlistedAttachments, "\n\n") }
        guard !attachments.items.isEmpty else { return }
        appendLine(body.language.phrases.attachments, body.language.phrases.colon + "\n")
        let unnamed = body.language.phrases.unnamedAttachment
        for (index, attachment) in attachments.items.enumerated() {
            bytes.append(text: "- ")
            bytes.append(text: attachments.name(at: index, unnamed: unnamed))
            if let size = attachment.size {
                bytes.append(text: " (\(body.language.phrases.sizes.text(size)))")
            }
            if let url = attachment.url {
                bytes.append(text: "\(body.language.phrases.colon) \(url)")
            }
            bytes.append(0x0A)
        }
        if attachments.omitted > 0 {
            bytes.append(text: "- ")
            appendLine(body.moreAttachments(attachments.omitted))
        }
        bytes.append(0x0A)
    }

    private mutating func appendUnsubscribe() {
        guard let unsubscribe = body.unsubscribe else { return }
        bytes.append(text: body.language.phrases.unsubscribe)
        bytes.append(text: body.language.phrases.colon + " ")
        appendLine(unsubscribe.url.description)
    }

    private mutating func appendLine(_ text: String, _ end: String = "\n") {
        bytes.append(text: text)
        bytes.append(text: end)
    }
}

extension TextPart: MailPart {
    func write(to writer: inout some PartWriter) {
        let octets = bytes.span
        let letterhead = body.letterhead.text
        writer.append(octets, 0..<repliesEnd)
        if repliesEnd < linkEnd {
            writer.append(letterhead.link)
            writer.append(octets, repliesEnd..<linkEnd)
        }
        if body.canReply { writer.append(letterhead.howToReply) }
        if repliesEnd < linkEnd || body.canReply { writer.append(Self.emptyLine) }
        writer.append(letterhead.footer)
        writer.append(octets, linkEnd..<bytes.count)
    }

    private static let emptyLine = Boilerplate("\n")
}
