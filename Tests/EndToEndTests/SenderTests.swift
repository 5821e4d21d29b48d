import TestSupport
import Testing

/// "Five permanent replies in a row to mails from one From address …: that sender waits and is
/// probed, reason `sender`, and the five return to `pending`".
///
/// "Other senders go on."
struct SenderTests {
    @Test func `a refused sender waits, its five mails return, and others go on`() throws {
        let relay = try ScriptedRelay(rules: [.refuse(sender: "bad@acme.test")])
        let outboxd = try Outboxd(["OUTBOXD_SMTP_CONNECTIONS": "1"], relay: relay)
        defer { outboxd.end() }
        try outboxd.sql(
            """
            INSERT INTO helpdesks (id, name, from_address)
            VALUES ('h1', 'Bad', 'bad@acme.test'), ('h2', 'Good', 'good@acme.test')
            """)
        let daemon = try outboxd.run()
        let bad = try outboxd.insert((0..<8).map { Row(conversation: "c\($0)", instant: true) })
        #expect(daemon.waitForOutput("the relay refuses a sender"))
        for id in bad {
            let status = try outboxd.status(id, after: "pending", "sender")
            #expect(status.summary == "pending/sender")
        }
        let good = try outboxd.insert(Row(helpdesk: "h2", instant: true))[0]
        #expect(try outboxd.status(good, after: "sent").summary == "sent")
        #expect(relay.mails.map(\.sender) == ["good@acme.test"])
        relay.clearRules()
        // The waits between probes double: here the time of the next is put forward.
        try outboxd.sql("UPDATE outboxd_senders SET probe_at = 1 WHERE blocked_at IS NOT NULL")
        #expect(daemon.waitForOutput("the relay accepts a sender again", timeout: .seconds(20)))
        #expect(try outboxd.wait(for: 9, "sent"))
    }

    /// "… 5.1.x at RCPT not counted".
    @Test func `recipients that do not exist are no fault of the sender`() throws {
        let relay = try ScriptedRelay(rules: [.on(.rcpt, .reply(550, "5.1.1 Unknown"))])
        let outboxd = try Outboxd(relay: relay)
        defer { outboxd.end() }
        try outboxd.run()
        try outboxd.insert((0..<8).map { Row(to: "u\($0)@example.test", instant: true) })
        #expect(try outboxd.wait(for: 8, "failed"))
    }
}
