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

    // MARK: Many

    /// Forty-eight helpdesks: each has a bad colour, one of the last a bad locale besides.
    @Test func `no kind of fault is hidden behind many of another`() throws {
        let outbox = try Outbox()
        try outbox.connection.execute(
            """
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 48)
            INSERT INTO helpdesks (id, name, from_address, brand_color, locale)
            SELECT printf('h%02d', i), 'Acme', 'support@acme.test', printf('"%d"', i), iif(i = 40, 'xx', 'en') FROM n
            """)
        let lines = try outbox.run("check").output.split(separator: "\n").map(String.init)
            .filter { $0.contains("helpdesk") && $0.contains("database") }
        let color = "is no colour (#rrggbb), mails go without it"
        var expected = (1...5).map { "helpdesk h0\($0): brand_color \"\"\($0)\"\" \(color)" }
        expected.append("and 43 more like these: helpdesk h06, h07, h08, h09, h10, …")
        expected.append(
            "helpdesk h40: the helpdesk's locale \"xx\" is none of outboxd's languages, English is used"
        )
        #expect(lines == expected.map { "warn  database     \($0)" })
    }

    // MARK: SMTPUTF8

    @Test(arguments: [
        ("ann@example.test", "support@acme.test", false),
        ("ann@bücher.test", "support@acme.test", false),
        ("änn@example.test", "support@acme.test", true),
        ("ann@example.test", "süp@acme.test", true),
    ])
    func `an optional address does not make a mail need SMTPUTF8`(
        _ recipient: String, _ from: String, _ isUsed: Bool
    ) throws {
        let outbox = try outbox(
            [
                "from_address": from, "reply_to": "hilfe-ü@acme.test",
                "bounce_address": "bounce-ü@acme.test",
            ], to: recipient)
        let faults = [
            "reply_to \"hilfe-ü@acme.test\" needs SMTPUTF8, mails whose other addresses do not go without it",
            "bounce_address \"bounce-ü@acme.test\" needs SMTPUTF8, for mails whose other addresses do not "
                + "OUTBOXD_BOUNCE_ADDRESS or from_address is used",
        ]
        #expect(try notes(outbox) == (isUsed ? [] : faults))
        let check = try outbox.run("check").output
        for fault in faults {
            #expect(
                check.contains("helpdesk h: \(fault)\n") == from.hasPrefix("support"), "\(check)")
        }
        let mail = try outbox.run("preview", "1").output
        #expect(mail.contains("Reply-To: hilfe-ü@acme.test") == isUsed)
        #expect(mail.contains("reply directly") == isUsed || !mail.contains("Reply-To"))
    }

    @Test(arguments: [("bounce-ü@acme.test", true), ("bounce@bücher.test", false)])
    func `check tells of the setting's bounce address as well`(_ address: String, _ isTold: Bool)
        throws
    {
        let outbox = try Outbox()
        let check = try outbox.run("check", environment: ["OUTBOXD_BOUNCE_ADDRESS": address]).output
        #expect(
            check.contains("warn  settings     OUTBOXD_BOUNCE_ADDRESS needs SMTPUTF8") == isTold,
            "\(check)")
    }

    @Test func `a bounce address that is none is told`() throws {
        let outbox = try outbox(["bounce_address": "nobody"])
        let fault =
            "bounce_address \"nobody\" is no address, OUTBOXD_BOUNCE_ADDRESS or from_address is used"
        #expect(try notes(outbox) == [fault])
        #expect(try outbox.run("check").output.contains("helpdesk h: \(fault)\n"))
    }

    // MARK: One conversation

    private static let templates = [
        "reply_to": "r+{conversation}@acme.test",
        "ticket_center_url": "https://acme.test/{conversation}",
        "dashboard_url": "https://d.acme.test/{conversation}",
    ]

    @Test(arguments: [
        ("visitor", "ticket_center_url"), ("operator", "dashboard_url"),
    ])
    func `show tells what its conversation's id makes unusable`(
        _ audience: String, _ column: String
    ) throws {
        let long = String(repeating: "ü", count: 400)
        let outbox = try outbox(Self.templates, conversation: long, audience: audience)
        let id = "\"\(long.prefix(40))…\""
        #expect(
            try notes(outbox) == [
                "\(column) with conversation_id \(id) is no link, or too long, its mails go without it",
                "reply_to with conversation_id \(id) is no address, its mails go without it",
            ])
        #expect(try !outbox.run("check").output.contains("helpdesk h: "))
    }

    @Test func `an id with a space is fine in a link, and in no address`() throws {
        let outbox = try outbox(Self.templates, conversation: "a b")
        #expect(
            try notes(outbox) == [
                "reply_to with conversation_id \"a b\" is no address, its mails go without it"
            ])
        #expect(try notes(self.outbox(Self.templates)) == [])
    }
}
