import Foundation
import Delivery
import SQLite
import Store
import TestSupport
import Testing

struct StatusTests {
    private func object(_ outbox: Outbox) throws -> [String: Any] {
        try #require(try outbox.json("status") as? [String: Any])
    }

    @Test func `An empty outbox has every key, and exit code 0`() throws {
        let outbox = try Outbox()
        let status = try object(outbox)
        let keys = [
            "healthy", "headline", "counts", "waiting", "ended", "oldest_due_at", "rate",
            "backlog_seconds", "held_mails", "blocked_senders", "faults", "relay", "paused",
            "restored",
            "saved", "pruned", "kept",
            "processes", "at", "database", "estimated",
        ]
        #expect(Set(status.keys) == Set(keys))
        let zeros = ["pending": 0, "sending": 0, "sent": 0, "skipped": 0, "failed": 0]
        #expect(status["counts"] as? [String: Int] == zeros)
        #expect((status["waiting"] as? [String: Int])?.isEmpty == true)
        #expect(status["oldest_due_at"] is NSNull)
        #expect((status["paused"] as? [Any])?.isEmpty == true)
        #expect(status["saved"] as? [String: Int] == ["by_read": 0, "by_combining": 0])
        let relay = try #require(status["relay"] as? [String: Any])
        #expect(relay["state"] as? String == "unknown")
        #expect(relay["since"] is NSNull && relay["error"] is NSNull)
        let people = try outbox.run("status")
        #expect(people.exit == .code(0) && people.errors.isEmpty)
        #expect(people.output.contains("no outboxd works on this database"))
    }

    @Test func `What waits, since when, and why`() throws {
        let outbox = try Outbox()
        try outbox.add(conversation: "c1", createdAt: outbox.now - .seconds(600))
        try outbox.add(conversation: "c2", createdAt: outbox.now)
        let status = try object(outbox)
        #expect(status["waiting"] as? [String: Int] == ["hold": 1, "queued": 1])
        // Not ingested by anybody: the hold is the standard one.
        let due = outbox.now - .seconds(540)
        #expect(status["oldest_due_at"] as? Int64 == due.milliseconds)
        #expect((status["counts"] as? [String: Int])?["pending"] == 2)
    }

    @Test func `A relay that is down is told in plain words`() throws {
        let outbox = try Outbox()
        try outbox.add()
        try outbox.ingest()
        let error = DeliveryError(
            stage: .connect, text: "can't connect to 127.0.0.1:25: Connection refused")
        try outbox.store.note(
            relay: RelayStatus(state: .down, error: error), at: outbox.now - .seconds(720))
        let status = try object(outbox)
        let relay = try #require(status["relay"] as? [String: Any])
        #expect(relay["state"] as? String == "down")
        #expect(relay["since"] as? Int64 == (outbox.now - .seconds(720)).milliseconds)
        let told = try #require(relay["error"] as? [String: Any])
        #expect(Set(told.keys) == ["stage", "code", "enhanced", "text"])
        #expect(told["stage"] as? String == "connect" && told["code"] is NSNull)
        #expect(status["waiting"] as? [String: Int] == ["relay": 1])
        let text = try outbox.run("status").output
        #expect(text.contains("(12 min): connect: can't connect to 127.0.0.1:25"))
        #expect(text.contains("mail waits and none fails for it"))
    }

    @Test func `Pauses of both kinds are named with the way out`() throws {
        let outbox = try Outbox()
        try outbox.add(helpdesk: "h1")
        try outbox.connection.execute(
            "INSERT INTO helpdesks (id, name, from_address, paused) VALUES ('h9', 'N', 'n@x.test', 1)"
        )
        try outbox.store.pause(helpdesk: "", by: OperatorNote(who: "alice"), at: outbox.now)
        try outbox.store.pause(helpdesk: "h1", by: OperatorNote(who: "alice"), at: outbox.now)
        let status = try object(outbox)
        let paused = try #require(status["paused"] as? [[String: Any]])
        #expect(paused.map { $0["helpdesk_id"] as? String } == [nil, "h1", "h9"])
        #expect(paused.map { $0["by"] as? String } == ["operator", "operator", "api"])
        #expect(status["waiting"] as? [String: Int] == ["paused": 1])
        let text = try outbox.run("status").output
        #expect(text.contains("`outboxd resume` ends it"))
        #expect(text.contains("`outboxd resume --helpdesk h1` ends it"))
        #expect(text.contains("helpdesk h9, by the API server"))
    }

    @Test func `Held mail and refused senders say what to do`() throws {
        let outbox = try Outbox()
        try outbox.add()
        try outbox.finish(.uncertain(dueAt: nil, frozen: nil))
        try outbox.connection.execute(
            """
            INSERT INTO outboxd_senders (address, blocked_at, probe_at, error_text)
            VALUES ('support@acme.test', \((outbox.now - .seconds(60)).milliseconds),
                \((outbox.now + .seconds(600)).milliseconds), 'not\u{1B}[2Jallowed')
            """)
        let text = try outbox.run("status").output
        #expect(text.contains("1 mail may have arrived or not"))
        #expect(text.contains("`outboxd resolve ID --sent` or `--resend`"))
        #expect(text.contains("support@acme.test is refused by the relay"))
        #expect(text.contains("not\\u001b[2Jallowed") && !text.contains("\u{1B}"))
    }

    /// Its slip would lead to another database; what does not concern the command is not asked of it.
    @Test(arguments: [("OUTBOXD_DATABSE", 78), ("OUTBOXD_HOLT", 0)])
    func `A key that was meant for the database is told by commands that only look, too`(
        key: String, code: Int32
    ) throws {
        let outbox = try Outbox()
        let file = outbox.directory.file("outboxd.env")
        try Data("\(key)=5\n".utf8).write(to: URL(fileURLWithPath: file))
        let result = try outbox.run("status", "--config", file)
        #expect(result.exit == .code(code))
        #expect(code == 0 || result.errors.contains("did you mean OUTBOXD_DATABASE?"))
    }
}
