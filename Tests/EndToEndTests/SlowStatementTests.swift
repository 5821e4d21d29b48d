import Delivery
import SQLite
import TestSupport
import Testing

/// A view or a trigger of the API server's that takes long costs only the mails that it takes long for
/// (contract, section 3: Neighbours).
struct SlowStatementTests {
    /// A number of steps that takes minutes.
    private static let slowly = """
        (WITH RECURSIVE q(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM q WHERE n < steps)
            SELECT max(n) FROM q)
        """

    @Test(arguments: ["read_markers", "suppressions", "helpdesks"])
    func `a view that takes minutes for one row costs only its mail`(table: String) throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        let view =
            switch table {
            case "read_markers":
                "SELECT 'h1' AS helpdesk_id, name AS conversation_id, '' AS reader_email, \(Self.slowly) AS last_read_at"
            case "suppressions":
                "SELECT '' AS helpdesk_id, name || '@example.test' AS address, '' AS reason, 0 AS created_at, \(Self.slowly) AS expires_at"
            default:
                """
                SELECT name AS id, \(Self.slowly) AS name, 'a@acme.test' AS from_address,
                    NULL AS reply_to, NULL AS bounce_address, NULL AS ticket_center_url, NULL AS dashboard_url,
                    '' AS allowed_domains, 'en' AS locale, 0 AS paused
                """
            }
        try outboxd.sql(
            """
            DROP TABLE \(table); CREATE TABLE raw (name TEXT, steps INTEGER);
            CREATE VIEW \(table) AS \(view) FROM raw;
            INSERT INTO raw VALUES ('bad0', 1e12), ('bad1', 1e12), ('bad2', 1e12)
            """)
        let daemon = try outboxd.run()
        let bad = try outboxd.insert(
            (0..<3).map {
                Row(
                    to: "bad\($0)@example.test", conversation: "bad\($0)",
                    helpdesk: table == "helpdesks" ? "bad\($0)" : "h1", instant: true)
            })
        try #require(daemon.waitForOutput("in \(table): took longer than 100 ms"))
        for round in 1...10 {
            let began = TestClock.steady
            let good = try outboxd.insert(Row(conversation: "c\(round)", instant: true))
            #expect(try outboxd.status(good[0], after: "sent").state == "sent")
            // The first waits for three looks in vain, and half a second after each.
            #expect(TestClock.steady - began < .seconds(round == 1 ? 4 : 2), "\(round)")
        }
        #expect(try outboxd.command("check").output.contains("in \(table): took longer than"))
        try outboxd.sql("UPDATE raw SET steps = 1")
        for id in bad {
            #expect(try outboxd.status(id, after: "sent", timeout: .seconds(30)).summary == "sent")
        }
    }

    /// What is slow for every mail is told, and given more time at each try.
    @Test func `a view that takes more than a tenth of a second for each row lets them go`() throws
    {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        try outboxd.sql(
            """
            DROP TABLE read_markers; CREATE TABLE raw (steps INTEGER);
            CREATE VIEW read_markers AS SELECT 'h1' AS helpdesk_id, 'c1' AS conversation_id,
                '' AS reader_email, \(Self.slowly) AS last_read_at FROM raw
            """)
        let steps = try Self.stepsPerSecond(outboxd)
        try outboxd.sql("INSERT INTO raw VALUES (\(steps / 5))")
        let daemon = try outboxd.run()
        let id = try outboxd.insert(Row(instant: true))[0]
        try #require(daemon.waitForOutput("took longer than 100 ms", timeout: .seconds(30)))
        // Still more than the first try is given, and less than the third is on a machine that is three times as slow.
        try outboxd.sql("UPDATE raw SET steps = \(steps / 8)")
        #expect(try outboxd.status(id, after: "sent", timeout: .seconds(80)).attempts == 1)
    }

    private static func stepsPerSecond(_ outboxd: Outboxd) throws -> Int {
        let took = try fastest(of: 8) {
            _ = try outboxd.values("SELECT \(slowly) FROM (SELECT 300000 AS steps)")
        }
        return 300_000 * 1_000 / max(1, Int(took / .milliseconds(1)))
    }

    /// The brake of an incident: it must not wait for one helpdesk's row of a view.
    @Test func `commands do not wait for a view that takes minutes for one helpdesk`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        try outboxd.sql(
            """
            DROP TABLE helpdesks; CREATE TABLE raw (name TEXT, steps INTEGER);
            CREATE VIEW helpdesks AS SELECT name AS id, name AS name, 'a@acme.test' AS from_address,
                NULL AS reply_to, NULL AS bounce_address, NULL AS ticket_center_url, NULL AS dashboard_url,
                '' AS allowed_domains, 'en' AS locale, \(Self.slowly) = 1 AS paused FROM raw;
            INSERT INTO raw VALUES ('bad', 1e12), ('h1', 1), ('h2', 2)
            """)
        for command in [
            ["status"], ["list"], ["health"], ["pause"], ["resume"], ["pause", "--helpdesk", "h2"],
            ["cancel", "1"],
        ] {
            // Throws where it does not end.
            _ = try ChildProcess.run(
                outboxd.binary, command, environment: outboxd.environment,
                directory: outboxd.directory.path, timeout: .seconds(20))
        }
        #expect(try outboxd.values("SELECT helpdesk_id FROM outboxd_pauses") == ["h2"])
        #expect(try outboxd.command("status").output.contains("h1"))
    }

    /// On outboxd's own tables: it held the write lock for ever, and heard no signal.
    @Test(arguments: [
        ("AFTER UPDATE ON outboxd_mails", "new.helpdesk_id = 'bad'"),
        (
            "AFTER UPDATE ON outboxd_rows",
            "(SELECT helpdesk_id FROM outbox WHERE id = new.id) = 'bad'"
        ),
        (
            "AFTER INSERT ON outboxd_rows",
            "(SELECT helpdesk_id FROM outbox WHERE id = new.id) = 'bad'"
        ),
    ])
    func `a trigger without an end keeps neither the API server out nor the end away`(
        _ event: String, _ condition: String
    ) throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        try outboxd.sql(Tenants.two)
        try outboxd.sql(
            """
            CREATE TABLE raw (steps INTEGER); INSERT INTO raw VALUES (1e12);
            CREATE TRIGGER slow \(event) WHEN \(condition) BEGIN SELECT \(Self.slowly) FROM raw; END
            """)
        let daemon = try outboxd.run()
        try outboxd.insert(Tenants.mails(1, "bad", helpdesk: "bad"))
        for round in 0..<3 {
            let id = try outboxd.insert(Tenants.mails(1, "u\(round)-", helpdesk: "good"))[0]
            #expect(
                try outboxd.status(id, after: "sent", timeout: .seconds(40)).summary == "sent")
        }
        daemon.terminate()
        #expect(daemon.waitForExit(timeout: .seconds(40)) != nil)
    }

    /// Not about one mail: nothing can be sent, and the process does what it is told all the same.
    @Test func `a trigger without an end on what concerns all mail is told, and SIGTERM heard`()
        throws
    {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        let daemon = try outboxd.run()
        try outboxd.sql(
            """
            CREATE TABLE raw (steps INTEGER); INSERT INTO raw VALUES (1e12);
            CREATE TRIGGER slow AFTER UPDATE ON outboxd_totals BEGIN SELECT \(Self.slowly) FROM raw; END;
            CREATE TRIGGER slow_too AFTER INSERT ON outboxd_totals BEGIN SELECT \(Self.slowly) FROM raw; END
            """)
        try outboxd.insert(Row(instant: true))
        #expect(daemon.waitForOutput("took longer than 5000 ms", timeout: .seconds(60)))
        try outboxd.insert(Row(conversation: "c2", instant: true))
        daemon.terminate()
        #expect(daemon.waitForExit(timeout: .seconds(90)) != nil)
    }

    @Test func `a slow trigger on suppressions holds nobody up, and is noted in the end`() throws {
        let relay = try ScriptedRelay(
            rules: (0..<5).map { .refuse(recipient: "gone\($0)@example.test") })
        let outboxd = try Outboxd(relay: relay)
        defer { outboxd.end() }
        try outboxd.sql(
            """
            CREATE TABLE raw (steps INTEGER); INSERT INTO raw VALUES (1e12);
            CREATE TRIGGER slow BEFORE INSERT ON suppressions BEGIN
                SELECT \(Self.slowly) FROM raw; END
            """)
        let daemon = try outboxd.run()
        let gone = try outboxd.insert(
            (0..<5).map {
                Row(to: "gone\($0)@example.test", conversation: "g\($0)", instant: true)
            })
        try #require(daemon.waitForOutput("in suppressions: took longer than 100 ms"))
        for id in gone {
            #expect(try outboxd.status(id, after: "failed").summary == "failed/rejected")
        }
        try outboxd.insert((0..<20).map { Row(conversation: "c\($0)", instant: true) })
        #expect(try outboxd.wait(for: 20, "sent"))
        // After one that took too long the others wait as well, or the API server could write nothing.
        #expect(daemon.errors.count(of: "a suppression can't be written") < 4)
        try outboxd.sql("UPDATE raw SET steps = 1")
        #expect(
            try eventually(timeout: .seconds(20)) {
                try outboxd.values("SELECT address FROM suppressions").count == 5
            })
    }
}
