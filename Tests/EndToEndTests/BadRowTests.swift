import Delivery
import TestSupport
import Testing

/// "A row that can't be sent (`invalid_address`, `invalid_row`) becomes `failed` with a sentence that
/// says why, and stops nobody else".
struct BadRowTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var column: String
        var value: String
        var summary: String
        var sentence: String
        var testDescription: String { "\(column) = \(value)" }
    }

    @Test(arguments: [
        Case(
            column: "recipient_email", value: "'no address'", summary: "failed/invalid_address",
            sentence: "recipient_email"),
        Case(
            column: "recipient_email", value: "'a@b.test, c@d.test'",
            summary: "failed/invalid_address", sentence: "recipient_email"),
        Case(
            column: "recipient_email", value: "'a@b.test' || char(13, 10) || 'RCPT TO:<x@y.test>'",
            summary: "failed/invalid_address", sentence: "recipient_email"),
        Case(
            column: "created_at", value: "1700000000", summary: "failed/invalid_row",
            sentence: "looks like seconds"),
        Case(
            column: "audience", value: "'everybody'", summary: "failed/invalid_row",
            sentence: "neither visitor nor operator"),
        Case(
            column: "conversation_id", value: "''", summary: "failed/invalid_row",
            sentence: "is empty"),
    ])
    func `a row that makes no sense fails with a sentence`(wrong: Case) throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        let ids = try outboxd.insert(
            Row(instant: true), Row(to: "ben@example.test", conversation: "c2", instant: true))
        try outboxd.sql("UPDATE outbox SET \(wrong.column) = \(wrong.value) WHERE id = \(ids[0])")
        try outboxd.run()
        #expect(try outboxd.status(ids[1], after: "sent").summary == "sent")
        let status = try outboxd.status(ids[0], after: "failed")
        #expect(status.summary == wrong.summary)
        #expect(status.lastError?.contains(wrong.sentence) == true)
        #expect(outboxd.relay.mails.map(\.recipient) == ["ben@example.test"])
    }

    /// "`OUTBOXD_MAX_AGE`: a reply older than this when it would first be sent is skipped, reason
    /// `stale`".
    @Test func `an old reply is stale`() throws {
        let outboxd = try Outboxd(["OUTBOXD_MAX_AGE": "1h"])
        defer { outboxd.end() }
        let old = (TestClock.wall - .seconds(3_700)).milliseconds
        let ids = try outboxd.insert(Row(createdAt: old), Row(conversation: "c2"))
        try outboxd.run()
        #expect(try outboxd.status(ids[0], after: "skipped").summary == "skipped/stale")
        #expect(try outboxd.status(ids[1], after: "sent").summary == "sent")
    }

    /// "Where there is no usable sender, the row waits, reason `sender`, until there is one".
    @Test func `without a sender a row waits for one`() throws {
        let outboxd = try Outboxd(["OUTBOXD_FROM": ""])
        defer { outboxd.end() }
        try outboxd.run()
        let id = try outboxd.insert(Row(instant: true))[0]
        #expect(try outboxd.status(id, after: "pending", "sender").summary == "pending/sender")
        try outboxd.sql(
            """
            INSERT INTO helpdesks (id, name, from_address)
            VALUES ('h1', 'Acme', 'support@acme.test')
            """)
        #expect(try outboxd.status(id, after: "sent").summary == "sent")
    }
}
