import Delivery
import TestSupport
import Testing

/// "Whose fault is a refusal?": what one bad neighbour does must not be noticed by the others.
struct WhoseFaultTests {
    // MARK: 530

    @Test func `a From that gets 530 slows no other tenant, and is blocked alone`() throws {
        let relay = try ScriptedRelay(rules: [
            .refuse(sender: "bad@acme.test", 530, "5.7.0 Authentication required")
        ])
        let outboxd = try Outboxd(relay: relay)
        defer { outboxd.end() }
        try outboxd.sql(Tenants.two)
        let daemon = try outboxd.run()
        let bad = try outboxd.insert(
            Tenants.mails(3, "b", helpdesk: "bad") + Tenants.mails(50, "g", helpdesk: "good"))[..<3]
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
        try outboxd.sql(Tenants.two)
        try outboxd.sql(
            "INSERT INTO helpdesks (id, name, from_address) VALUES ('worse', 'W', 'worse@acme.test')"
        )
        try outboxd.run()
        try outboxd.insert(
            Tenants.mails(2, "b", helpdesk: "bad") + Tenants.mails(2, "w", helpdesk: "worse")
                + Tenants.mails(50, "g", helpdesk: "good"))
        #expect(relay.waitForMails(50, timeout: .seconds(8)))
        for number in 0..<6 {
            let id = try outboxd.insert(Tenants.mails(1, "later\(number)", helpdesk: "good"))[0]
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
        try outboxd.sql(Tenants.two)
        let daemon = try outboxd.run()
        let bad = try outboxd.insert(
            Tenants.mails(5, "b", helpdesk: "bad") + Tenants.mails(5, "g", helpdesk: "good"))[..<5]
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
        try outboxd.sql(Tenants.two)
        let daemon = try outboxd.run()
        let bad = try outboxd.insert(
            Tenants.mails(1, "b", helpdesk: "bad") + Tenants.mails(50, "g", helpdesk: "good"))[0]
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
        try outboxd.sql(Tenants.two)
        let daemon = try outboxd.run()
        let bad = try outboxd.insert(Tenants.mails(3, "b", helpdesk: "bad"))
        try #require(daemon.waitForOutput("the relay is in trouble"))
        _ = try outboxd.status(bad[0], after: "pending", "relay")
        let began = TestClock.steady
        let good = try outboxd.insert(Tenants.mails(50, "g", helpdesk: "good"))
        try #require(relay.waitForMails(50))
        #expect(TestClock.steady - began < .seconds(3))
        for id in good { #expect(try outboxd.status(id, after: "sent").attempts == 1) }
        #expect(daemon.waitForOutput("the relay works"))
    }

    // MARK: Five in a row

    /// Of the sender's 100 good mails none went out for half a minute, then one, if the probe was good.
    ///
    /// Each block lasts a second and uses up a dozen of those refused: with 60 of them first in line there are one to six.
    @Test(arguments: [1, 4], [12, 60])
    func `many refused contents delay good mails of the same From for seconds`(
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
        try outboxd.insert(Tenants.mails(poison, "spam") + Tenants.mails(100, "good"))
        let daemon = try outboxd.run()
        try #require(daemon.waitForOutput("the relay refuses a sender"))
        try #require(relay.waitForMails(100, timeout: .seconds(20)))
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
        let spam = try outboxd.insert(Tenants.mails(5, "spam"))
        #expect(try outboxd.wait(for: 5, "failed"))
        try outboxd.insert(Tenants.mails(3, "good"))
        try #require(relay.waitForMails(3, timeout: .seconds(2)))
        #expect(try outboxd.wait(for: 3, "sent"))
        for id in spam { #expect(try outboxd.status(id).summary == "failed/rejected") }
        #expect(!daemon.errors.contains("refuses a sender"))
    }

    @Test func `a relay that denies access to every sender fails nobody in the end`() throws {
        let relay = try ScriptedRelay(rules: [.on(.rcpt, .reply(554, "5.7.1 Relay access denied"))])
        let outboxd = try Outboxd(relay: relay)
        defer { outboxd.end() }
        try outboxd.sql(Tenants.two)
        let daemon = try outboxd.run()
        let ids = try outboxd.insert(
            zip(Tenants.mails(15, "b", helpdesk: "bad"), Tenants.mails(15, "g", helpdesk: "good"))
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

    // MARK: At the dot

    /// Each mail would be uncertain: with `hold`, a person has to look at each of them.
    @Test func `a relay that ends each connection at the dot is asked with a few mails`() throws {
        let relay = try ScriptedRelay(rules: [.on(.dot, .close)])
        let outboxd = try Outboxd(["OUTBOXD_ON_UNCERTAIN": "hold"], relay: relay)
        defer { outboxd.end() }
        try outboxd.insert(Tenants.mails(60, "u"))
        try outboxd.run()
        func count(_ reason: String) throws -> Int {
            let query = "SELECT count(*) FROM outbox_status WHERE reason = '\(reason)'"
            return try Int(outboxd.values(query)[0]) ?? 0
        }
        try #require(try eventually { try count("uncertain") >= 5 && count("relay") > 0 })
        #expect(try count("uncertain") <= 14)
        relay.clearRules()
        try #require(try outboxd.wait(for: 40, "sent"))
        #expect(
            try eventually { try (outboxd.counts()["sent"] ?? 0) + count("uncertain") == 60 })
    }

    /// A filter before the relay may do so for the mails of one helpdesk.
    @Test func `mails that end their connection at the dot keep nobody else's`() throws {
        let relay = try ScriptedRelay()
        relay.add { event in
            event.verb == .dot && event.recipient?.hasPrefix("bad") == true ? .close : nil
        }
        let outboxd = try Outboxd(["OUTBOXD_ON_UNCERTAIN": "hold"], relay: relay)
        defer { outboxd.end() }
        try outboxd.run()
        for round in 0..<6 {
            try outboxd.insert(Tenants.mails(12, "bad\(round)x"))
            let waiting = "SELECT count(*) > 0 FROM outbox_status WHERE reason = 'relay'"
            try #require(try eventually { try outboxd.values(waiting) == ["1"] })
            let began = TestClock.steady
            let id = try outboxd.insert(Tenants.mails(1, "good\(round)x", helpdesk: "h1"))[0]
            #expect(try outboxd.status(id, after: "sent").state == "sent")
            #expect(TestClock.steady - began < .milliseconds(800), "\(round)")
        }
    }

    /// The senders that confirmed the suspicion against the relay were all bad: it was taken for down, and
    /// the probes went to those that were refused already.
    @Test(arguments: [
        "554 5.7.1 Relay access denied", "530 5.7.0 Authentication required",
        "451 4.3.0 Local error",
    ])
    func `refusals spread over ten helpdesks stop nobody`(reply: String) throws {
        let relay = try ScriptedRelay()
        let (code, text) = (Int(reply.prefix(3)) ?? 0, String(reply.dropFirst(4)))
        relay.add { event in
            event.verb == .rcpt && event.recipient?.hasPrefix("bad") == true
                ? .reply(code, text) : nil
        }
        let outboxd = try Outboxd(relay: relay)
        defer { outboxd.end() }
        let names = (0..<10).map { "('t\($0)', 'T', 't\($0)@acme.test')" }.joined(separator: ", ")
        try outboxd.sql("INSERT INTO helpdesks (id, name, from_address) VALUES \(names)")
        try outboxd.run()
        try outboxd.insert(
            (0..<10).flatMap { Tenants.mails(10, "bad\($0)x", helpdesk: "t\($0)") })
        try #require(
            try eventually {
                try outboxd.values("SELECT count(*) FROM outboxd_attempts").first != "0"
            })
        for round in 0..<10 {
            let began = TestClock.steady
            let id = try outboxd.insert(Tenants.mails(1, "good\(round)x", helpdesk: "h1"))[0]
            #expect(try outboxd.status(id, after: "sent").state == "sent")
            #expect(TestClock.steady - began < .seconds(3), "\(round)")
        }
    }

    /// One sender alone: its later mail shows that the relay takes mail.
    @Test(arguments: [RelayEvent.Verb.rcpt, .dot])
    func `sixty recipients that get 4.3.x stop no later mail of the same sender`(
        verb: RelayEvent.Verb
    ) throws {
        let relay = try ScriptedRelay()
        relay.add { event in
            event.verb == verb && event.recipient?.hasPrefix("bad") == true
                ? .reply(452, "4.3.1 Insufficient storage") : nil
        }
        let outboxd = try Outboxd(relay: relay)
        defer { outboxd.end() }
        try outboxd.run()
        try outboxd.insert(Tenants.mails(60, "bad"))
        for round in 0..<10 {
            let began = TestClock.steady
            let id = try outboxd.insert(Tenants.mails(1, "good\(round)x"))[0]
            #expect(try outboxd.status(id, after: "sent").state == "sent")
            #expect(TestClock.steady - began < .seconds(3), "\(round)")
        }
    }
}
