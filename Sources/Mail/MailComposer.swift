internal import Delivery

/// Composes mails (RFC 5322, RFC 2045 to 2047): multipart/alternative, text and HTML, both
/// quoted-printable.
///
/// Pure: nothing of the mail comes from a clock or a random number.
package enum MailComposer {
    /// The most octets of a link in List-Unsubscribe: it can't be folded, and a line of a header
    /// ends at 998.
    static let maximumUnsubscribeLength = 900

    package static func compose(_ content: MailContent) -> ComposedMail {
        let body = MailBody(content)
        let text = TextPart.render(body)
        let html = HTMLPart.render(body)
        var writer = HeaderWriter(capacity: 1_500 + (text.count + html.count) * 5 / 4)
        appendHeader(content, subject: body.subject, to: &writer)
        let boundary = boundary(content.messageID)
        writer.lines("MIME-Version: 1.0\r\nContent-Type: multipart/alternative;\r\n boundary=\"")
        var bytes = writer.finish()
        bytes.append(text: boundary)
        bytes.append(text: "\"\r\n")
        append(text, header: plainHeader, boundary: boundary, to: &bytes)
        append(html, header: htmlHeader, boundary: boundary, to: &bytes)
        bytes.append(text: "\r\n--")
        bytes.append(text: boundary)
        bytes.append(text: "--\r\n")
        return ComposedMail(bytes: bytes, needsSMTPUTF8: needsSMTPUTF8(content))
    }

    /// The text part alone, with LF at line ends.
    package static func text(_ content: MailContent) -> [UInt8] {
        TextPart.render(MailBody(content))
    }

    /// The HTML part alone, with LF at line ends.
    package static func html(_ content: MailContent) -> [UInt8] {
        HTMLPart.render(MailBody(content))
    }

    private static func needsSMTPUTF8(_ content: MailContent) -> Bool {
        let addresses = [
            content.from.address, content.to.address, content.replyTo, content.envelopeSender,
        ]
        return addresses.contains { $0?.isASCII == false }
    }

    private static func appendHeader(
        _ content: MailContent, subject: String, to writer: inout HeaderWriter
    ) {
        let anchor = MessageID.anchor(
            helpdesk: content.helpdeskID, conversation: content.conversationID,
            domain: content.from.address.domain)
        let inReplyTo = content.inReplyTo.flatMap { MessageID($0) }
        writer.date(CalendarTime(content.date))
        writer.mailbox("From: ", from(content))
        writer.mailbox("To: ", content.to)
        if let replyTo = content.replyTo {
            writer.mailbox("Reply-To: ", Mailbox(address: replyTo))
        }
        writer.unstructured("Subject: ", subject)
        writer.identifiers("Message-ID: ", [content.messageID])
        writer.identifiers("In-Reply-To: ", [inReplyTo ?? anchor])
        writer.identifiers("References: ", [anchor] + (inReplyTo.map { [$0] } ?? []))
        writer.lines(automatic)
        appendUnsubscribe(content.unsubscribeURL, to: &writer)
    }

    /// RFC 3834, section 5; and for Exchange, whose "All" would suppress bounces as well.
    private static let automatic = """
        Auto-Submitted: auto-generated\r
        X-Auto-Response-Suppress: OOF, AutoReply\r\n
        """

    /// The helpdesk's name, stable over a conversation.
    ///
    /// Not the author's: visitors choose theirs, and it would stand beside the helpdesk's address.
    private static func from(_ content: MailContent) -> Mailbox {
        Mailbox(name: content.from.name ?? content.helpdeskName, address: content.from.address)
    }

    /// RFC 2369, section 3.2, and RFC 8058, section 3.1, which takes https alone.
    private static func appendUnsubscribe(_ text: String?, to writer: inout HeaderWriter) {
        guard let url = text.flatMap({ WebURL($0) }), url.isHTTPS,
            url.description.utf8.count <= maximumUnsubscribeLength
        else { return }
        writer.link("List-Unsubscribe: ", url)
        writer.lines("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n")
    }

    /// `=_` can't stand in quoted-printable, so no part holds the boundary (RFC 2045, section 6.7).
    private static func boundary(_ messageID: MessageID) -> String {
        var hash = FNV1a128()
        hash.combine(messageID.description)
        return "=_" + hash.hex
    }

    private static let plainHeader = """
        \r
        Content-Type: text/plain; charset=utf-8\r
        Content-Transfer-Encoding: quoted-printable\r
        \r\n
        """
    private static let htmlHeader = """
        \r
        Content-Type: text/html; charset=utf-8\r
        Content-Transfer-Encoding: quoted-printable\r
        \r\n
        """

    /// The line break before a delimiter belongs to it (RFC 2046, section 5.1.1).
    private static func append(
        _ part: [UInt8], header: String, boundary: String, to bytes: inout [UInt8]
    ) {
        bytes.append(text: "\r\n--")
        bytes.append(text: boundary)
        bytes.append(text: header)
        QuotedPrintable.append(part, to: &bytes)
    }
}
