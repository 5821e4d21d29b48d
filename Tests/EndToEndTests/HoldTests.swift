import Delivery
import TestSupport
import Testing

/// "A row is due at `created_at + hold`; an instant row is due at once".
struct HoldTests {
    @Test func `a reply is mailed when its hold is over, and never before`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        try outboxd.run()
        let created = TestClock.wall
        let id = try outboxd.insert(Row(createdAt: created.milliseconds))[0]
        #expect(outboxd.relay.waitForMails(1))
        let mail = try #require(outboxd.relay.mails.first)
        #expect(mail.mailAt.wall >= created + Outboxd.hold)
        #expect(mail.mailAt.wall < created + Outboxd.hold + .seconds(3))
        #expect(mail.recipient == "ann@example.test")
        #expect(mail.faults.isEmpty)
        let status = try outboxd.status(id, after: "sent")
        #expect(status.summary == "sent")
        #expect(status.attempts == 1)
        #expect(status.emailMessageID == mail.messageID)
        #expect(try #require(status.sentAt) >= mail.mailAt.wall.milliseconds)
        #expect(outboxd.relay.breaches.isEmpty)
    }

    @Test func `an instant row does not wait`() throws {
        let outboxd = try Outboxd(["OUTBOXD_HOLD": "1h"])
        defer { outboxd.end() }
        try outboxd.run()
        let id = try outboxd.insert(Row(instant: true))[0]
        #expect(outboxd.relay.waitForMails(1))
        #expect(try outboxd.status(id, after: "sent").summary == "sent")
    }

    @Test func `a row on hold says so, and when it is due`() throws {
        let outboxd = try Outboxd(["OUTBOXD_HOLD": "1h"])
        defer { outboxd.end() }
        let daemon = try outboxd.run()
        let created = TestClock.wall
        let id = try outboxd.insert(Row(createdAt: created.milliseconds))[0]
        // Before the daemon has taken it in, the hold of the daemon's last run counts.
        let due = (created + .seconds(3_600)).milliseconds
        #expect(try eventually { try outboxd.status(id).dueAt == due })
        #expect(try outboxd.status(id).summary == "pending/hold")
        #expect(daemon.exit == nil)
        #expect(outboxd.relay.record.connections.isEmpty)
    }

    @Test func `a row that is made instant goes at once`() throws {
        let outboxd = try Outboxd(["OUTBOXD_HOLD": "1h"])
        defer { outboxd.end() }
        try outboxd.run()
        let id = try outboxd.insert(Row())[0]
        try outboxd.sql("UPDATE outbox SET instant = 1 WHERE id = \(id)")
        #expect(outboxd.relay.waitForMails(1))
    }
}
