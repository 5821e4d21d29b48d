/// The text/plain part, with LF at line ends.
struct TextPart {
    private static let rule = "----------------------------------------\n"
    private var bytes: [UInt8] = []

    static func render(_ body: MailBody) -> [UInt8] {
        var part = TextPart()
        part.bytes.reserveCapacity(body.replies.reduce(600) { $0 + $1.text.bytes.count + 120 })
        for (index, reply) in body.replies.enumerated() {
            if index > 0 { part.bytes.append(text: rule + "\n") }
            part.append(reply, hasLink: body.link != nil)
        }
        part.appendEnd(body)
        return part.bytes
    }

    private mutating func append(_ reply: MailBody.ReplyText, hasLink: Bool) {
        bytes.append(text: reply.author)
        bytes.append(text: ", ")
        bytes.append(short: reply.time)
        bytes.append(text: ":\n\n")
        if !reply.text.bytes.isEmpty {
            bytes.append(contentsOf: reply.text.bytes)
            bytes.append(text: "\n\n")
        }
        if reply.text.isCut {
            bytes.append(text: Wording.cut(hasLink: hasLink))
            bytes.append(text: "\n\n")
        }
        append(reply.attachments)
        if let page = reply.page {
            bytes.append(text: Wording.page)
            bytes.append(text: " ")
            bytes.append(text: page.description)
            bytes.append(text: "\n\n")
        }
    }

    private mutating func append(_ attachments: AttachmentList) {
        if attachments.isMalformed {
            bytes.append(text: Wording.unlistedAttachments)
            bytes.append(text: "\n\n")
        }
        guard !attachments.items.isEmpty || attachments.omitted > 0 else { return }
        bytes.append(text: Wording.attachments)
        bytes.append(0x0A)
        for attachment in attachments.items {
            bytes.append(text: "- ")
            bytes.append(text: attachment.name)
            if let size = attachment.sizeText { bytes.append(text: " (\(size))") }
            if let url = attachment.url { bytes.append(text: ": \(url)") }
            bytes.append(0x0A)
        }
        if attachments.omitted > 0 {
            bytes.append(text: "- \(Wording.moreAttachments(attachments.omitted))\n")
        }
        bytes.append(0x0A)
    }

    private mutating func appendEnd(_ body: MailBody) {
        bytes.append(text: Self.rule)
        let howToAnswer = Wording.howToAnswer(canReply: body.canReply, hasLink: body.link != nil)
        if let howToAnswer {
            bytes.append(text: howToAnswer)
            bytes.append(0x0A)
        }
        if let link = body.link {
            bytes.append(text: link.description)
            bytes.append(0x0A)
        }
        if let helpdesk = body.helpdesk {
            bytes.append(0x0A)
            bytes.append(text: Wording.footer(body.audience, helpdesk: helpdesk))
            bytes.append(0x0A)
        }
    }
}
