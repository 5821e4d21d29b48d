import Delivery
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
