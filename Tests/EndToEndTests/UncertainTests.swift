import Delivery
import TestSupport
import Testing

/// "That mail is *uncertain*": the connection died after the final dot and before the reply.
struct UncertainTests {
    @Test func `an uncertain mail is sent again, octet for octet`() throws {
        let relay = try ScriptedRelay(rules: [.first(1, .dot, .acceptThenClose)])
        let outboxd = try Outboxd(relay: relay)
        defer { outboxd.end() }
        try outboxd.run()
        let id = try outboxd.insert(Row(instant: true))[0]
        try #require(relay.waitForMails(2))
        let status = try outboxd.status(id, after: "sent")
        #expect(status.summary == "sent")
        #expect(status.uncertain)
        let mails = relay.mails
        #expect(mails[0].data == mails[1].data)
        #expect(mails[0].messageID == status.emailMessageID)
        #expect(mails.count == 2)
    }

    /// "Anything there that is no well-formed 2xx, 4xx or 5xx leaves the mail uncertain".
    @Test(arguments: ["what?\r\n", "354 Go on\r\n", "999 No such\r\n"])
    func `a garbled reply to the dot leaves it uncertain`(reply: String) throws {
        let relay = try ScriptedRelay(rules: [.first(1, .dot, .accept(then: .raw(reply)))])
        let outboxd = try Outboxd(["OUTBOXD_ON_UNCERTAIN": "hold"], relay: relay)
        defer { outboxd.end() }
        try outboxd.run()
        let id = try outboxd.insert(Row(instant: true))[0]
        let status = try outboxd.status(id, after: "pending", "uncertain")
        #expect(status.summary == "pending/uncertain")
        #expect(status.uncertain)
    }

    /// "it carries the mail's own id, and an uncertain mail is sent again at once".
    @Test(arguments: ["resend", "hold"])
    func `a relay that knows its mails gets an uncertain one again at once`(policy: String) throws {
        let relay = try ScriptedRelay(rules: [.first(1, .dot, .acceptThenClose)])
        let outboxd = try Outboxd(
            [
                "OUTBOXD_IDEMPOTENCY_HEADER": "Resend-Idempotency-Key",
                "OUTBOXD_ON_UNCERTAIN": policy, "OUTBOXD_RETRY_BASE": "1h",
                "OUTBOXD_RETRY_CAP": "1h",
            ], relay: relay)
        defer { outboxd.end() }
        try outboxd.run()
        let id = try outboxd.insert(Row(instant: true))[0]
        #expect(try outboxd.status(id, after: "sent").attempts == 2)
        let mails = relay.mails
        #expect(mails.count == 2 && mails[0].data == mails[1].data)
        let messageID = try #require(mails[0].header("Message-ID"))
        #expect("<\(try #require(mails[0].header("Resend-Idempotency-Key")))>" == messageID)
    }

    @Test func `if that is uncertain, too, the policy counts`() throws {
        let relay = try ScriptedRelay(rules: [.on(.dot, .acceptThenClose)])
        let outboxd = try Outboxd(
            ["OUTBOXD_IDEMPOTENCY_HEADER": "X-Key", "OUTBOXD_ON_UNCERTAIN": "hold"], relay: relay)
        defer { outboxd.end() }
        try outboxd.run()
        let id = try outboxd.insert(Row(instant: true))[0]
        try #require(relay.waitForMails(2))
        let status = try outboxd.status(id, after: "pending", "uncertain")
        #expect(status.summary == "pending/uncertain" && relay.mails.count == 2)
    }

    /// "Any 2xx after the final dot is accepted".
    @Test(arguments: [250, 251, 299]) func `any 2xx is accepted`(code: Int) throws {
        let relay = try ScriptedRelay(rules: [.on(.dot, .reply(code, "Fine"))])
        let outboxd = try Outboxd(relay: relay)
        defer { outboxd.end() }
        try outboxd.run()
        let id = try outboxd.insert(Row(instant: true))[0]
        #expect(try outboxd.status(id, after: "sent").uncertain == false)
    }

    /// "… sends it again, at most twice".
    @Test func `an uncertain mail is sent again twice at most`() throws {
        let relay = try ScriptedRelay(rules: [.on(.dot, .acceptThenClose)])
        let outboxd = try Outboxd(relay: relay)
        defer { outboxd.end() }
        try outboxd.run()
        let id = try outboxd.insert(Row(instant: true))[0]
        try #require(relay.waitForMails(3))
        let status = try outboxd.status(id, after: "pending", "uncertain")
        #expect(status.summary == "pending/uncertain")
        let mails = relay.mails
        #expect(mails.count == 3)
        #expect(mails.allSatisfy { $0.data == mails[0].data })
    }

    /// "… or not at all if every row has since been read or cancelled".
    @Test func `an uncertain mail that has been read is not sent again`() throws {
        let relay = try ScriptedRelay(rules: [.on(.dot, .acceptThenClose)])
        let outboxd = try Outboxd(
            ["OUTBOXD_RETRY_BASE": "5s", "OUTBOXD_RETRY_CAP": "5s"], relay: relay)
        defer { outboxd.end() }
        try outboxd.run()
        let id = try outboxd.insert(Row(instant: true))[0]
        #expect(relay.waitForMails(1))
        try outboxd.markRead()
        let status = try outboxd.status(id, after: "skipped")
        #expect(status.summary == "skipped/read")
        #expect(status.uncertain)
        #expect(relay.record.mailCount == 1)
    }

    @Test func `held for an operator it stands in nobody's way, and is settled as sent`() throws {
        let (outboxd, id) = try held()
        defer { outboxd.end() }
        // "… except that a mail held as uncertain stands in nobody's way."
        let newer = try outboxd.insert(Row(body: "Newer.", instant: true))[0]
        #expect(try outboxd.status(newer, after: "sent").summary == "sent")
        #expect(try outboxd.status(id).summary == "pending/uncertain")
        #expect(try outboxd.command("resolve", "\(id)", "--sent").exit == .code(0))
        #expect(try outboxd.status(id, after: "sent").summary == "sent")
        #expect(outboxd.relay.record.mailCount == 2)
    }

    @Test func `resolve tells programs what it has settled`() throws {
        let (outboxd, id) = try held()
        defer { outboxd.end() }
        let dry = try outboxd.command("resolve", "--all", "--sent", "--dry-run", "--json").output
        #expect(dry.contains("\"would_be_settled\": 1"))
        let result = try outboxd.command("resolve", "\(id)", "4711", "--sent", "--json")
        #expect(result.exit == .code(65))
        #expect(result.output.contains("\"settled\": 1") && result.output.contains("\"id\": \(id)"))
        #expect(result.output.contains("there is no row 4711"))
        let none = try outboxd.command("resolve", "--state", "pending", "--sent", "--json")
        #expect(none.exit == .code(0) && none.output.contains("\"settled\": 0"))
        let wrong = try outboxd.command("resolve", "--state", "failed", "--sent")
        #expect(wrong.exit == .code(64))
    }

    @Test func `held for an operator it is sent again when he says so`() throws {
        let (outboxd, id) = try held()
        defer { outboxd.end() }
        #expect(try outboxd.command("resolve", "\(id)", "--resend").exit == .code(0))
        try #require(outboxd.relay.waitForMails(2))
        #expect(try outboxd.status(id, after: "sent").summary == "sent")
        let mails = outboxd.relay.mails
        #expect(mails[0].data == mails[1].data)
    }

    /// A mail that is held as uncertain, beside a daemon that runs.
    private func held() throws -> (Outboxd, Int64) {
        let relay = try ScriptedRelay(rules: [.first(1, .dot, .acceptThenClose)])
        let outboxd = try Outboxd(["OUTBOXD_ON_UNCERTAIN": "hold"], relay: relay)
        try outboxd.run()
        let id = try outboxd.insert(Row(body: "Older.", instant: true))[0]
        #expect(
            try outboxd.status(id, after: "pending", "uncertain").summary == "pending/uncertain")
        return (outboxd, id)
    }
}
