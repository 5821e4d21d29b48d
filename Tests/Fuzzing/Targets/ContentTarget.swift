import Delivery

@testable import Mail
@testable import SMTP

/// `body_text` on its way to the relay: encoded, dots doubled, and read again as it was.
enum ContentTarget: FuzzTarget {
    static let name = "content"
    static let words = [
        "\n.\n", "\r\n.\r\n", ".", "=", "=\n", " \n", "\t\n", "\n--=_", "ü", "日本語", "\0", "\r",
        "```\n", "https://x.test/", "> ", "<b>", "&", String(repeating: "x", count: 75),
        String(repeating: "é", count: 40),
    ]

    static func check(_ input: [UInt8]) throws(Broken) {
        try checkEncodings(input)
        try checkSent(input)
        try checkMail(String(decoding: input, as: UTF8.self))
    }

    /// LF is a line break; whatever else is an octet.
    private static func checkEncodings(_ text: [UInt8]) throws(Broken) {
        var quoted: [UInt8] = []
        QuotedPrintable.append(text, to: &quoted)
        try demand(try MIMEReader.quotedPrintable(quoted) == text, "quoted-printable: another text")
        var base64: [UInt8] = []
        TransferEncoding.append(base64: text, to: &base64)
        let canonical = text.flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] }
        try demand(try MIMEReader.base64(lines: base64) == canonical, "base64: another text")
        let (encoding, octets) = MailSize.encoded(text)
        try demand(
            octets == (encoding == .base64 ? base64 : quoted)
                && octets.count <= max(quoted.count, base64.count),
            "the shorter encoding is another")
    }

    /// Any octets, as the dialogue gets them: sent whole, or refused.
    private static func checkSent(_ message: [UInt8]) throws(Broken) {
        let isGood =
            !message.contains(0) && (try? MIMEReader.lines(of: message, limit: .max)) != nil
        guard let content = try? MessageContent(SurveyedMessage(message)) else {
            return try demand(!isGood, "refused a message")
        }
        try demand(isGood, "took a message with a NUL or half a line break")
        let isEnded = message.isEmpty || message.last == 0x0A
        try demand(
            try MIMEReader.unstuffed(content.bytes) == message + (isEnded ? [] : [0x0D, 0x0A]),
            "the relay gets another message")
    }

    private static func checkMail(_ text: String) throws(Broken) {
        guard let to = try? EmailAddress("ann@example.test"), let id = MessageID("1.2@acme.test")
        else { throw Broken("no sample") }
        let content = MailContent(
            messageID: id, date: WallTime(milliseconds: 1_780_000_000_000),
            from: Mailbox(address: to), to: Mailbox(address: to), helpdeskID: "acme",
            conversationID: "c",
            replies: [
                Reply(
                    authorName: "Olga", createdAt: WallTime(milliseconds: 1_780_000_000_000),
                    text: text, isCut: false, attachments: .empty, pageURL: nil)
            ])
        let mail = MailComposer.compose(content)
        let parts = try MultipartReader.parts(mail.bytes)
        try demand(parts.map(\.type) == ["text/plain", "text/html"], "the parts are \(parts)")
        try demand(parts[0].octets == MailComposer.text(content), "the text part is another")
        try demand(parts[1].octets == MailComposer.html(content), "the HTML part is another")
        try checkSent(mail.bytes)
    }
}
