/// The text/plain part, with LF at line ends.
struct TextPart {
    private static let rule = "--------\n\n"
    private let body: MailBody
    private var bytes: [UInt8] = []

    private init(_ body: MailBody) { self.body = body }

    static func render(_ body: MailBody) -> [UInt8] {
        var part = TextPart(body)
        part.bytes.reserveCapacity(body.replies.reduce(800) { $0 + $1.text.bytes.count + 120 })
        for (index, reply) in body.replies.enumerated() {
            let saysSo = !body.isFurtherOmission(index)
            if index > 0, saysSo { part.bytes.append(text: rule) }
            part.append(reply, saysCut: reply.text.isCut && saysSo)
        }
        part.appendActions()
        part.appendFooter()
        return part.bytes
    }

    /// The words first: they are what a list of mails shows.
    private mutating func append(_ reply: MailBody.ReplyText, saysCut: Bool) {
        if !reply.text.bytes.isEmpty {
            bytes.append(contentsOf: reply.text.bytes)
            bytes.append(text: "\n\n")
        }
        if saysCut { appendLine(body.cut, "\n\n") }
        append(reply.attachments)
        bytes.append(text: "— ")
        bytes.append(text: reply.author.text)
        if let time = reply.time {
            bytes.append(text: body.replies.count > 1 ? " · " : "\n  ")
            bytes.append(text: time)
        }
        bytes.append(0x0A)
        if let page = reply.page {
            bytes.append(text: "  ")
            appendLine(body.language.phrases.writtenFrom.filled(page.description))
        }
        bytes.append(0x0A)
    }

    private mutating func append(_ attachments: AttachmentList) {
        if attachments.isMalformed { appendLine(body.unlistedAttachments, "\n\n") }
        guard !attachments.isEmpty else { return }
        appendLine(body.language.phrases.attachments, body.language.phrases.colon + "\n")
        for attachment in attachments.items {
            bytes.append(text: "- ")
            bytes.append(text: attachment.name ?? body.language.phrases.unnamedAttachment)
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

    private mutating func appendActions() {
        guard body.link != nil || body.canReply else { return }
        if let link = body.link {
            appendLine(body.linkText, body.language.phrases.colon + "\n")
            appendLine(link.description)
        }
        if body.canReply { appendLine(body.language.phrases.howToReply) }
        bytes.append(0x0A)
    }

    /// Behind the mark by which clients know what is no part of the message (RFC 3676, section 4.3).
    private mutating func appendFooter() {
        bytes.append(text: "-- \n")
        if let brand = body.brand { appendLine(brand) }
        appendLine(body.reason)
        for line in body.footer { appendLine(line) }
        if let unsubscribe = body.unsubscribe {
            bytes.append(text: body.language.phrases.unsubscribe)
            bytes.append(text: body.language.phrases.colon + " ")
            appendLine(unsubscribe.url.description)
        }
    }

    private mutating func appendLine(_ text: String, _ end: String = "\n") {
        bytes.append(text: text)
        bytes.append(text: end)
    }
}
