import TestSupport
import Testing

/// "An operator's `pause` is kept apart; either holds", and a drain "acts through a pause, and says
/// so".
struct PauseTests {
    private static let byOperator =
        "INSERT INTO outboxd_pauses (helpdesk_id, paused_at) VALUES ('', 1)"

    @Test func `what the API server has paused waits, and goes on`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        try outboxd.sql(
            """
            INSERT INTO helpdesks (id, name, from_address, paused)
            VALUES ('h1', 'Acme', 'support@acme.test', 1)
            """)
        try outboxd.run()
        let ids = try outboxd.insert(Row(instant: true), Row(helpdesk: "h2", instant: true))
        #expect(try outboxd.status(ids[1], after: "sent").summary == "sent")
        #expect(try outboxd.status(ids[0], after: "pending").summary == "pending/paused")
        #expect(outboxd.relay.record.mailCount == 1)
        try outboxd.sql("UPDATE helpdesks SET paused = 0")
        #expect(try outboxd.status(ids[0], after: "sent").summary == "sent")
    }

    @Test func `an operator's pause holds everything until it is taken back`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        try outboxd.run()
        #expect(try outboxd.command("pause").exit == .code(0))
        let id = try outboxd.insert(Row())[0]
        try outboxd.markRead("c2", by: "ben@example.test")
        let read = try outboxd.insert(
            Row(to: "ben@example.test", conversation: "c2", createdAt: 1_700_000_000_000))[0]
        #expect(try outboxd.status(read, after: "skipped").summary == "skipped/read")
        #expect(try outboxd.status(id, after: "pending", "paused").summary == "pending/paused")
        #expect(outboxd.relay.record.mailCount == 0)
        #expect(try outboxd.command("resume").exit == .code(0))
        #expect(try outboxd.status(id, after: "sent").summary == "sent")
    }

    @Test func `a drain acts through an operator's pause and says so`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        try outboxd.command("pause")
        let id = try outboxd.insert(Row())[0]
        let drain = try outboxd.command("drain", "--now")
        #expect(drain.exit == .code(0))
        #expect(drain.errors.contains("everything is paused; this drain acts through the pause"))
        #expect(try outboxd.status(id).summary == "sent")
    }

    @Test func `a drain does not act through the API server's pause`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        try outboxd.sql(
            """
            INSERT INTO helpdesks (id, name, from_address, paused)
            VALUES ('h1', 'Acme', 'support@acme.test', 1)
            """)
        let id = try outboxd.insert(Row())[0]
        #expect(try outboxd.command("drain", "--now").exit == .code(0))
        #expect(try outboxd.status(id).summary == "pending/paused")
        #expect(outboxd.relay.record.mailCount == 0)
    }
}
