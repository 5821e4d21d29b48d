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
