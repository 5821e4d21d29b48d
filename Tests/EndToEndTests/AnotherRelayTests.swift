import Delivery
import TestSupport
import Testing

/// "Another relay": what `drain --smtp-url` meets judges nobody.
struct AnotherRelayTests {
    /// The daemon could have sent each of them at once.
    @Test func `another relay that is silent gets one mail until it has accepted one`() throws {
        let other = try ScriptedRelay(rules: [.on(.rcpt, .silence)])
        defer { other.stop() }
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        try outboxd.insert(Tenants.mails(30, "u"))
        let drain = try outboxd.start("drain", "--smtp-url", other.url)
        defer { drain.kill() }
        try #require(eventually { other.commands.contains { $0.verb == .rcpt } })
        try outboxd.run()
        try #require(try outboxd.wait(for: 29, "sent", timeout: .seconds(10)))
        #expect(other.commands.count { $0.verb == .rcpt } == 1)
    }

    @Test func `another relay that refuses every mail fails none, and the drain stops`() throws {
        let other = try ScriptedRelay(rules: [.on(.rcpt, .reply(554, "5.7.1 Who are you?"))])
        defer { other.stop() }
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        let ids = try outboxd.insert(Tenants.mails(30, "u"))
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
        // It stands in the story, and nowhere else.
        let story = try outboxd.command("show", "1").output
        #expect(story.contains("was not taken by another relay (`drain --smtp-url`)"), "\(story)")
        let reply = ":\(other.port): rcpt: 554 5.7.1 Who are you?; no attempt is counted"
        #expect(story.contains(reply))
        #expect(try outboxd.values("SELECT count(*) FROM outboxd_strikes") == ["0"])
        #expect(try outboxd.command("drain").exit == .code(0))
        #expect(outboxd.relay.record.mailCount == 30)
    }

    /// Each may have arrived: with `hold`, a person has to look at each of them.
    @Test func `another relay that ends each connection at the dot stops the drain`() throws {
        let other = try ScriptedRelay(rules: [.on(.dot, .close)])
        defer { other.stop() }
        let outboxd = try Outboxd(["OUTBOXD_ON_UNCERTAIN": "hold"])
        defer { outboxd.end() }
        try outboxd.insert(Tenants.mails(60, "u"))
        let drain = try outboxd.command("drain", "--smtp-url", other.url)
        #expect(drain.exit == .code(69))
        let uncertain = try outboxd.values(
            "SELECT count(*) FROM outbox_status WHERE reason = 'uncertain'")
        #expect((5...12).contains(Int(uncertain[0]) ?? 0), "\(uncertain)")
    }

    @Test func `another relay's opinion of a mailbox or a sender does not count`() throws {
        let other = try ScriptedRelay(rules: [
            .refuse(recipient: "gone0@example.test"),
            .at(recipient: "gone1@example.test", .reply(450, "4.2.0 Later")),
        ])
        defer { other.stop() }
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        let gone = try outboxd.insert(Tenants.mails(2, "gone"))
        let good = try outboxd.insert(Tenants.mails(10, "u"))
        let drain = try outboxd.command("drain", "--smtp-url", other.url)
        #expect(drain.exit == .code(75))
        #expect(other.record.mailCount == 10)
        for id in good { #expect(try outboxd.status(id).summary == "sent") }
        for id in gone {
            #expect(try outboxd.status(id).state == "pending")
            #expect(try outboxd.status(id).attempts == 0)
        }
        // Each was asked about once, and told once.
        #expect(drain.output.contains("returned 2\n"), "\(drain.output)")
        #expect(drain.errors.contains("the other relay did not take 2 mails"))
        #expect(other.commands.count { $0.verb == .rcpt } == 12)
        #expect(try outboxd.values("SELECT count(*) FROM suppressions") == ["0"])
        #expect(try outboxd.command("drain").exit == .code(0))
        #expect(outboxd.relay.record.mailCount == 2)
    }
}
