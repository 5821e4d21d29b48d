import Delivery
import Foundation
import SQLite
import TestSupport
import Testing

/// "An id used twice": a row is deleted and another gets its id.
struct UsedTwiceTests {
    /// Ann's row is ingested and held; then its id belongs to a row for Ben, in a conversation of his own.
    @Test(arguments: ["recipient", "conversation", "helpdesk", "message", "audience"])
    func `another row under the same id is another mail`(differs: String) throws {
        let outboxd = try Outboxd(["OUTBOXD_HOLD": "2s"])
        defer { outboxd.end() }
        try outboxd.run()
        let first = Row(to: "ann@example.test", conversation: "a", body: "For Ann", message: "m1")
        let id = try outboxd.insert(first)[0]
        #expect(
            try eventually {
                try outboxd.values("SELECT count(*) FROM outboxd_rows") == ["1"]
            })
        var second = first
        second.body = "For the other"
        switch differs {
        case "recipient": second.to = "ben@example.test"
        case "conversation": second.conversation = "b"
        case "helpdesk": second.helpdesk = "h2"
        case "audience": second.audience = "operator"
        default: second.message = "m2"
        }
        try outboxd.sql("DELETE FROM outbox WHERE id = \(id)")
        let connection = try Connection(path: outboxd.database, mode: .readWrite)
        try connection.statement(
            """
            INSERT INTO outbox (id, helpdesk_id, conversation_id, message_id, audience, recipient_email,
                body_text, instant, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?)
            """
        ).bind(id).bind(second.helpdesk).bind(second.conversation).bind(second.message)
            .bind(second.audience).bind(second.to).bind(second.body)
            .bind(TestClock.wall.milliseconds).run()
        #expect(try outboxd.status(id, after: "sent", timeout: .seconds(20)).summary == "sent")
        #expect(outboxd.relay.record.mailCount == 1)
        #expect(outboxd.relay.mails.first?.recipients == [second.to])
        // It is that row's own mail: with its conversation, its read marker, its suppression.
        let key = try outboxd.values(
            """
            SELECT m.helpdesk_id || ' ' || m.conversation_id || ' ' || m.recipient || ' ' || m.audience
            FROM outboxd_rows r JOIN outboxd_mails m ON m.id = r.mail_id WHERE r.id = \(id)
            """)
        #expect(
            key == ["\(second.helpdesk) \(second.conversation) \(second.to) \(second.audience)"])
    }

    /// SQLite's usual rebuild of a table that was emptied, a sequence that was reset, an id given by hand: the
    /// next rows have ids of rows that are through, and seemed to be sent.
    @Test(arguments: ["rebuild", "reset", "reset, and fewer rows", "by hand"])
    func `rows under ids of rows that are through are sent`(how: String) throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        let daemon = try outboxd.run()
        let first = try outboxd.insert(Tenants.mails(5, "first"))
        try #require(try outboxd.wait(for: 5, "sent"))
        switch how {
        case "rebuild":
            let ddl = try outboxd.values("SELECT sql FROM sqlite_master WHERE name = 'outbox'")[0]
            let made = ddl.replacingOccurrences(of: "TABLE outbox", with: "TABLE outbox_new")
            try outboxd.sql(
                """
                DELETE FROM outbox; PRAGMA legacy_alter_table = ON; BEGIN; \(made);
                DROP TABLE outbox; ALTER TABLE outbox_new RENAME TO outbox; COMMIT
                """)
        case "reset", "reset, and fewer rows":
            try outboxd.sql("DELETE FROM outbox; DELETE FROM sqlite_sequence WHERE name = 'outbox'")
        default: try outboxd.sql("DELETE FROM outbox WHERE id = \(first[4])")
        }
        if how == "by hand" {
            try outboxd.sql(
                """
                INSERT INTO outbox (id, helpdesk_id, conversation_id, message_id, recipient_email,
                    body_text, instant) VALUES (\(first[4]), 'h1', 'n', 'n', 'second0@example.test', 'x', 1)
                """)
        } else {
            let count = how == "reset, and fewer rows" ? 2 : 5
            let second = try outboxd.insert(Tenants.mails(count, "second"))
            #expect(second == Array(first.prefix(count)))
        }
        let count = ["by hand": 6, "reset, and fewer rows": 7][how] ?? 10
        #expect(outboxd.relay.waitForMails(count))
        let recipients = outboxd.relay.mails.map(\.recipient)
        #expect(Set(recipients).count == count && recipients.count == count)
        #expect(daemon.waitForOutput("rows have ids that others had; they are sent as new ones"))
        // What comes next has an id of its own.
        let next = try outboxd.insert(Tenants.mails(1, "third"))
        #expect(next[0] > first[4])
    }

    /// It is the same reply still: its customer's address was forgotten, or the messages have other ids now.
    @Test(arguments: [
        "recipient_email = 'gone' || id || '@example.test', helpdesk_id = 'x'",
        "message_id = 'uuid-' || id", "message_id = id, conversation_id = id, helpdesk_id = 'x'",
    ])
    func `a row that was sent and is changed is not sent again`(change: String) throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        try outboxd.run()
        try outboxd.insert(Tenants.mails(2, "ann"))
        try #require(try outboxd.wait(for: 2, "sent"))
        try outboxd.sql("UPDATE outbox SET \(change)")
        try outboxd.insert(Tenants.mails(1, "ben"))
        try #require(try outboxd.wait(for: 3, "sent"))
        // Each looks at all rows as it starts.
        for _ in 0..<2 { #expect(try outboxd.command("drain").exit == .code(0)) }
        #expect(outboxd.relay.record.mailCount == 3)
    }

    /// The first spelling had its time in seconds.
    @Test func `a second spelling does not fail with the first one's fault`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        try outboxd.run()
        let ids = try outboxd.insert(
            Row(to: "Ann@example.test", message: "m1", instant: true, createdAt: 1_700_000_000),
            Row(to: "ann@example.test", message: "m1", instant: true))
        #expect(try outboxd.status(ids[0], after: "failed").summary == "failed/invalid_row")
        #expect(try outboxd.status(ids[1], after: "sent").summary == "sent")
    }
}
