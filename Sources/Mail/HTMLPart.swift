/// The text/html part, with LF at line ends: what the text part says, plainly.
///
/// `dir="auto"` lets each text run in its own script's direction.
struct HTMLPart {
    private var bytes: [UInt8] = []

    static func render(_ body: MailBody) -> [UInt8] {
        var part = HTMLPart()
        part.bytes.reserveCapacity(body.replies.reduce(1_600) { $0 + $1.text.bytes.count + 400 })
        part.appendStart(body)
        for (index, reply) in body.replies.enumerated() {
            if index > 0 { part.bytes.append(text: "<hr>\n") }
            part.append(reply, hasLink: body.link != nil)
        }
        part.appendEnd(body)
        return part.bytes
    }

    private mutating func appendStart(_ body: MailBody) {
        bytes.append(text: "<!DOCTYPE html>\n<html lang=\"")
        bytes.append(text: body.language)
        bytes.append(text: "\">\n<head>\n<meta charset=\"utf-8\">\n<title>")
        bytes.append(escaping: body.subject)
        bytes.append(text: "</title>\n</head>\n<body>\n")
    }

    private mutating func append(_ reply: MailBody.ReplyText, hasLink: Bool) {
        bytes.append(text: "<p><strong><bdi>")
        bytes.append(escaping: reply.author)
        bytes.append(text: "</bdi></strong>, ")
        bytes.append(short: reply.time)
        bytes.append(text: ":</p>\n")
        if !reply.text.bytes.isEmpty {
            bytes.append(text: "<p dir=\"auto\">")
            bytes.append(escaping: reply.text.bytes)
            bytes.append(text: "</p>\n")
        }
        if reply.text.isCut { appendParagraph(Wording.cut(hasLink: hasLink)) }
        append(reply.attachments)
        if let page = reply.page {
            bytes.append(text: "<p>\(Wording.page) ")
            appendLink(page, text: page.description)
            bytes.append(text: "</p>\n")
        }
    }

    private mutating func append(_ attachments: AttachmentList) {
        if attachments.isMalformed { appendParagraph(Wording.unlistedAttachments) }
        guard !attachments.items.isEmpty || attachments.omitted > 0 else { return }
        appendParagraph(Wording.attachments)
        bytes.append(text: "<ul>\n")
        for attachment in attachments.items {
            bytes.append(text: "<li><bdi>")
            if let url = attachment.url {
                appendLink(url, text: attachment.name)
            } else {
                bytes.append(escaping: attachment.name)
            }
            bytes.append(text: "</bdi>")
            if let size = attachment.sizeText { bytes.append(text: " (\(size))") }
            bytes.append(text: "</li>\n")
        }
        if attachments.omitted > 0 {
            bytes.append(text: "<li>\(Wording.moreAttachments(attachments.omitted))</li>\n")
        }
        bytes.append(text: "</ul>\n")
    }

    private mutating func appendEnd(_ body: MailBody) {
        bytes.append(text: "<hr>\n")
        let howToAnswer = Wording.howToAnswer(canReply: body.canReply, hasLink: body.link != nil)
        if let howToAnswer { appendParagraph(howToAnswer) }
        if let link = body.link {
            bytes.append(text: "<p>")
            appendLink(link, text: Wording.openConversation)
            bytes.append(text: "</p>\n")
        }
        if let helpdesk = body.helpdesk {
            appendParagraph(Wording.footer(body.audience, helpdesk: helpdesk))
        }
        bytes.append(text: "</body>\n</html>\n")
    }

    private mutating func appendParagraph(_ text: String) {
        bytes.append(text: "<p>")
        bytes.append(escaping: text)
        bytes.append(text: "</p>\n")
    }

    private mutating func appendLink(_ url: WebURL, text: String) {
        bytes.append(text: "<a href=\"")
        bytes.append(escaping: url.description)
        bytes.append(text: "\">")
        bytes.append(escaping: text)
        bytes.append(text: "</a>")
    }
}
