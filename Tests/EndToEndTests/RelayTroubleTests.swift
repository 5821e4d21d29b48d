import Delivery
import TestSupport
import Testing

/// "The relay's own trouble is not the mail's … no mail fails for these, none uses up an attempt,
/// none expires meanwhile".
struct RelayTroubleTests {
    @Test func `a relay that is down at the start gets everything when it is up`() throws {
        let outboxd = try Outboxd(relay: ScriptedRelay(listening: false))
        defer { outboxd.end() }
        let daemon = try outboxd.run()
        let ids = try outboxd.insert((0..<20).map { Row(conversation: "c\($0)", instant: true) })
        #expect(daemon.waitForOutput("the relay is in trouble"))
        #expect(try outboxd.status(ids[0], after: "pending", "relay").summary == "pending/relay")
        try outboxd.relay.start()
        #expect(try outboxd.wait(for: 20, "sent"))
        #expect(daemon.waitForOutput("the relay works"))
        for id in ids { #expect(try outboxd.status(id).attempts == 1) }
        #expect(outboxd.relay.record.mailCount == 20)
    }

    @Test(arguments: [421, 530, 534, 535, 538], [RelayEvent.Verb.mail, .rcpt])
    func `these replies to MAIL and RCPT are the relay's trouble`(
        code: Int, verb: RelayEvent.Verb
    ) throws {
        // Probes for credentials come after 30 s: what counts is that nothing fails.
        let relay = try ScriptedRelay(rules: [
            .first(1, verb, .replyThenClose(code, "4.7.0 Not now"))
        ])
        let outboxd = try Outboxd(relay: relay)
        defer { outboxd.end() }
        try outboxd.run()
        let id = try outboxd.insert(Row(instant: true))[0]
        if code == 421 {
            #expect(try outboxd.status(id, after: "sent").attempts == 1)
        } else {
            let status = try outboxd.status(id, after: "pending", "relay")
            #expect(status.summary == "pending/relay")
            #expect(status.attempts == 0)
        }
    }

    @Test(arguments: [RelayEvent.Verb.connect, .ehlo])
    func `trouble before MAIL uses up no attempt`(verb: RelayEvent.Verb) throws {
        let relay = try ScriptedRelay(rules: [.first(1, verb, .replyThenClose(554, "5.3.2 No"))])
        let outboxd = try Outboxd(relay: relay)
        defer { outboxd.end() }
        try outboxd.run()
        let id = try outboxd.insert(Row(instant: true))[0]
        let status = try outboxd.status(id, after: "sent")
        #expect(status.summary == "sent")
        #expect(status.attempts == 1)
    }

    @Test func `a wrong password fails no mail`() throws {
        var configuration = RelayConfiguration()
        configuration.credentials = .init(user: "alice", password: "right")
        let relay = try ScriptedRelay(configuration)
        let outboxd = try Outboxd(
            [
                "OUTBOXD_SMTP_URL": "smtp://alice@127.0.0.1:\(relay.port)",
                "OUTBOXD_SMTP_PASSWORD": "wr0ng-secret",
            ], relay: relay)
        defer { outboxd.end() }
        let daemon = try outboxd.run()
        let id = try outboxd.insert(Row(instant: true))[0]
        #expect(daemon.waitForOutput("the relay is in trouble"))
        let status = try outboxd.status(id, after: "pending", "relay")
        #expect(status.summary == "pending/relay")
        #expect(status.attempts == 0)
        #expect(daemon.errors.contains("stage=auth") && daemon.errors.contains("535"))
        #expect(!daemon.errors.contains("wr0ng-secret"))
        // Changed, and started anew: it is tried at once.
        daemon.terminate()
        #expect(daemon.waitForExit() == .code(0))
        try outboxd.run(settings: ["OUTBOXD_SMTP_PASSWORD": "right"])
        #expect(try outboxd.status(id, after: "sent").attempts == 1)
        #expect(relay.mails.first?.user == "alice")
    }

    /// "AUTH … not offered though credentials are set".
    @Test func `where AUTH is not offered no mail goes out without`() throws {
        let relay = try ScriptedRelay()
        let outboxd = try Outboxd(
            [
                "OUTBOXD_SMTP_URL": "smtp://alice@127.0.0.1:\(relay.port)",
                "OUTBOXD_SMTP_PASSWORD": "secret",
            ], relay: relay)
        defer { outboxd.end() }
        try outboxd.run()
        let id = try outboxd.insert(Row(instant: true))[0]
        #expect(try outboxd.status(id, after: "pending", "relay").summary == "pending/relay")
        #expect(relay.commands.allSatisfy { $0.verb != .mail })
    }

    /// "A reused one that turns out dead costs nobody an attempt" (issue, point 6).
    @Test func `a connection that died while it was idle costs no attempt`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        try outboxd.run()
        try outboxd.insert(Row(instant: true))
        #expect(outboxd.relay.waitForMails(1))
        outboxd.relay.stop()
        try outboxd.relay.start()
        let id = try outboxd.insert(Row(conversation: "c2", instant: true))[0]
        #expect(try outboxd.status(id, after: "sent").attempts == 1)
    }
}
