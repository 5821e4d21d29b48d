import Delivery
import TestSupport
import Testing

/// "Whose fault is a refusal?": what one bad neighbour does must not be noticed by the others.
struct WhoseFaultTests {
    /// Two tenants with From addresses of their own.
    static let tenants = """
        INSERT INTO helpdesks (id, name, from_address)
        VALUES ('bad', 'Bad', 'bad@acme.test'), ('good', 'Good', 'good@acme.test')
        """

    /// So many mails, each of a conversation of its own.
    static func rows(_ count: Int, _ prefix: String, helpdesk: String = "h1") -> [Row] {
        (0..<count).map {
            Row(
                to: "\(prefix)\($0)@example.test", conversation: "\(prefix)\($0)",
                helpdesk: helpdesk, instant: true)
        }
    }

    // MARK: 421

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
                "OUTBOXD_SMTP_CONNECTIONS": "\(connections)", "OUTBOXD_EXPIRE_AFTER": "2s",
            ], relay: relay)
        defer { outboxd.end() }
        let daemon = try outboxd.run()
        let poison = Row(to: "poison@example.test", conversation: "p", instant: true)
        let ids = try outboxd.insert([poison] + Self.rows(100, "u"))
        try #require(relay.waitForMails(100, timeout: .seconds(5)))
        #expect(try outboxd.status(ids[0], after: "failed").summary == "failed/expired")
        #expect(try outboxd.status(ids[0]).attempts > 1)
        #expect(try outboxd.counts() == ["sent": 100, "failed": 1])
        #expect(!daemon.errors.contains("the relay is in trouble"))
        #expect(relay.record.transfers.count { $0.outcome == .accepted } == 100)
        // It is nobody's fault but its own: no more than a few connections go for each attempt.
        #expect(relay.record.connections.count < 60)
    }

    /// They were first in line: after three of them nothing went out, and probes went to the others.
    @Test(arguments: [3, 5, 12, 60])
    func `recipients that always get 421 slow no other of the same sender`(poison: Int) throws {
        let relay = try ScriptedRelay()
        relay.add { event in
            event.verb == .rcpt && event.recipient?.hasPrefix("poison") == true
                ? .replyThenClose(421, "4.7.0 Not you") : nil
        }
        let outboxd = try Outboxd(relay: relay)
        defer { outboxd.end() }
        let poisoned = (0..<poison).map {
            Row(to: "poison\($0)@example.test", conversation: "p\($0)", instant: true)
        }
        let ids = try outboxd.insert(poisoned + Self.rows(100, "u"))
        try outboxd.run()
        try #require(relay.waitForMails(100, timeout: .seconds(5)))
        for id in ids.prefix(min(poison, 12)) {
            #expect(try outboxd.status(id, after: "pending", "deferred").attempts >= 1)
        }
    }

    /// Their tenant's other mail waited for the probes, all of which went to them.
    @Test func `thirty recipients that always get 4.3.x slow no other of the same sender`() throws {
        let relay = try ScriptedRelay()
        relay.add { event in
            event.verb == .rcpt && event.recipient?.hasPrefix("poison") == true
                ? .reply(451, "4.3.0 Not now") : nil
        }
        let outboxd = try Outboxd(relay: relay)
        defer { outboxd.end() }
        let poisoned = (0..<30).map {
            Row(
                to: "poison\($0)@example.test", conversation: "p\($0)", helpdesk: "h1",
                instant: true)
        }
        try outboxd.insert(poisoned + Self.rows(20, "u"))
        try outboxd.run()
        try #require(relay.waitForMails(20, timeout: .seconds(8)))
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
        try outboxd.sql(Self.tenants)
        let daemon = try outboxd.run()
        try outboxd.insert(
            Self.rows(5, "p421-", helpdesk: "bad") + Self.rows(3, "p530-", helpdesk: "bad"))
        for round in 1...20 {
            try outboxd.insert(Self.rows(1, "g\(round)-", helpdesk: "good"))
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
        let ids = try outboxd.insert(Self.rows(20, "u"))
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
        let ids = try outboxd.insert(Self.rows(100, "u"))
        try #require(relay.waitForMails(100, timeout: .seconds(5)))
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
        #expect(relay.wait { $0.commands.count { $0.verb == .rcpt } >= 5 })
        let began = TestClock.steady
        try outboxd.insert(Self.rows(1, "u"))
        try #require(relay.waitForMails(1))
        #expect(TestClock.steady - began < .seconds(1))
        // It is the mail's own from now on: its attempts count.
        #expect(try eventually { try outboxd.status(id).attempts > 0 })
    }

    // MARK: 530

    @Test func `a From that gets 530 slows no other tenant, and is blocked alone`() throws {
        let relay = try ScriptedRelay(rules: [
            .refuse(sender: "bad@acme.test", 530, "5.7.0 Authentication required")
        ])
        let outboxd = try Outboxd(relay: relay)
        defer { outboxd.end() }
        try outboxd.sql(Self.tenants)
        let daemon = try outboxd.run()
        let bad = try outboxd.insert(
            Self.rows(3, "b", helpdesk: "bad") + Self.rows(50, "g", helpdesk: "good"))[..<3]
        try #require(relay.waitForMails(50, timeout: .seconds(3)))
        try #require(daemon.waitForOutput("the relay refuses a sender"))
        for id in bad {
            let status = try outboxd.status(id, after: "pending", "sender")
            #expect(status.summary == "pending/sender" && status.attempts == 0)
        }
        #expect(!daemon.errors.contains("the relay is in trouble"))
    }

    /// Two refused senders are not the relay: a third one's mail goes on, before and after.
    @Test(arguments: [1, 4])
    func `two From addresses that get 530 don't hold up a third`(connections: Int) throws {
        let relay = try ScriptedRelay(rules: [
            .refuse(sender: "bad@acme.test", 530, "5.7.0 Authentication required"),
            .refuse(sender: "worse@acme.test", 530, "5.7.0 Authentication required"),
        ])
        let outboxd = try Outboxd(
            ["OUTBOXD_SMTP_CONNECTIONS": "\(connections)"], relay: relay)
        defer { outboxd.end() }
        try outboxd.sql(Self.tenants)
        try outboxd.sql(
            "INSERT INTO helpdesks (id, name, from_address) VALUES ('worse', 'W', 'worse@acme.test')"
        )
        try outboxd.run()
        try outboxd.insert(
            Self.rows(2, "b", helpdesk: "bad") + Self.rows(2, "w", helpdesk: "worse")
                + Self.rows(50, "g", helpdesk: "good"))
        #expect(relay.waitForMails(50, timeout: .seconds(8)))
        for number in 0..<6 {
            let id = try outboxd.insert(Self.rows(1, "later\(number)", helpdesk: "good"))[0]
            #expect(
                try outboxd.status(id, after: "sent", timeout: .seconds(5)).summary == "sent",
                "\(number)")
        }
    }

    /// The contract: waiting for a sender ages, and such a row is failed at expiry.
    @Test func `what waits for a refused sender fails in the end`() throws {
        let relay = try ScriptedRelay(rules: [
            .refuse(sender: "bad@acme.test", 530, "5.7.0 Authentication required")
        ])
        let outboxd = try Outboxd(["OUTBOXD_EXPIRE_AFTER": "3s"], relay: relay)
        defer { outboxd.end() }
        try outboxd.sql(Self.tenants)
        let daemon = try outboxd.run()
        let bad = try outboxd.insert(
            Self.rows(5, "b", helpdesk: "bad") + Self.rows(5, "g", helpdesk: "good"))[..<5]
        try #require(daemon.waitForOutput("the relay refuses a sender"))
        for id in bad {
            #expect(try outboxd.status(id, after: "failed").summary == "failed/rejected")
        }
    }

    @Test func `one mail that gets 530 beside others backs off, and expires`() throws {
        let relay = try ScriptedRelay(rules: [
            .refuse(sender: "bad@acme.test", 530, "5.7.0 Authentication required")
        ])
        let outboxd = try Outboxd(["OUTBOXD_EXPIRE_AFTER": "2s"], relay: relay)
        defer { outboxd.end() }
        try outboxd.sql(Self.tenants)
        let daemon = try outboxd.run()
        let bad = try outboxd.insert(
            Self.rows(1, "b", helpdesk: "bad") + Self.rows(50, "g", helpdesk: "good"))[0]
        try #require(relay.waitForMails(50, timeout: .seconds(3)))
        #expect(try outboxd.status(bad, after: "failed").summary == "failed/expired")
        #expect(!daemon.errors.contains("the relay is in trouble"))
    }

    @Test func `after a sender that got 530, alone, another is tried at once`() throws {
        let relay = try ScriptedRelay(rules: [
            .refuse(sender: "bad@acme.test", 530, "5.7.0 Authentication required")
        ])
        let outboxd = try Outboxd(relay: relay)
        defer { outboxd.end() }
        try outboxd.sql(Self.tenants)
        let daemon = try outboxd.run()
        let bad = try outboxd.insert(Self.rows(3, "b", helpdesk: "bad"))
        try #require(daemon.waitForOutput("the relay is in trouble"))
        _ = try outboxd.status(bad[0], after: "pending", "relay")
        let began = TestClock.steady
        let good = try outboxd.insert(Self.rows(50, "g", helpdesk: "good"))
        try #require(relay.waitForMails(50))
        #expect(TestClock.steady - began < .seconds(3))
        for id in good { #expect(try outboxd.status(id, after: "sent").attempts == 1) }
        #expect(daemon.waitForOutput("the relay works"))
    }

    // MARK: Five in a row

    /// Of the sender's 100 good mails none went out for half a minute, then one, if the probe was good.
    @Test(arguments: [1, 4], [12, 60])
    func `many refused contents delay good mails of the same From for a second`(
        connections: Int, poison: Int
    ) throws {
        let relay = try ScriptedRelay()
        relay.add { event in
            event.verb == .dot && event.recipient?.hasPrefix("spam") == true
                ? .reply(554, "5.7.1 Looks like spam") : nil
        }
        let outboxd = try Outboxd(
            ["OUTBOXD_SMTP_CONNECTIONS": "\(connections)"], relay: relay)
        defer { outboxd.end() }
        try outboxd.insert(Self.rows(poison, "spam") + Self.rows(100, "good"))
        let daemon = try outboxd.run()
        try #require(daemon.waitForOutput("the relay refuses a sender"))
        try #require(relay.waitForMails(100, timeout: .seconds(8)))
        // Refused again, they have failed for good.
        #expect(try eventually { try outboxd.counts() == ["sent": 100, "failed": poison] })
    }

    @Test func `five refused contents fail, and the next three of the same From go out`() throws {
        let relay = try ScriptedRelay()
        relay.add { event in
            event.verb == .dot && event.recipient?.hasPrefix("spam") == true
                ? .reply(554, "5.7.1 Looks like spam") : nil
        }
        let outboxd = try Outboxd(["OUTBOXD_SMTP_CONNECTIONS": "1"], relay: relay)
        defer { outboxd.end() }
        let daemon = try outboxd.run()
        let spam = try outboxd.insert(Self.rows(5, "spam"))
        #expect(try outboxd.wait(for: 5, "failed"))
        try outboxd.insert(Self.rows(3, "good"))
        try #require(relay.waitForMails(3, timeout: .seconds(2)))
        #expect(try outboxd.wait(for: 3, "sent"))
        for id in spam { #expect(try outboxd.status(id).summary == "failed/rejected") }
        #expect(!daemon.errors.contains("refuses a sender"))
    }

    @Test func `a relay that denies access to every sender fails nobody in the end`() throws {
        let relay = try ScriptedRelay(rules: [.on(.rcpt, .reply(554, "5.7.1 Relay access denied"))])
        let outboxd = try Outboxd(relay: relay)
        defer { outboxd.end() }
        try outboxd.sql(Self.tenants)
        let daemon = try outboxd.run()
        let ids = try outboxd.insert(
            zip(Self.rows(15, "b", helpdesk: "bad"), Self.rows(15, "g", helpdesk: "good"))
                .flatMap { [$0, $1] })
        try #require(daemon.waitForOutput("the relay refuses every sender"))
        for id in ids {
            let status = try outboxd.status(id, after: "pending", "relay")
            #expect(status.summary == "pending/relay" && status.attempts == 0)
        }
        daemon.terminate()
        #expect(daemon.waitForExit() == .code(0))
        relay.clearRules()
        try outboxd.run()
        #expect(try outboxd.wait(for: 30, "sent"))
    }

    // MARK: Ten in a row

    @Test(arguments: [(454, "4.7.1 Relay access denied"), (452, "4.3.1 Insufficient storage")])
    func `a relay that can't take any mail for now burns no attempt`(
        code: Int, text: String
    ) throws {
        let relay = try ScriptedRelay(rules: [.on(.rcpt, .reply(code, text))])
        let outboxd = try Outboxd(
            ["OUTBOXD_RETRY_BASE": "1h", "OUTBOXD_RETRY_CAP": "1h"], relay: relay)
        defer { outboxd.end() }
        let daemon = try outboxd.run()
        let ids = try outboxd.insert(Self.rows(30, "u"))
        try #require(daemon.waitForOutput("the relay is in trouble"))
        for id in ids {
            let status = try outboxd.status(id, after: "pending", "relay")
            #expect(status.summary == "pending/relay" && status.attempts == 0)
        }
        relay.clearRules()
        #expect(try outboxd.wait(for: 30, "sent"))
        for id in ids { #expect(try outboxd.status(id).attempts == 1) }
    }

    // MARK: Another relay

    @Test func `another relay that refuses every mail fails none, and the drain stops`() throws {
        let other = try ScriptedRelay(rules: [.on(.rcpt, .reply(554, "5.7.1 Who are you?"))])
        defer { other.stop() }
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        let ids = try outboxd.insert(Self.rows(30, "u"))
        let drain = try outboxd.command("drain", "--smtp-url", other.url)
        #expect(drain.exit == .code(69))
        #expect(drain.errors.contains("Who are you?"))
        // Not many more than five: those under way beside the fifth.
        #expect(other.commands.count { $0.verb == .rcpt } <= 8)
        for id in ids {
            let status = try outboxd.status(id)
            #expect(status.state == "pending" && status.attempts == 0)
            #expect(status.lastError == nil)
        }
        #expect(try outboxd.values("SELECT count(*) FROM outboxd_strikes") == ["0"])
        #expect(try outboxd.command("drain").exit == .code(0))
        #expect(outboxd.relay.record.mailCount == 30)
    }

    @Test func `another relay's opinion of a mailbox or a sender does not count`() throws {
        let other = try ScriptedRelay(rules: [
            .refuse(recipient: "gone0@example.test"),
            .at(recipient: "gone1@example.test", .reply(450, "4.2.0 Later")),
        ])
        defer { other.stop() }
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        let gone = try outboxd.insert(Self.rows(2, "gone"))
        let good = try outboxd.insert(Self.rows(10, "u"))
        let drain = try outboxd.command("drain", "--smtp-url", other.url)
        #expect(drain.exit == .code(75))
        #expect(other.record.mailCount == 10)
        for id in good { #expect(try outboxd.status(id).summary == "sent") }
        for id in gone {
            #expect(try outboxd.status(id).state == "pending")
            #expect(try outboxd.status(id).attempts == 0)
        }
        // Each was asked about once.
        #expect(other.commands.count { $0.verb == .rcpt } == 12)
        #expect(try outboxd.values("SELECT count(*) FROM suppressions") == ["0"])
        #expect(try outboxd.command("drain").exit == .code(0))
        #expect(outboxd.relay.record.mailCount == 2)
    }
}
