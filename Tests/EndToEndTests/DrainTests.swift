import TestSupport
import Testing

/// "`drain` sends what is due, shows progress, ends when nothing due is left".
struct DrainTests {
    @Test func `what is due is sent, what is on hold is not`() throws {
        let outboxd = try Outboxd(["OUTBOXD_HOLD": "1h"])
        defer { outboxd.end() }
        let ids = try outboxd.insert(Row(conversation: "c2"), Row(instant: true))
        let drain = try outboxd.command("drain")
        #expect(drain.exit == .code(0))
        #expect(drain.output.contains("sent 1 mail (1 row)"))
        #expect(try outboxd.status(ids[0]).summary == "pending/hold")
        #expect(try outboxd.status(ids[1]).summary == "sent")
    }

    @Test func `--now does not wait for the hold`() throws {
        let outboxd = try Outboxd(["OUTBOXD_HOLD": "1h"])
        defer { outboxd.end() }
        let id = try outboxd.insert(Row())[0]
        #expect(try outboxd.command("drain", "--now").exit == .code(0))
        #expect(try outboxd.status(id).summary == "sent")
    }

    @Test func `--limit sends so many mails and no more`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        try outboxd.insert((0..<5).map { Row(conversation: "c\($0)", instant: true) })
        #expect(try outboxd.command("drain", "--limit", "2").exit == .code(0))
        #expect(outboxd.relay.record.mailCount == 2)
        #expect(try outboxd.counts()["sent"] == 2)
    }

    @Test func `mail that is still to be retried makes 75`() throws {
        let relay = try ScriptedRelay(rules: [.on(.rcpt, .reply(451, "4.3.0 Later"))])
        let outboxd = try Outboxd(["OUTBOXD_RETRY_BASE": "1h"], relay: relay)
        defer { outboxd.end() }
        try outboxd.insert(Row(instant: true))
        #expect(try outboxd.command("drain").exit == .code(75))
    }

    @Test func `--wait stays until the deferred are through`() throws {
        let relay = try ScriptedRelay(rules: [.greylist(attempts: 2)])
        let outboxd = try Outboxd(relay: relay)
        defer { outboxd.end() }
        let id = try outboxd.insert(Row(instant: true))[0]
        #expect(try outboxd.command("drain", "--wait").exit == .code(0))
        #expect(try outboxd.status(id).attempts == 3)
    }

    // "`--smtp-url` (another relay, this once; the configured password does not go there)"
    @Test func `another relay takes the mail, without the password, and changes nothing else`()
        throws
    {
        let user = RelayConfiguration.Credentials(user: "me", password: "s3cret")
        var configuration = RelayConfiguration()
        configuration.credentials = user
        let other = try ScriptedRelay(configuration)
        let usual = try ScriptedRelay(listening: false)
        let outboxd = try Outboxd(
            [
                "OUTBOXD_SMTP_URL": "smtp://me@127.0.0.1:\(usual.port)",
                "OUTBOXD_SMTP_PASSWORD": "s3cret",
            ], relay: usual)
        defer { outboxd.end() }
        let id = try outboxd.insert(Row(instant: true))[0]
        #expect(try outboxd.command("drain").exit == .code(69))
        #expect(try outboxd.command("drain", "--smtp-url", other.url).exit == .code(0))
        #expect(try outboxd.status(id).summary == "sent")
        #expect(other.record.mailCount == 1)
        #expect(!other.commands.contains { $0.verb == .auth })
        #expect(try outboxd.command("status").output.contains("down since"))
    }

    @Test func `a relay that can't be reached makes 69, and nothing is lost`() throws {
        let outboxd = try Outboxd(relay: ScriptedRelay(listening: false))
        defer { outboxd.end() }
        let id = try outboxd.insert(Row(instant: true))[0]
        let drain = try outboxd.command("drain")
        #expect(drain.exit == .code(69))
        #expect(drain.errors.contains("the mail waits, nothing is lost"))
        let status = try outboxd.status(id)
        #expect(status.summary == "pending/relay")
        #expect(status.attempts == 0)
    }
}
