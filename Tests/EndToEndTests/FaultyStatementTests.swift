import Delivery
import Foundation
import SQLite
import TestSupport
import Testing

/// "An SQL error costs only the mail it belongs to (stage `store`, `deferred`, told once), and never makes
/// an accepted mail go out again" (contract, section 3: Neighbours).
struct FaultyStatementTests {
    /// An API server's own `suppressions` with one more NOT NULL column.
    private static let strictSuppressions = """
        DROP TABLE suppressions;
        CREATE TABLE suppressions (helpdesk_id TEXT NOT NULL DEFAULT '', address TEXT NOT NULL,
            reason TEXT NOT NULL, created_at INTEGER NOT NULL, expires_at INTEGER,
            tenant TEXT NOT NULL, PRIMARY KEY (helpdesk_id, address)) STRICT
        """

    @Test func `a suppression that can't be written holds nobody up and is noted later`() throws {
        let relay = try ScriptedRelay(rules: [
            .refuse(recipient: "gone@example.test")
        ])
        let outboxd = try Outboxd(relay: relay)
        defer { outboxd.end() }
        try outboxd.sql(Self.strictSuppressions)
        let daemon = try outboxd.run()
        let gone = try outboxd.insert(
            Row(to: "gone@example.test", conversation: "g", instant: true))[0]
        #expect(try outboxd.status(gone, after: "failed").summary == "failed/rejected")
        let others = try outboxd.insert((0..<20).map { Row(conversation: "c\($0)", instant: true) })
        #expect(try outboxd.wait(for: 20, "sent"))
        #expect(relay.record.mailCount == 20 && others.count == 20)
        #expect(daemon.waitForOutput("a suppression can't be written"))
        // It counts all the same.
        let again = try outboxd.insert(
            Row(to: "gone@example.test", conversation: "g2", instant: true))[0]
        #expect(try outboxd.status(again, after: "skipped").summary == "skipped/suppressed")
        let check = try outboxd.command("check")
        #expect(check.output.contains("suppressions.tenant"), "\(check.output)")
        // Told once, however often it is tried.
        #expect(daemon.errors.count(of: "a suppression can't be written") == 1)
        try outboxd.sql("ALTER TABLE suppressions RENAME TO old")
        try outboxd.sql(
            """
            CREATE TABLE suppressions (helpdesk_id TEXT NOT NULL DEFAULT '', address TEXT NOT NULL,
                reason TEXT NOT NULL, created_at INTEGER NOT NULL, expires_at INTEGER,
                PRIMARY KEY (helpdesk_id, address)) STRICT
            """)
        #expect(
            try eventually(timeout: .seconds(20)) {
                try outboxd.values("SELECT address FROM suppressions") == ["gone@example.test"]
            })
    }

    /// Two thousand of them took all records of the in-flight journal, and nobody could send.
    @Test func `a helpdesk whose outcomes can't be written down sends no more`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        try outboxd.sql(Tenants.two)
        try outboxd.sql(
            """
            CREATE TRIGGER audit BEFORE UPDATE ON outboxd_rows WHEN new.state = 2 AND
                (SELECT helpdesk_id FROM outbox WHERE id = new.id) = 'bad'
            BEGIN SELECT raise(ABORT, 'audit'); END
            """)
        try outboxd.run()
        try outboxd.insert(Tenants.mails(1_000, "bad", helpdesk: "bad"))
        try #require(outboxd.relay.waitForMails(20))
        for round in 0..<5 {
            let id = try outboxd.insert(Tenants.mails(1, "u\(round)-", helpdesk: "good"))[0]
            #expect(try outboxd.status(id, after: "sent").summary == "sent")
        }
        // What was claimed by then has gone out, and no more: a batch or two.
        #expect(outboxd.relay.record.mailCount < 700)
        try outboxd.sql("DROP TRIGGER audit")
        #expect(try outboxd.wait(for: 1_005, "sent", timeout: .seconds(60)))
        #expect(outboxd.relay.record.mailCount == 1_005)
    }

    /// A trigger that ends the whole transaction takes the savepoints with it.
    @Test(arguments: ["ABORT", "FAIL", "ROLLBACK"])
    func `a trigger on suppressions that raises costs nobody a mail`(kind: String) throws {
        let relay = try ScriptedRelay(
            rules: (0..<80).map { .refuse(recipient: "gone\($0)@example.test") })
        let outboxd = try Outboxd(relay: relay)
        defer { outboxd.end() }
        try outboxd.sql(
            """
            CREATE TRIGGER refuse BEFORE INSERT ON suppressions BEGIN
                SELECT RAISE(\(kind), 'not you'); END
            """)
        try outboxd.run()
        let gone = try outboxd.insert(
            (0..<80).map {
                Row(to: "gone\($0)@example.test", conversation: "g\($0)", instant: true)
            }
        )
        try outboxd.insert((0..<30).map { Row(conversation: "c\($0)", instant: true) })
        #expect(try outboxd.wait(for: 30, "sent"))
        for id in gone {
            #expect(try outboxd.status(id, after: "failed").summary == "failed/rejected")
        }
        #expect(relay.record.mailCount == 30)
    }

    /// `json_extract` on bad JSON raises in SQLite.
    private static func view(_ table: String) -> String {
        switch table {
        case "read_markers":
            """
            DROP TABLE read_markers;
            CREATE TABLE raw_markers (helpdesk TEXT, conversation TEXT, data TEXT);
            CREATE VIEW read_markers AS SELECT helpdesk AS helpdesk_id, conversation AS conversation_id,
                json_extract(data, '$.reader') AS reader_email,
                json_extract(data, '$.at') AS last_read_at FROM raw_markers;
            INSERT INTO raw_markers VALUES ('h1', 'bad', 'not json')
            """
        default:
            """
            DROP TABLE helpdesks;
            CREATE TABLE raw_helpdesks (id TEXT, data TEXT);
            CREATE VIEW helpdesks AS SELECT id, json_extract(data, '$.name') AS name,
                'support@' || id || '.test' AS from_address, NULL AS reply_to, NULL AS bounce_address,
                NULL AS ticket_center_url, NULL AS dashboard_url, '' AS allowed_domains, 'en' AS locale,
                0 AS paused FROM raw_helpdesks;
            INSERT INTO raw_helpdesks VALUES ('bad', 'not json'), ('h1', '{"name": "One"}')
            """
        }
    }

    @Test(arguments: ["read_markers", "helpdesks"])
    func `a view that raises for one row costs only its mail`(table: String) throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        try outboxd.sql(Self.view(table))
        let daemon = try outboxd.run()
        let bad = try outboxd.insert(
            Row(conversation: "bad", helpdesk: table == "helpdesks" ? "bad" : "h1", instant: true))[
                0]
        try outboxd.insert((0..<20).map { Row(conversation: "c\($0)", instant: true) })
        #expect(try outboxd.wait(for: 20, "sent"))
        let status = try outboxd.status(bad, after: "pending", "deferred")
        #expect(status.summary == "pending/deferred" && status.attempts == 0)
        if table == "read_markers" {
            #expect(status.lastError?.contains("\"stage\":\"store\"") == true)
        }
        #expect(daemon.waitForOutput("in \(table): malformed JSON"))
        #expect(try outboxd.command("check").output.contains("in \(table): malformed JSON"))
        // Mended, it goes by itself.
        try outboxd.sql(
            table == "helpdesks"
                ? "UPDATE raw_helpdesks SET data = '{\"name\": \"Bad\"}'"
                : "UPDATE raw_markers SET data = '{\"reader\": \"x@example.test\", \"at\": 1}'")
        #expect(try outboxd.status(bad, after: "sent", timeout: .seconds(30)).summary == "sent")
        #expect(outboxd.relay.record.mailCount == 21)
    }

    @Test func `a table that fails for everybody does not fill the log`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        try outboxd.sql("ALTER TABLE read_markers RENAME TO away")
        let daemon = try outboxd.run()
        try outboxd.insert((0..<100).map { Row(conversation: "c\($0)", instant: true) })
        try #require(try outboxd.wait(for: 100, "pending"))
        #expect(
            try eventually {
                try outboxd.command("check").output.contains("fails for 100 mails, which wait")
            })
        #expect(daemon.errors.count(of: "no such table: read_markers") == 10)
        try outboxd.sql("ALTER TABLE away RENAME TO read_markers")
        #expect(try outboxd.wait(for: 100, "sent"))
    }

    @Test(arguments: ["ABORT", "ROLLBACK"])
    func `a row that can't be ingested costs no other row`(kind: String) throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        try outboxd.sql(
            """
            CREATE TRIGGER refuse BEFORE INSERT ON outboxd_rows WHEN NEW.id = 8 BEGIN
                SELECT RAISE(\(kind), 'not this one'); END
            """)
        let daemon = try outboxd.run()
        try outboxd.insert((0..<20).map { Row(conversation: "c\($0)", instant: true) })
        #expect(eventually(timeout: .seconds(20)) { outboxd.relay.record.mailCount == 19 })
        #expect(daemon.waitForOutput("a row of outbox can't be read"))
        #expect(try outboxd.status(8).summary == "pending/deferred")
        #expect(try outboxd.command("check").output.contains("not this one"))
        try outboxd.sql("DROP TRIGGER refuse")
        #expect(eventually(timeout: .seconds(30)) { outboxd.relay.record.mailCount == 20 })
        #expect(try outboxd.status(8, after: "sent").summary == "sent")
    }

    /// The issue: noting is repeated, never sending.
    @Test func `an accepted mail whose outcome can't be written is not sent again`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        try outboxd.sql(
            """
            CREATE TRIGGER refuse BEFORE UPDATE ON outboxd_rows
            WHEN NEW.state = 2 AND NEW.id = 1 BEGIN SELECT RAISE(ABORT, 'not this one'); END
            """)
        let daemon = try outboxd.run()
        let bad = try outboxd.insert(Row(conversation: "bad", instant: true))[0]
        #expect(bad == 1)
        #expect(daemon.waitForOutput("what became of a mail can't be written down yet"))
        try outboxd.insert((0..<20).map { Row(conversation: "c\($0)", instant: true) })
        #expect(try outboxd.wait(for: 20, "sent"))
        let status = try outboxd.status(bad)
        #expect(status.state == "sending")
        #expect(status.lastError?.contains("trigger on outboxd_rows: not this one") == true)
        let check = try outboxd.command("check").output
        #expect(check.contains("fails for 1 outcome, which waits: in a trigger on outboxd_rows"))
        #expect(check.contains("the trigger refuse stands on outboxd_rows"))
        #expect(try outboxd.command("show", "\(bad)").output.contains("not this one"))
        // Also not by the next process, which finds the reply in the first one's notes.
        daemon.kill()
        _ = daemon.waitForExit()
        try outboxd.run()
        try outboxd.insert((20..<40).map { Row(conversation: "c\($0)", instant: true) })
        #expect(try outboxd.wait(for: 40, "sent"))
        try outboxd.sql("DROP TRIGGER refuse")
        #expect(try outboxd.status(bad, after: "sent", timeout: .seconds(30)).summary == "sent")
        #expect(outboxd.relay.record.mailCount == 41)
        #expect(try !outboxd.command("check").output.contains("outcome"))
    }

    /// SQLite reports success for what a trigger's RAISE(IGNORE) has kept from happening.
    @Test(
        arguments: [
            ("INSERT ON outboxd_rows WHEN NEW.id = 8", 0),
            ("INSERT ON outboxd_mails WHEN NEW.conversation_id = 'c7'", 0),
            ("UPDATE ON outboxd_mails WHEN NEW.phase = 1 AND NEW.conversation_id = 'c7'", 0),
            ("UPDATE ON outboxd_mails WHEN NEW.phase = 2 AND NEW.conversation_id = 'c7'", 1),
            ("UPDATE ON outboxd_rows WHEN NEW.state = 2 AND NEW.id = 8", 1),
        ])
    func `a trigger that silently keeps a row from being written costs only its mail`(
        trigger: String, sent: Int
    ) throws {
        // What is due as it comes is not updated to be sent.
        let waits = trigger.contains("UPDATE ON outboxd_mails WHEN NEW.phase = 1")
        let outboxd = try Outboxd(waits ? ["OUTBOXD_HOLD": "500ms"] : [:])
        defer { outboxd.end() }
        try outboxd.sql(
            "CREATE TRIGGER keep BEFORE \(trigger) BEGIN SELECT RAISE(IGNORE); END")
        let daemon = try outboxd.run()
        try outboxd.insert(
            (0..<20).map { Row(to: "u\($0)@example.test", conversation: "c\($0)", instant: !waits) }
        )
        try #require(outboxd.relay.waitForMails(19 + sent))
        #expect(try outboxd.wait(for: 19, "sent"))
        #expect(daemon.waitForOutput("RAISE(IGNORE)"))
        #expect(try eventually { try outboxd.command("check").output.contains("RAISE(IGNORE)") })
        try outboxd.sql("DROP TRIGGER keep")
        #expect(try outboxd.wait(for: 20, "sent"))
        #expect(Set(outboxd.relay.mails.map(\.recipient)).count == 20)
        #expect(outboxd.relay.record.mailCount == 20)
    }
}
