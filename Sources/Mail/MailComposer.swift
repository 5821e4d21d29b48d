internal import Delivery

/// Composes mails (RFC 5322, RFC 2045 to 2047): multipart/alternative, text and HTML; text alone where that would be too
/// large (``MailSize``).
///
/// Pure: nothing of the mail comes from a clock or a random number.
package enum MailComposer {
    package static func compose(
        _ content: MailContent, toASCII: @escaping DomainToASCII = { _ in nil }
    ) -> ComposedMail {
        let body = MailBody(content, toASCII: toASCII)
        let text = TextPart.render(body)
        let html = HTMLPart.render(body)
        let frame = body.language.frame
        if MailSize.isTooLarge(html: html, in: frame) {
            return plain(content, body, MailSize.bounded(text, of: content, toASCII: toASCII))
        }
        let frameLength = frame.encodedStart.count + frame.encodedOpening.count
        var writer = HeaderWriter(
            capacity: 1_300 + frameLength + (text.count + html.count) * 17 / 16)
        appendHeader(content, body, to: &writer)
        let boundary = boundary(content.messageID)
        writer.lines("MIME-Version: 1.0\r\nContent-Type: multipart/alternative;\r\n boundary=\"")
        var bytes = writer.finish()
        bytes.append(text: boundary)
        bytes.append(text: "\"\r\n")
        append(text, boundary: boundary, to: &bytes)
        append(html: html, of: body, boundary: boundary, to: &bytes)
        bytes.append(text: "\r\n--")
        bytes.append(text: boundary)
        bytes.append(text: "--\r\n")
        return ComposedMail(bytes: trimmed(bytes), needsSMTPUTF8: needsSMTPUTF8(content))
    }

    /// A mail of the text part alone.
    private static func plain(
        _ content: MailContent, _ body: MailBody, _ text: [UInt8]
    ) -> ComposedMail {
        let (encoding, encoded) = MailSize.encoded(text)
        var writer = HeaderWriter(capacity: 1_300 + encoded.count)
        appendHeader(content, body, to: &writer)
        writer.lines("MIME-Version: 1.0\r\n")
        var bytes = writer.finish()
        appendType("plain", encoding, to: &bytes)
        bytes += encoded
        // The text ends with a line break, which quoted-printable keeps and base64 encodes.
        if encoding == .base64 { bytes.append(text: "\r\n") }
        return ComposedMail(bytes: trimmed(bytes), needsSMTPUTF8: needsSMTPUTF8(content))
    }

    /// Mails wait in memory by the hundreds: they take no more than they need.
    private static func trimmed(_ bytes: [UInt8]) -> [UInt8] {
        bytes.capacity - bytes.count > 128 ? Array(bytes[...]) : bytes
    }

    /// The text part alone, with LF at line ends.
    package static func text(
        _ content: MailContent, toASCII: @escaping DomainToASCII = { _ in nil }
    ) -> [UInt8] {
        TextPart.render(MailBody(content, toASCII: toASCII))
    }

    /// The HTML part alone, with LF at line ends.
    package static func html(
        _ content: MailContent, toASCII: @escaping DomainToASCII = { _ in nil }
    ) -> [UInt8] {
        let body = MailBody(content, toASCII: toASCII)
        return whole(HTMLPart.render(body), of: body)
    }

    private static func whole(_ html: [UInt8], of body: MailBody) -> [UInt8] {
        let frame = body.language.frame
        return frame.start + HTMLPart.title(body) + frame.opening + html
    }

    private static func needsSMTPUTF8(_ content: MailContent) -> Bool {
        !content.from.address.isASCII || !content.to.address.isASCII
            || content.replyTo?.isASCII == false || content.envelopeSender?.isASCII == false
    }

    private static func appendHeader(
        _ content: MailContent, _ body: MailBody, to writer: inout HeaderWriter
    ) {
        let domain = MessageID.domain(content.from.address.domain)
        let anchor = MessageID.anchor(
            helpdesk: content.helpdeskID, conversation: content.conversationID, domain: domain)
        let inReplyTo = content.inReplyTo.flatMap { MessageID($0) }
        writer.date(CalendarTime(content.date))
        writer.mailbox("From: ", from(content, body))
        writer.mailbox("To: ", content.to)
        if let replyTo = content.replyTo {
            writer.mailbox("Reply-To: ", Mailbox(address: replyTo))
        }
        writer.unstructured("Subject: ", body.subject)
        writer.identifiers("Message-ID: ", [content.messageID])
        writer.identifiers("In-Reply-To: ", [inReplyTo ?? anchor])
        writer.identifiers("References: ", [anchor] + (inReplyTo.map { [$0] } ?? []))
        if let name = content.idempotencyHeader {
            writer.line(name, ": ", content.messageID.description)
        }
        writer.lines(automatic)
        appendOrigin(content, body, domain: domain, to: &writer)
        appendUnsubscribe(body.unsubscribe, to: &writer)
    }

    /// RFC 3834, section 5; and for Exchange, whose "All" would suppress bounces as well.
    private static let automatic = """
        Auto-Submitted: auto-generated\r
        X-Auto-Response-Suppress: OOF, AutoReply\r\n
        """

    private static func from(_ content: MailContent, _ body: MailBody) -> Mailbox {
        let name = Author.from(
            content.replies.map(\.authorName), of: content.audience, brand: body.brand,
            body.language
        )
        return Mailbox(name: name, address: content.from.address)
    }

    /// Which helpdesk's notifications these are, for filters (RFC 2919, section 2) and for Gmail's statistics of
    /// complaints (https://support.google.com/mail/answer/6254652), and in which language (RFC 3282).
    private static func appendOrigin(
        _ content: MailContent, _ body: MailBody, domain: String, to writer: inout HeaderWriter
    ) {
        let helpdesk = HelpdeskLabel.of(content.helpdeskID)
        writer.line("List-Id: <", helpdesk, ".replies.", domain, ">")
        writer.line("Feedback-ID: ", content.audience.rawValue, ":", helpdesk, ":reply:outboxd")
        writer.line("Content-Language: ", body.language.phrases.tag)
    }

    private static func appendUnsubscribe(_ link: UnsubscribeLink?, to writer: inout HeaderWriter) {
        guard let link, link.mayStandInHeader else { return }
        writer.link("List-Unsubscribe: ", link.url)
        writer.lines("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n")
    }

    /// `=_` can't stand in quoted-printable, so no part holds the boundary (RFC 2045, section 6.7).
    private static func boundary(_ messageID: MessageID) -> String {
        var hash = FNV1a128()
        hash.combine(messageID.description)
        return "=_" + hash.hex
    }

    private static func append(_ text: [UInt8], boundary: String, to bytes: inout [UInt8]) {
        guard text.count <= MailSize.small else {
            let (encoding, encoded) = MailSize.encoded(text)
            begin(boundary, "plain", encoding, to: &bytes)
            bytes += encoded
            return
        }
        let encoding = TransferEncoding(for: text)
        begin(boundary, "plain", encoding, to: &bytes)
        encoding.append(text, to: &bytes)
    }

    private static func append(
        html: [UInt8], of body: MailBody, boundary: String, to bytes: inout [UInt8]
    ) {
        let frame = body.language.frame
        guard html.count <= MailSize.small else {
            let (encoding, encoded) = MailSize.encoded(whole(html, of: body))
            begin(boundary, "html", encoding, to: &bytes)
            bytes += encoded
            return
        }
        let encoding = TransferEncoding(
            for: html, besides: frame.start.count + frame.opening.count)
        begin(boundary, "html", encoding, to: &bytes)
        switch encoding {
        case .quotedPrintable:
            // The frames are encoded once for each language.
            bytes.append(contentsOf: frame.encodedStart)
            QuotedPrintable.append(HTMLPart.title(body), to: &bytes)
            bytes.append(contentsOf: frame.encodedOpening)
            QuotedPrintable.append(html, to: &bytes)
        case .base64:
            encoding.append(whole(html, of: body), to: &bytes)
        }
    }

    /// The line break before a delimiter belongs to it (RFC 2046, section 5.1.1).
    private static func begin(
        _ boundary: String, _ subtype: String, _ encoding: TransferEncoding,
        to bytes: inout [UInt8]
    ) {
        bytes.append(text: "\r\n--")
        bytes.append(text: boundary)
        bytes.append(text: "\r\n")
        appendType(subtype, encoding, to: &bytes)
    }

    private static func appendType(
        _ subtype: String, _ encoding: TransferEncoding, to bytes: inout [UInt8]
    ) {
        bytes.append(text: "Content-Type: text/")
        bytes.append(text: subtype)
        bytes.append(text: "; charset=utf-8\r\nContent-Transfer-Encoding: ")
        bytes.append(text: encoding.rawValue)
        bytes.append(text: "\r\n\r\n")
    }
}
