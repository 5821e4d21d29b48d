import Delivery
import TestSupport
import Testing

/// 421: the relay ends the connection instead of taking a mail.
struct TurnedAwayTests {
    @Test(arguments: [1, 4], [RelayEvent.Verb.rcpt, .data, .dot])
    func `a recipient that always gets 421 slows nobody, and expires`(
        connections: Int, verb: RelayEvent.Verb
    ) throws {
        let relay = try ScriptedRelay()
        relay.add { event in
            event.verb == verb && event.recipient == "poison@example.test"
                ? .replyThenClose(421, "4.7.0 Not you") : nil
        }
        let outboxd = try Outboxd(
            [
                "OUTBOXD_SMTP_CONNECTIONS": "\(connections)", "OUTBOXD_EXPIRE_AFTER": "4s",
            ], relay: relay)
        defer { outboxd.end() }
        let daemon = try outboxd.run()
        let poison = Row(to: "poison@example.test", conversation: "p", instant: true)
        let ids = try outboxd.insert([poison] + Tenants.mails(100, "u"))
        try #require(relay.waitForMails(100, timeout: .seconds(20)))
        #expect(try outboxd.status(ids[0], after: "failed").summary == "failed/expired")
        let attempts = try outboxd.status(ids[0]).attempts
        #expect(attempts > 1)
        #expect(try outboxd.counts() == ["sent": 100, "failed": 1])
        #expect(!daemon.errors.contains("the relay is in trouble"))
        #expect(relay.record.transfers.count { $0.outcome == .accepted } == 100)
        // It is nobody's fault but its own: no more than a few connections go for each attempt.
        #expect(relay.record.connections.count < 20 + 2 * attempts)
    }

    /// They were first in line: after three of them nothing went out, and probes went to the others.
    @Test(arguments: [(3, 0), (5, 0), (12, 0), (60, 0), (12, 12)])
    func `recipients that always get 421 slow no other of the same sender`(
        before: Int, behind: Int
    ) throws {
        let relay = try ScriptedRelay()
        relay.add { event in
            event.verb == .rcpt && event.recipient?.hasPrefix("poison") == true
                ? .replyThenClose(421, "4.7.0 Not you") : nil
        }
        let outboxd = try Outboxd(relay: relay)
        defer { outboxd.end() }
        let ids = try outboxd.insert(
            Tenants.mails(before, "poison") + Tenants.mails(100, "u")
                + Tenants.mails(behind, "poison-last"))
        try outboxd.run()
        try #require(relay.waitForMails(100, timeout: .seconds(20)))
        // What gets its first 421 when the hundred are through is the relay's trouble until others come.
        var others = 100
        for id in ids.prefix(min(before, 12)) {
            while others < 130, try outboxd.status(id).attempts == 0 {
                try outboxd.insert(Tenants.mails(1, "u\(others)-"))
                others += 1
                try #require(relay.waitForMails(others, timeout: .seconds(20)))
                _ = try outboxd.status(id, after: "pending", "deferred", timeout: .seconds(3))
            }
            #expect(try outboxd.status(id).attempts >= 1)
        }
    }

    /// After a pause for credentials the next trouble of another kind made every connection unwanted,
    /// for ever: no mail went out until a restart, and the log took 2 MB in ten seconds.
    @Test func `421 and 530 to some recipients of one sender stop nobody`() throws {
        let relay = try ScriptedRelay()
        relay.add { event in
            guard event.verb == .rcpt, let recipient = event.recipient else { return nil }
            if recipient.hasPrefix("p421") { return .replyThenClose(421, "4.3.2 Not you") }
            return recipient.hasPrefix("p530") ? .reply(530, "5.7.0 Authenticate") : nil
        }
        let outboxd = try Outboxd(relay: relay)
        defer { outboxd.end() }
        try outboxd.sql(Tenants.two)
        let daemon = try outboxd.run()
        try outboxd.insert(
            Tenants.mails(5, "p421-", helpdesk: "bad") + Tenants.mails(3, "p530-", helpdesk: "bad"))
        for round in 1...20 {
            try outboxd.insert(Tenants.mails(1, "g\(round)-", helpdesk: "good"))
            try #require(relay.waitForMails(round, timeout: .seconds(10)), "\(round)")
        }
        #expect(!daemon.errors.contains("stopped while connecting"))
    }

    @Test func `a relay that says 421 to whatever comes is in trouble, and nobody fails`() throws {
        let relay = try ScriptedRelay(rules: [
            .on(.mail, .replyThenClose(421, "4.3.2 Shutting down"))
        ])
        let outboxd = try Outboxd(relay: relay)
        defer { outboxd.end() }
        let daemon = try outboxd.run()
        let ids = try outboxd.insert(Tenants.mails(20, "u"))
        try #require(daemon.waitForOutput("the relay is in trouble"))
        #expect(try outboxd.status(ids[0], after: "pending", "relay").attempts == 0)
        relay.clearRules()
        #expect(try outboxd.wait(for: 20, "sent"))
        for id in ids { #expect(try outboxd.status(id).attempts == 1) }
    }

    /// Exim and SES answer MAIL with 421 after so many mails on a connection.
    @Test func `421 after every fifth mail is routine`() throws {
        let relay = try ScriptedRelay()
        relay.add { event in
            event.verb == .mail && event.message > 5
                ? .replyThenClose(421, "4.7.0 Too many messages on this connection") : nil
        }
        let outboxd = try Outboxd(relay: relay)
        defer { outboxd.end() }
        let daemon = try outboxd.run()
        let ids = try outboxd.insert(Tenants.mails(100, "u"))
        try #require(relay.waitForMails(100, timeout: .seconds(20)))
        #expect(try outboxd.wait(for: 100, "sent"))
        for id in ids { #expect(try outboxd.status(id).attempts == 1) }
        #expect(relay.record.transfers.count == 100)
        #expect(relay.record.connections.count <= 30)
        #expect(!daemon.errors.contains("the relay is in trouble"))
        #expect(!daemon.errors.contains("takes no more connections"))
    }

    @Test func `after a mail that got 421, alone, the next is tried at once`() throws {
        let relay = try ScriptedRelay()
        relay.add(
            .at(recipient: "poison@example.test", .replyThenClose(421, "4.7.0 Not you")))
        let outboxd = try Outboxd(relay: relay)
        defer { outboxd.end() }
        let daemon = try outboxd.run()
        let poison = Row(to: "poison@example.test", conversation: "p", instant: true)
        let id = try outboxd.insert([poison])[0]
        try #require(daemon.waitForOutput("the relay is in trouble"))
        // By now the probes are seconds apart.
        @Sendable func probes(_ record: RelayRecord) -> Int {
            record.commands.count { $0.verb == .rcpt }
        }
        #expect(relay.wait { probes($0) >= 5 })
        let before = probes(relay.record)
        try outboxd.insert(Tenants.mails(1, "u"))
        try #require(relay.waitForMails(1))
        // Not by one of them: it is tried next, and no probe comes before it.
        #expect(probes(relay.record) == before + 1)
        // It is the mail's own from now on: its attempts count.
        #expect(try eventually { try outboxd.status(id).attempts > 0 })
    }
}
