import Delivery
import TestSupport
import Testing

/// "Retry": what one mail's failure means for it.
struct RetryTests {
    @Test func `a mail that is put off goes out later, under the same Message-ID`() throws {
        let relay = try ScriptedRelay()
        // The whole mail is put off once, so that its Message-ID is seen twice.
        relay.addOnce(.on(.dot, .reply(451, "4.3.0 Try again")))
        let outboxd = try Outboxd(relay: relay)
        defer { outboxd.end() }
        try outboxd.run()
        let id = try outboxd.insert(Row(instant: true))[0]
        let status = try outboxd.status(id, after: "sent")
        #expect(status.summary == "sent")
        #expect(status.attempts == 2)
        let transfers = relay.record.transfers
        #expect(transfers.map(\.outcome) == [.refused(451), .accepted])
        #expect(transfers.map(\.messageID) == [status.emailMessageID, status.emailMessageID])
        // `min(cap, base × 2^(n-1)) × [0.5, 1]`, with a base of 200 ms.
        #expect(transfers[1].mailAt.steady - transfers[0].dotAt.steady >= .milliseconds(100))
        let attempts = try outboxd.values(
            "SELECT outcome || ' ' || code || ' ' || stage FROM outboxd_attempts ORDER BY number")
        try #require(attempts.count == 2)
        #expect(attempts[0].hasSuffix("451 final"))
    }

    @Test(arguments: [RelayEvent.Verb.mail, .rcpt, .data, .dot])
    func `a temporary reply is retried`(verb: RelayEvent.Verb) throws {
        let relay = try ScriptedRelay(rules: [.first(1, verb, .reply(450, "4.2.0 Later"))])
        let outboxd = try Outboxd(relay: relay)
        defer { outboxd.end() }
        try outboxd.run()
        let id = try outboxd.insert(Row(instant: true))[0]
        let status = try outboxd.status(id, after: "sent")
        #expect(status.summary == "sent")
        #expect(status.attempts == 2)
        #expect(relay.breaches.isEmpty)
    }

    @Test(
        arguments: zip(
            [RelayEvent.Verb.mail, .rcpt, .data, .dot], ["mail", "rcpt", "data", "final"]))
    func `a permanent reply makes it fail at once`(verb: RelayEvent.Verb, stage: String) throws {
        let relay = try ScriptedRelay(rules: [.first(1, verb, .reply(554, "5.7.1 No, \"never\""))])
        let outboxd = try Outboxd(relay: relay)
        defer { outboxd.end() }
        try outboxd.run()
        let ids = try outboxd.insert(Row(instant: true))
        let status = try outboxd.status(ids[0], after: "failed")
        #expect(status.summary == "failed/rejected")
        #expect(status.attempts == 1)
        let fields = try outboxd.values(
            """
            SELECT json_extract(last_error, '$.stage') || ' ' || json_extract(last_error, '$.code')
                || ' ' || json_extract(last_error, '$.enhanced')
                || ' ' || json_extract(last_error, '$.text') FROM outbox_status
            """)
        #expect(fields.first?.hasPrefix("\(stage) 554 5.7.1 ") == true)
        #expect(fields.first?.hasSuffix("No, \"never\"") == true)
        // The next mail is not affected.
        let next = try outboxd.insert(Row(conversation: "c2", instant: true))[0]
        #expect(try outboxd.status(next, after: "sent").summary == "sent")
    }

    /// "… 552 to RCPT …" is temporary (RFC 5321, section 4.5.3.1.10).
    @Test func `too many recipients is retried`() throws {
        let relay = try ScriptedRelay(rules: [.first(1, .rcpt, .reply(552, "5.5.3 Too many"))])
        let outboxd = try Outboxd(relay: relay)
        defer { outboxd.end() }
        try outboxd.run()
        let id = try outboxd.insert(Row(instant: true))[0]
        #expect(try outboxd.status(id, after: "sent").attempts == 2)
    }

    /// "… a dialogue that breaks off … after MAIL".
    @Test(arguments: [RelayEvent.Verb.rcpt, .data])
    func `a dialogue that breaks off is retried`(verb: RelayEvent.Verb) throws {
        let relay = try ScriptedRelay(rules: [.first(1, verb, .close)])
        let outboxd = try Outboxd(relay: relay)
        defer { outboxd.end() }
        try outboxd.run()
        let id = try outboxd.insert(Row(instant: true))[0]
        let status = try outboxd.status(id, after: "sent")
        #expect(status.summary == "sent")
        #expect(!status.uncertain)
        #expect(relay.record.mailCount == 1)
    }

    /// "… or falls silent after MAIL".
    @Test func `a dialogue that falls silent is retried`() throws {
        let relay = try ScriptedRelay(rules: [.first(1, .rcpt, .silence)])
        let outboxd = try Outboxd(["OUTBOXD_SMTP_COMMAND_TIMEOUT": "300ms"], relay: relay)
        defer { outboxd.end() }
        try outboxd.run()
        let id = try outboxd.insert(Row(instant: true))[0]
        #expect(try outboxd.status(id, after: "sent").attempts == 2)
    }

    /// "… until `OUTBOXD_EXPIRE_AFTER` has passed since a row's first attempt": `expired`.
    @Test func `what is put off for too long fails`() throws {
        let relay = try ScriptedRelay(rules: [.on(.rcpt, .reply(451, "4.3.0 Never"))])
        let outboxd = try Outboxd(["OUTBOXD_EXPIRE_AFTER": "500ms"], relay: relay)
        defer { outboxd.end() }
        try outboxd.run()
        let id = try outboxd.insert(Row(instant: true))[0]
        let status = try outboxd.status(id, after: "failed")
        #expect(status.summary == "failed/expired")
        #expect(status.attempts > 1)
    }

    /// "What the relay can't take at all (SIZE exceeded …) is `failed`, reason `unsupported`".
    @Test func `a mail that is too large for the relay fails as unsupported`() throws {
        var configuration = RelayConfiguration()
        configuration.sizeLimit = 10_000
        let relay = try ScriptedRelay(configuration)
        let outboxd = try Outboxd(relay: relay)
        defer { outboxd.end() }
        try outboxd.run()
        let ids = try outboxd.insert(
            Row(body: String(repeating: "Long. ", count: 5_000), instant: true),
            Row(conversation: "c2", instant: true))
        #expect(try outboxd.status(ids[0], after: "failed").summary == "failed/unsupported")
        #expect(try outboxd.status(ids[1], after: "sent").summary == "sent")
    }

    @Test func `SMTPUTF8 that is needed and not offered is unsupported`() throws {
        var configuration = RelayConfiguration()
        configuration.extensions.remove(.smtpUTF8)
        let relay = try ScriptedRelay(configuration)
        let outboxd = try Outboxd(relay: relay)
        defer { outboxd.end() }
        try outboxd.run()
        let id = try outboxd.insert(Row(to: "änn@example.test", instant: true))[0]
        #expect(try outboxd.status(id, after: "failed").summary == "failed/unsupported")
    }
}
