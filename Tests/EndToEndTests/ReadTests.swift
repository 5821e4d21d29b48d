import Delivery
import TestSupport
import Testing

/// "What has been read is `skipped`, reason `read`".
struct ReadTests {
    @Test func `a reply that is read in time is not mailed`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        try outboxd.run()
        let id = try outboxd.insert(Row())[0]
        try outboxd.markRead()
        #expect(try outboxd.status(id, after: "skipped").summary == "skipped/read")
        #expect(outboxd.relay.record.mailCount == 0)
    }

    @Test(arguments: [("Ann@Example.TEST ", 0), ("ÄNN@example.test", 1)])
    func `addresses are compared trimmed and lower-cased`(spelling: String, row: Int) throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        try outboxd.run()
        let address = ["ann@example.test", "änn@example.test"][row]
        let id = try outboxd.insert(Row(to: address))[0]
        try outboxd.markRead(by: spelling)
        #expect(try outboxd.status(id, after: "skipped").summary == "skipped/read")
    }

    /// "Where the marker covers some rows of a mail and not others, only the unread are mailed".
    @Test func `of what is partly read, only the unread is mailed`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        let now = TestClock.wall.milliseconds
        let ids = try outboxd.insert(
            Row(body: "The first.", createdAt: now - 2), Row(body: "The second.", createdAt: now))
        try outboxd.markRead(upTo: now - 1)
        try outboxd.run()
        #expect(outboxd.relay.waitForMails(1))
        let text = try #require(outboxd.relay.mails.first).text
        #expect(!text.contains("The first."))
        #expect(text.contains("The second."))
        #expect(try outboxd.status(ids[0], after: "skipped").summary == "skipped/read")
        #expect(try outboxd.status(ids[1], after: "sent").summary == "sent")
    }

    /// "… and again before every retry".
    @Test func `what is read between two tries is not tried again`() throws {
        let relay = try ScriptedRelay(rules: [.on(.rcpt, .reply(451, "4.3.0 Later"))])
        let outboxd = try Outboxd(["OUTBOXD_RETRY_BASE": "1s"], relay: relay)
        defer { outboxd.end() }
        try outboxd.run()
        let id = try outboxd.insert(Row(instant: true))[0]
        #expect(try outboxd.status(id, after: "pending", "deferred").attempts == 1)
        try outboxd.markRead()
        #expect(try outboxd.status(id, after: "skipped").summary == "skipped/read")
        #expect(relay.record.mailCount == 0)
    }

    /// "… and while the relay is down".
    @Test func `what is read while the relay is down is skipped`() throws {
        let outboxd = try Outboxd(relay: ScriptedRelay(listening: false))
        defer { outboxd.end() }
        try outboxd.run()
        let id = try outboxd.insert(Row(instant: true))[0]
        #expect(try outboxd.status(id, after: "pending", "relay").summary == "pending/relay")
        try outboxd.markRead()
        #expect(try outboxd.status(id, after: "skipped").summary == "skipped/read")
    }

    /// "A marker in the future counts as now".
    @Test func `a marker in the future covers nothing that comes later`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        try outboxd.markRead(upTo: (TestClock.wall + .seconds(86_400)).milliseconds)
        try outboxd.run()
        let ids = try outboxd.insert(Row(), Row(to: "ben@example.test", conversation: "c2"))
        #expect(try outboxd.status(ids[0], after: "skipped").summary == "skipped/read")
        #expect(try outboxd.status(ids[1], after: "sent").summary == "sent")
    }
}
