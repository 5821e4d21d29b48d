package import Delivery

/// A mail that says of itself that it is a test (`outboxd send-test`): plain text, about no
/// conversation.
package struct TestMail: Sendable {
    package var from: Mailbox
    package var to: EmailAddress
    package var messageID: MessageID
    package var date: WallTime
    /// The machine that it is sent from.
    package var host: String
    /// Whose sender it is from; nil: `OUTBOXD_FROM`.
    package var helpdesk: String?

    package init(
        from: Mailbox, to: EmailAddress, messageID: MessageID, date: WallTime, host: String,
        helpdesk: String?
    ) {
        self.from = from
        self.to = to
        self.messageID = messageID
        self.date = date
        self.host = host
        self.helpdesk = helpdesk
    }

    package func compose() -> ComposedMail {
        let host = OneLine.clean(host, limit: 253)
        var writer = HeaderWriter(capacity: 1_500)
        writer.date(CalendarTime(date))
        writer.mailbox("From: ", from)
        writer.mailbox("To: ", Mailbox(address: to))
        writer.unstructured("Subject: ", "Test by outboxd on \(host)")
        writer.identifier("Message-ID: ", messageID)
        // RFC 3834, section 5.
        writer.lines(
            """
            Auto-Submitted: auto-generated\r
            X-Auto-Response-Suppress: OOF, AutoReply\r
            MIME-Version: 1.0\r
            Content-Type: text/plain; charset=utf-8\r
            Content-Transfer-Encoding: quoted-printable\r
            \r\n
            """)
        var bytes = writer.finish()
        QuotedPrintable.append(Array(text(host).utf8), to: &bytes)
        return ComposedMail(bytes: bytes, needsSMTPUTF8: !from.address.isASCII || !to.isASCII)
    }

    private func text(_ host: String) -> String {
        let sender = helpdesk.map { "of the helpdesk \(OneLine.clean($0, limit: 200))" }
        return """
            This is a test. Nobody has replied to you, and there is nothing to do.

            It was sent by outboxd on \(host), \(CalendarTime(date).shortText), with the
            sender \(sender ?? "of OUTBOXD_FROM"), to see whether the mail relay takes its mail.

            """
    }
}
