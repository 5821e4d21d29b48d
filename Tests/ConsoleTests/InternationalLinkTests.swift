import Foundation
import SQLite
import TestSupport
import Testing

/// Links to hosts in other scripts work wherever a table holds them.
struct InternationalLinkTests {
    private func mails(allowedDomains: String) throws -> (visitor: String, operator: String) {
        let outbox = try Outbox()
        try outbox.connection.execute(
            """
            INSERT INTO helpdesks (id, name, from_address, ticket_center_url, dashboard_url, logo_url, allowed_domains)
            VALUES ('h', 'Acme', 'support@acme.test', 'https://hilfe.bücher.test/ä/{conversation}',
                'http://пример.рф:8080/{conversation}', 'https://Bücher.test/logo.png', '\(allowedDomains)')
            """)
        for (id, audience) in [(1, "visitor"), (2, "operator")] {
            try outbox.connection.execute(
                """
                INSERT INTO outbox (id, helpdesk_id, conversation_id, message_id, audience, recipient_email, author_name,
                    body_text, attachments, page_url, unsubscribe_url, created_at)
                VALUES (\(id), 'h', 'c', 'm\(id)', '\(audience)', 'ann@example.test', 'Olga', 'See https://例え.テスト/a.',
                    '[{"name":"a.pdf","url":"https://bücher.test/a.pdf"}]', 'https://laden.bücher.test/größe',
                    'https://bücher.test/u', 1795369200000)
                """)
        }
        let notes = try outbox.run("check").output.split(separator: "\n")
        #expect(!notes.contains { $0.contains("helpdesk h: ") && $0.contains("_url") }, "\(notes)")
        return (try mail(outbox, 1), try mail(outbox, 2))
    }

    /// Its header and its HTML.
    private func mail(_ outbox: Outbox, _ id: Int) throws -> String {
        let file = outbox.directory.file("mail.html")
        let message = try outbox.run("preview", "\(id)").output
        _ = try outbox.run("preview", "\(id)", "--html", file)
        return try message + String(contentsOfFile: file, encoding: .utf8)
    }

    @Test(arguments: ["bücher.test", "BÜCHER.test", "xn--bcher-kva.test"])
    func `each column's link works`(_ allowedDomains: String) throws {
        let (visitor, toOperator) = try mails(allowedDomains: allowedDomains)
        for part in [
            "href=\"https://hilfe.xn--bcher-kva.test/%C3%A4/c\"",
            "<img src=\"https://xn--bcher-kva.test/logo.png\"",
            "href=\"https://xn--bcher-kva.test/a.pdf\"", "href=\"https://xn--bcher-kva.test/u\"",
            "List-Unsubscribe: <https://xn--bcher-kva.test/u>",
            "See <a href=\"https://xn--r8jz45g.xn--zckzah/a\" style=\"color:#1f5fbf\">https://例え.テスト/a</a>.",
        ] {
            #expect(visitor.contains(part), "\(part) in \(visitor)")
        }
        for part in [
            "href=\"http://xn--e1afmkfd.xn--p1ai:8080/c\"",
            "href=\"https://laden.xn--bcher-kva.test/gr%C3%B6%C3%9Fe\"",
        ] {
            #expect(toOperator.contains(part), "\(part) in \(toOperator)")
        }
    }
}
