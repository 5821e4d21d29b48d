internal import Delivery

/// Composes mails (RFC 5322, RFC 2045 to 2047): multipart/alternative, text and HTML; text alone where that would be too
/// large (``MailSize``).
///
/// Pure: nothing of the mail comes from a clock or a random number.
package enum MailComposer {
    package static func compose(
        _ content: MailContent, toASCII: @escaping DomainToASCII = { _ in nil }
    ) -> ComposedMail {
        compose(content, on: Letterhead(content, toASCII: toASCII), toASCII: toASCII)
    }

    /// - Parameter letterhead: made of the same content, or of another one with the same letterhead.
    package static func compose(
        _ content: borrowing MailContent, on letterhead: Letterhead,
        toASCII: @escaping DomainToASCII
    ) -> ComposedMail {
        let body = MailBody(content, on: letterhead, toASCII: toASCII)
        let (text, textSize) = text(content, body)
        guard let html = MailSize.html(body, beside: text, textSize) else {
            return plain(content, body, text.octets)
        }
        let frame = body.language.frame
        let htmlSize = html.contentSize
        var writer = HeaderWriter(
            capacity: 1_300 + (frame.length + textSize.total + htmlSize.total) * 17 / 16)
        appendHeader(content, body, to: &writer)
        let boundary = boundary(content.messageID)
        writer.lines(
            "MIME-Version: 1.0\r\nContent-Type: multipart/alternative;\r\n boundary=\"=_")
        var bytes = writer.finish()
        bytes.append(boundary.span, boundary.indices)
        bytes.append(text: "\"\r\n")
        append(text, .plain, textSize, boundary: boundary, to: &bytes)
        append(html, .html, htmlSize, besides: frame.length, boundary: boundary, to: &bytes)
        bytes.append(text: "\r\n--=_")
        bytes.append(boundary.span, boundary.indices)
        bytes.append(text: "--\r\n")
        return ComposedMail(bytes: trimmed(bytes), needsSMTPUTF8: needsSMTPUTF8(content))
    }

    /// A mail of the text part alone.
    private static func plain(
        _ content: borrowing MailContent, _ body: MailBody, _ text: [UInt8]
    ) -> ComposedMail {
        let (encoding, encoded) = MailSize.encoded(text)
        var writer = HeaderWriter(capacity: 1_300 + encoded.count)
        appendHeader(content, body, to: &writer)
        writer.lines("MIME-Version: 1.0\r\n")
        var bytes = writer.finish()
        append(.plain, encoding, to: &bytes)
        bytes += encoded
        // The text ends with a line break, which quoted-printable keeps and base64 encodes.
        if encoding == .base64 { bytes.append(text: "\r\n") }
        return ComposedMail(bytes: trimmed(bytes), needsSMTPUTF8: needsSMTPUTF8(content))
    }

    /// Mails wait in memory by the hundreds: they take little more than they need.
    ///
    /// An array made of a slice of all of it would keep the buffer that is too large.
    private static func trimmed(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.capacity - bytes.count > bytes.count / 8 else { return bytes }
        var copy: [UInt8] = []
        copy.reserveCapacity(bytes.count)
        copy.append(bytes.span, bytes.indices)
        return copy
    }

    /// The text part alone, with LF at line ends.
    package static func text(
        _ content: MailContent, toASCII: @escaping DomainToASCII = { _ in nil }
    ) -> [UInt8] {
        text(content, body(content, toASCII)).part.octets
    }

    private static func text(
        _ content: borrowing MailContent, _ body: MailBody
    ) -> (part: TextPart, size: PartSize) {
        let text = TextPart(body)
        var size = PartSize()
        text.write(to: &size)
        guard size.total > MailSize.shortText else { return (text, size) }
        let bounded = MailSize.bounded(text, of: content, on: body.letterhead, body.toASCII)
        return (bounded, PartSize(of: bounded.octets))
    }

    /// The HTML part alone, with LF at line ends; empty where a mail goes without.
    package static func html(
        _ content: MailContent, toASCII: @escaping DomainToASCII = { _ in nil }
    ) -> [UInt8] {
        let body = body(content, toASCII)
        let (text, textSize) = text(content, body)
        return MailSize.html(body, beside: text, textSize)?.octets ?? []
    }

    private static func body(
        _ content: MailContent, _ toASCII: @escaping DomainToASCII
    ) -> MailBody {
        MailBody(content, on: Letterhead(content, toASCII: toASCII), toASCII: toASCII)
    }

    private static func needsSMTPUTF8(_ content: borrowing MailContent) -> Bool {
        !content.from.address.isASCII || !content.to.address.isASCII
            || content.replyTo?.isASCII == false || content.envelopeSender?.isASCII == false
    }

    private static func appendHeader(
        _ content: borrowing MailContent, _ body: MailBody, to writer: inout HeaderWriter
    ) {
        let anchor = ConversationAnchor(
            helpdesk: content.helpdeskID, conversation: content.conversationID,
            domain: body.letterhead.header.domain)
        let inReplyTo = content.inReplyTo.flatMap { MessageID($0) }
        let shared = body.letterhead.header
        writer.lines(shared.date(content.date))
        writer.lines(shared.from(content.replies))
        writer.mailbox("To: ", content.to)
        if let replyTo = content.replyTo {
            writer.mailbox("Reply-To: ", Mailbox(address: replyTo))
        }
        writer.unstructured("Subject: ", body.subject)
        writer.identifier("Message-ID: ", content.messageID)
        writer.thread(anchor, inReplyTo: inReplyTo)
        if let name = content.idempotencyHeader {
            writer.line(name, ": ", content.messageID.description)
        }
        writer.lines(shared.lines)
        appendUnsubscribe(body.unsubscribe, to: &writer)
    }

    private static func appendUnsubscribe(_ link: UnsubscribeLink?, to writer: inout HeaderWriter) {
        guard let link, link.mayStandInHeader else { return }
        writer.link("List-Unsubscribe: ", link.url)
        writer.lines("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n")
    }

    /// What follows `=_` in the boundary.
    ///
    /// `=_` can't stand in quoted-printable, so no part holds the boundary (RFC 2045, section 6.7).
    private typealias Boundary = InlineArray<32, UInt8>

    private static func boundary(_ messageID: MessageID) -> Boundary {
        var hash = FNV1a128()
        hash.combine(messageID.description)
        return hash.hex
    }

    /// - Parameters:
    ///   - size: what decides on its encoding.
    ///   - asciiOctets: of the same part, besides.
    private static func append(
        _ part: some MailPart, _ kind: TextKind, _ size: PartSize, besides asciiOctets: Int = 0,
        boundary: Boundary, to bytes: inout [UInt8]
    ) {
        guard size.total <= MailSize.small else {
            let (encoding, encoded) = MailSize.encoded(part.octets)
            begin(boundary, kind, encoding, to: &bytes)
            bytes += encoded
            return
        }
        let encoding = TransferEncoding(size, besides: asciiOctets)
        begin(boundary, kind, encoding, to: &bytes)
        switch encoding {
        case .quotedPrintable:
            var writer = QuotedPrintable(behind: consume bytes)
            part.write(to: &writer)
            bytes = writer.finish()
        case .base64: TransferEncoding.append(base64: part.octets, to: &bytes)
        }
    }

    /// The line break before a delimiter belongs to it (RFC 2046, section 5.1.1).
    private static func begin(
        _ boundary: Boundary, _ kind: TextKind, _ encoding: TransferEncoding,
        to bytes: inout [UInt8]
    ) {
        bytes.append(text: "\r\n--=_")
        bytes.append(boundary.span, boundary.indices)
        bytes.append(text: "\r\n")
        append(kind, encoding, to: &bytes)
    }

    /// What is said of a part before its encoding.
    private enum TextKind: String {
        case plain = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: "
        case html = "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: "
    }

    private static func append(
        _ kind: TextKind, _ encoding: TransferEncoding, to bytes: inout [UInt8]
    ) {
        bytes.append(text: kind.rawValue)
        bytes.append(text: encoding.rawValue)
        bytes.append(text: "\r\n\r\n")
    }
}
