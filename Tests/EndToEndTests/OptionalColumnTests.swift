import Delivery
import SQLite
import TestSupport
import Testing

/// The optional columns of contract, section 2, from outside.
struct OptionalColumnTests {
    private static let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    /// Until `not_before` the row counts as not yet written; then it takes along what waits.
    @Test func `a row that is put off delays no other, and goes at its time`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        let then = TestClock.wall.milliseconds + 1_500
        let late = try outboxd.insert(Row(body: "Later", message: "late", instant: true))[0]
        try outboxd.sql("UPDATE outbox SET not_before = \(then)")
        let daemon = try outboxd.run()
        let early = try outboxd.insert(Row(body: "Now", instant: true))[0]
        #expect(try outboxd.status(early, after: "sent").state == "sent")
        let waiting = try outboxd.status(late)
        #expect(waiting.summary == "pending/hold" && waiting.dueAt == then)
        #expect(try outboxd.status(late, after: "sent").sentAt ?? 0 >= then)
        #expect(outboxd.relay.waitForMails(2))
        let texts = outboxd.relay.mails.map(\.text)
        #expect(texts[0].contains("Now") && !texts[0].contains("Later"))
        #expect(texts[1].contains("Later"))
        #expect(!daemon.errors.contains("error"))
    }

    /// A drain sends what is due; a schedule is the API server's decision, not a hold.
    @Test func `drain --now does not send what is put off, and ends`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        let id = try outboxd.insert(Row(instant: true))[0]
        try outboxd.sql(
            "UPDATE outbox SET not_before = \(TestClock.wall.milliseconds + 3_600_000)")
        #expect(try outboxd.command("drain", "--now").exit == .code(0))
        #expect(try outboxd.status(id).summary == "pending/hold")
        #expect(outboxd.relay.record.mailCount == 0)
    }

    @Test func `not_before in seconds makes the row invalid`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        let id = try outboxd.insert(Row(instant: true))[0]
        try outboxd.sql("UPDATE outbox SET not_before = \(TestClock.wall.milliseconds / 1_000)")
        try outboxd.command("drain")
        let status = try outboxd.status(id)
        #expect(status.summary == "failed/invalid_row")
        #expect(status.lastError?.contains("not_before looks like seconds") == true)
    }

    /// What was not sent is followed to its request as well.
    @Test func `a row that needs no mail tells its mail, helpdesk and trace`() throws {
        let outboxd = try Outboxd(["OUTBOXD_LOG_FORMAT": "json"])
        defer { outboxd.end() }
        let now = TestClock.wall.milliseconds
        try outboxd.insert(Row(conversation: "c1", instant: true, createdAt: now - 5_000))
        try outboxd.sql("UPDATE outbox SET traceparent = '\(Self.trace)'")
        try outboxd.markRead("c1", upTo: now)
        let line =
            try outboxd.command("drain").errors.split(separator: "\n")
            .first { $0.contains("row_skipped") } ?? ""
        for part in [
            #""traceparent":"\#(Self.trace)""#, #""helpdesk":"h1""#, #""mail":"#,
            #""reason":"read""#,
        ] {
            #expect(line.contains(part), "\(line)")
        }
    }

    @Test func `traceparent is repeated in the log and in show`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        let ids = try outboxd.insert((0..<3).map { Row(message: "m\($0)", instant: true) })
        try outboxd.sql(
            """
            UPDATE outbox SET traceparent = '\(Self.trace)' WHERE id <> \(ids[1]);
            UPDATE outbox SET traceparent = 'not one' || char(10) || 'x' WHERE id = \(ids[1])
            """)
        let drained = try outboxd.command("drain", settings: ["OUTBOXD_LOG_FORMAT": "json"])
        #expect(drained.errors.contains(#""traceparent":"\#(Self.trace)""#))
        #expect(!drained.errors.contains("not one"))
        #expect(try outboxd.command("show", "\(ids[0])").output.contains(Self.trace))
        let json = try outboxd.command("show", "\(ids[0])", "--json").output
        #expect(json.contains(#""traceparent": "\#(Self.trace)""#))
        #expect(json.contains(#""not_before": null"#))
    }

    @Test func `enqueue takes both, and says which column is absent`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        func enqueue(_ message: String) throws -> ChildProcess.Result {
            try outboxd.command(
                "enqueue", "--helpdesk", "h1", "--conversation", "c", "--message", message,
                "--to", "ann@example.test", "--body", "x", "--not-before", "4000000000000",
                "--traceparent", Self.trace)
        }
        #expect(try enqueue("m1").exit == .code(0))
        #expect(
            try outboxd.values("SELECT not_before || ' ' || traceparent FROM outbox")
                == ["4000000000000 \(Self.trace)"])
        try outboxd.sql("ALTER TABLE outbox DROP COLUMN not_before")
        let failed = try enqueue("m2")
        #expect(failed.exit != .code(0) && failed.errors.contains("not_before"))
    }
}
