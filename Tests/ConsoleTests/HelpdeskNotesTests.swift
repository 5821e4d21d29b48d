import Foundation
import SQLite
import TestSupport
import Testing

/// A helpdesk's values that are no use in mails, or in some: the mail goes out without, and it is told.
struct HelpdeskNotesTests {
    private func outbox(
        _ values: [String: String], to recipient: String = "ann@example.test",
        conversation: String = "c", audience: String = "visitor"
    ) throws -> Outbox {
        let outbox = try Outbox()
        let connection = outbox.connection
        try connection.execute(
            """
            INSERT INTO helpdesks (id, name, from_address, allowed_domains)
            VALUES ('h', 'Acme', 'support@acme.test', 'acme.test')
            """)
        for (column, value) in values {
            // The API server's SQLite takes longer ones than ours.
            try connection.withValues(upTo: 1_000_000) {
                _ = try connection.statement("UPDATE helpdesks SET \(column) = ?").bind(value)
                    .step()
            }
        }
        let row = try connection.statement(
            """
            INSERT INTO outbox (id, helpdesk_id, conversation_id, message_id, audience, recipient_email,
                body_text, created_at)
            VALUES (1, 'h', ?, 'm', ?, ?, 'Hello', 1795369200000)
            """)
        _ = try row.bind(conversation).bind(audience).bind(recipient).step()
        return outbox
    }

    private func notes(_ outbox: Outbox) throws -> [String] {
        try outbox.run("show", "1").output.split(separator: "\n").filter {
            $0.hasPrefix("  note ")
        }.map { String($0.drop { $0 != "n" }.dropFirst(4).drop { $0 == " " }) }
    }

    // MARK: Too long for SQLite

    @Test(arguments: [
        "reply_to", "bounce_address", "ticket_center_url", "dashboard_url", "allowed_domains",
        "locale", "time_zone", "brand_color", "logo_url", "footer_text",
    ])
    func `an optional value that can't be read counts as not set`(_ column: String) throws {
        var values = ["footer_text": "Acme Ltd"]
        values[column] = String(repeating: "x", count: 500_000)
        let outbox = try outbox(values)
        let fault = "\(column) has more than 400000 octets and counts as not set"
        #expect(try notes(outbox) == [fault])
        let check = try outbox.run("check").output
        #expect(check.contains("warn  database     helpdesk h: \(fault)\n"), "\(check)")
        let mail = try outbox.run("preview", "1", "--text").output
        #expect(mail.contains("You get this because you wrote to Acme."))
        #expect(mail.contains("Acme Ltd") == (column != "footer_text"))
    }

    @Test(arguments: ["name", "from_address"])
    func `check names what no mail can do without`(_ column: String) throws {
        let outbox = try outbox([column: String(repeating: "x", count: 500_000)])
        let check = try outbox.run("check").output
        #expect(
            check.contains(
                "FAIL  database     helpdesk h can't be read, and its mail waits: \(column): string or blob too big"
            ), "\(check)")
    }
}
