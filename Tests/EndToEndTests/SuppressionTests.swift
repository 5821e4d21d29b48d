import TestSupport
import Testing

/// "Suppressions: addresses that get no mail".
struct SuppressionTests {
    @Test(arguments: ["", "h1"])
    func `a suppressed address gets no mail`(helpdesk: String) throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        try outboxd.sql(
            "INSERT INTO suppressions VALUES ('\(helpdesk)', 'ann@example.test', 'asked', 1, NULL)")
        try outboxd.run()
        let ids = try outboxd.insert(
            Row(to: "Ann@example.test"), Row(to: "ben@example.test", conversation: "c2"))
        #expect(try outboxd.status(ids[0], after: "skipped").summary == "skipped/suppressed")
        #expect(try outboxd.status(ids[1], after: "sent").summary == "sent")
    }

    @Test(arguments: [
        ("h2", "NULL"),  // another helpdesk's
        ("h1", "1000"),  // expired
    ])
    func `a suppression counts for its helpdesk and until it expires`(
        helpdesk: String, expiry: String
    ) throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        try outboxd.sql(
            """
            INSERT INTO suppressions VALUES
                ('\(helpdesk)', 'ann@example.test', 'asked', 1, \(expiry))
            """)
        try outboxd.run()
        let id = try outboxd.insert(Row())[0]
        #expect(try outboxd.status(id, after: "sent").summary == "sent")
    }

    /// "outboxd adds one for 30 days when the relay says that a mailbox does not exist (a permanent
    /// reply to RCPT with the enhanced code 5.1.1, 5.1.6 or 5.1.10)".
    @Test(arguments: ["5.1.1", "5.1.6", "5.1.10"])
    func `a mailbox that does not exist is mailed no more for 30 days`(code: String) throws {
        let relay = try ScriptedRelay(rules: [.on(.rcpt, .reply(550, "\(code) Unknown"))])
        let outboxd = try Outboxd(relay: relay)
        defer { outboxd.end() }
        try outboxd.run()
        let first = try outboxd.insert(Row())[0]
        let status = try outboxd.status(first, after: "failed")
        #expect(status.summary == "failed/rejected")
        #expect(status.lastError?.contains("\"enhanced\":\"\(code)\"") == true)
        let days = try outboxd.values(
            """
            SELECT (expires_at - created_at) / 86400000 FROM suppressions
            WHERE address = 'ann@example.test'
            """)
        #expect(days == ["30"])
        let second = try outboxd.insert(Row(conversation: "c2"))[0]
        #expect(try outboxd.status(second, after: "skipped").summary == "skipped/suppressed")
    }

    /// A view of the API server's: it may take the entry by a trigger, or nothing at all.
    @Test(arguments: [true, false])
    func `it counts where suppressions is a view`(takesInserts: Bool) throws {
        let relay = try ScriptedRelay(rules: [.on(.rcpt, .reply(550, "5.1.1 Unknown"))])
        let outboxd = try Outboxd(relay: relay)
        defer { outboxd.end() }
        try outboxd.sql(
            """
            ALTER TABLE suppressions RENAME TO blocks;
            CREATE VIEW suppressions AS SELECT * FROM blocks;
            """)
        if takesInserts {
            try outboxd.sql(
                """
                CREATE TRIGGER take INSTEAD OF INSERT ON suppressions BEGIN
                    INSERT INTO blocks VALUES (new.helpdesk_id, new.address, new.reason,
                        new.created_at, new.expires_at);
                END
                """)
        }
        try outboxd.run()
        let first = try outboxd.insert(Row(instant: true))[0]
        #expect(try outboxd.status(first, after: "failed").summary == "failed/rejected")
        let second = try outboxd.insert(Row(conversation: "c2", instant: true))[0]
        #expect(try outboxd.status(second, after: "skipped").summary == "skipped/suppressed")
        #expect(try outboxd.values("SELECT address FROM blocks").count == (takesInserts ? 1 : 0))
        #expect(try outboxd.command("check").output.contains("SQL statement fails") == false)
    }

    /// Nothing says so: the statement succeeds.
    @Test func `it counts where a trigger ignores the entry, and check says so`() throws {
        let relay = try ScriptedRelay(rules: [.on(.rcpt, .reply(550, "5.1.1 Unknown"))])
        let outboxd = try Outboxd(relay: relay)
        defer { outboxd.end() }
        try outboxd.sql(
            """
            CREATE TRIGGER ignore BEFORE INSERT ON suppressions
            BEGIN SELECT raise(IGNORE); END
            """)
        try outboxd.run()
        let first = try outboxd.insert(Row(instant: true))[0]
        #expect(try outboxd.status(first, after: "failed").summary == "failed/rejected")
        let second = try outboxd.insert(Row(conversation: "c2", instant: true))[0]
        #expect(try outboxd.status(second, after: "skipped").summary == "skipped/suppressed")
        #expect(try outboxd.command("check").output.contains("suppressions"))
    }

    @Test func `a refusal for another reason suppresses nothing`() throws {
        let relay = try ScriptedRelay(rules: [.on(.rcpt, .reply(550, "5.7.1 Not from you"))])
        let outboxd = try Outboxd(relay: relay)
        defer { outboxd.end() }
        try outboxd.run()
        let id = try outboxd.insert(Row())[0]
        #expect(try outboxd.status(id, after: "failed").summary == "failed/rejected")
        #expect(try outboxd.values("SELECT address FROM suppressions").isEmpty)
    }
}
