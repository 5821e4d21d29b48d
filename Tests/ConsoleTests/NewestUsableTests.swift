import SQLite
import TestSupport
import Testing

/// Of several rows in one mail the newest counts that has a value which can be used.
struct NewestUsableTests {
    private func mail(_ column: String, _ values: [String?]) throws -> String {
        let outbox = try Outbox()
        try outbox.connection.execute(
            """
            INSERT INTO helpdesks (id, name, from_address, locale)
            VALUES ('h', 'Acme', 'support@acme.test', 'fr')
            """)
        for (index, value) in values.enumerated() {
            _ = try outbox.connection.statement(
                """
                INSERT INTO outbox (id, helpdesk_id, conversation_id, message_id, recipient_email,
                    author_name, body_text, created_at, \(column))
                VALUES (?, 'h', 'c', 'm' || ?1, 'ann@example.test', 'Olga', 'Hello', 1795369200000 + ?1, ?)
                """
            ).bind(Int64(index + 1)).bind(value).step()
        }
        return try outbox.run("preview", "1").output.replacing("\r\n", with: "\n")
    }

    @Test(
        arguments: [
            (["https://acme.test/u1", "https://acme.test/u2"], "<https://acme.test/u2>"),
            (["https://acme.test/u1", "javascript:x"], "<https://acme.test/u1>"),
            (["https://acme.test/u1", nil], "<https://acme.test/u1>"),
            (["https://acme.test/u1", ""], "<https://acme.test/u1>"), (["x", "y"], nil),
        ] as [([String?], String?)])
    func `the link to unsubscribe`(_ values: [String?], _ shown: String?) throws {
        let mail = try mail("unsubscribe_url", values)
        let line = mail.split(separator: "\n").first { $0.hasPrefix("List-Unsubscribe: ") }
        #expect(line.map(String.init) == shown.map { "List-Unsubscribe: \($0)" })
    }

    @Test(
        arguments: [
            ("locale", ["de", nil], "Content-Language: de\n"),
            ("locale", ["de", "xx"], "Content-Language: de\n"),
            ("locale", ["de", "nl"], "Content-Language: nl\n"),
            ("locale", ["xx", nil], "Content-Language: fr\n"),
            ("subject", ["A", "  "], "Subject: Re: A\n"),
            ("subject", ["A", "B"], "Subject: Re: B\n"),
            ("subject", ["A", "\u{200B}"], "Subject: Re: A\n"),
            ("in_reply_to", ["<a@b>", "x"], "In-Reply-To: <a@b>\n"),
            ("in_reply_to", ["<a@b>", "<c@d>"], "In-Reply-To: <c@d>\n"),
            ("recipient_name", ["Ann", " "], "To: Ann <"),
            ("recipient_name", ["Ann", "Eve"], "To: Eve <"),
        ] as [(String, [String?], String)])
    func `what else is the mail's`(_ column: String, _ values: [String?], _ line: String) throws {
        let mail = try mail(column, values)
        #expect(mail.contains("\n\(line)"), "\(mail.prefix(900))")
    }
}
