import TestSupport
import Testing

/// "Until a row is being sent the API server may UPDATE its text, `instant` and `cancelled_at`, or
/// DELETE it; the mail is composed from what stands there then".
struct TakeBackTests {
    @Test func `a cancelled row is not mailed`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        try outboxd.run()
        let id = try outboxd.insert(Row())[0]
        try outboxd.sql("UPDATE outbox SET cancelled_at = created_at WHERE id = \(id)")
        #expect(try outboxd.status(id, after: "skipped").summary == "skipped/cancelled")
        #expect(outboxd.relay.record.mailCount == 0)
    }

    @Test func `a deleted row is not mailed, and the others are`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        try outboxd.run()
        let ids = try outboxd.insert(
            Row(body: "Gone."), Row(to: "ben@example.test", conversation: "c2"))
        try outboxd.sql("DELETE FROM outbox WHERE id = \(ids[0])")
        #expect(try outboxd.status(ids[1], after: "sent").summary == "sent")
        let daemonIsIdle = try outboxd.values("SELECT 1 FROM outboxd_mails WHERE phase < 2")
        #expect(daemonIsIdle.isEmpty)
        #expect(outboxd.relay.mails.map(\.recipient) == ["ben@example.test"])
    }

    @Test func `text that is changed during the hold is what is sent`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        try outboxd.run()
        let id = try outboxd.insert(Row(body: "With a typo."))[0]
        try outboxd.sql("UPDATE outbox SET body_text = 'Put right.' WHERE id = \(id)")
        #expect(outboxd.relay.waitForMails(1))
        let text = try #require(outboxd.relay.mails.first).text
        #expect(text.contains("Put right.") && !text.contains("typo"))
    }

    @Test func `of several, a cancelled one is left out`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        let ids = try outboxd.insert(Row(body: "Stays."), Row(body: "Undone."))
        try outboxd.sql("UPDATE outbox SET cancelled_at = created_at WHERE id = \(ids[1])")
        try outboxd.run()
        #expect(try outboxd.status(ids[0], after: "sent").summary == "sent")
        #expect(try outboxd.status(ids[1], after: "skipped").summary == "skipped/cancelled")
        #expect(outboxd.relay.record.mailCount == 1)
        #expect(outboxd.relay.mails.first?.text.contains("Undone.") == false)
    }
}
