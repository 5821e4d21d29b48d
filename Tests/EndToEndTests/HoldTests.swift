import Delivery
import Glibc
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

    /// A drain takes rows in beside the daemon, and before it; also of helpdesks that it has nothing to do with.
    @Test(arguments: ["0s", "1h"], [[], ["--helpdesk", "other"]])
    func `a drain's own hold makes no mail early or late`(
        _ hold: String, _ selection: [String]
    ) throws {
        let outboxd = try Outboxd(["OUTBOXD_HOLD": "30m"])
        defer { outboxd.end() }
        // One that has noted its hold, and ends.
        let first = try outboxd.run()
        first.terminate()
        _ = first.waitForExit()
        let created = TestClock.wall
        let id = try outboxd.insert(Row(createdAt: created.milliseconds))[0]
        let drain = try outboxd.run(["drain", "--hold", hold] + selection)
        #expect(drain.errors.contains("the hold is the daemon's, 30m; --now does not wait for it"))
        #expect(outboxd.relay.record.connections.isEmpty)
        let due = (created + .seconds(1_800)).milliseconds
        #expect(try outboxd.status(id).dueAt == due)
        try outboxd.run()
        usleep(300_000)
        #expect(try outboxd.status(id).dueAt == due)
        #expect(outboxd.relay.record.connections.isEmpty)
        #expect(try outboxd.run(["drain", "--now", "--hold", hold]).exit == .code(0))
        #expect(outboxd.relay.record.mailCount == 1)
    }

    /// Where no daemon has run, a drain's hold counts; the first daemon's then moves what waits.
    @Test func `the first daemon's hold counts for what a drain took in`() throws {
        let outboxd = try Outboxd(["OUTBOXD_HOLD": "30m"])
        defer { outboxd.end() }
        let created = TestClock.wall
        let id = try outboxd.insert(Row(createdAt: created.milliseconds))[0]
        for (options, seconds) in [
            (["--hold", "1h", "--helpdesk", "other"], 3_600), (["--hold", "2h"], 7_200),
            (["--hold", "1h", "--helpdesk", "other"], 7_200), ([], 1_800),
        ] {
            #expect(try outboxd.run(["drain"] + options).exit == .code(0))
            let due = (created + .seconds(seconds)).milliseconds
            #expect(try outboxd.status(id).dueAt == due, "\(options)")
        }
        try outboxd.run(settings: ["OUTBOXD_HOLD": "0s"])
        #expect(outboxd.relay.waitForMails(1))
    }
}
