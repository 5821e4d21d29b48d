import Delivery
import Synchronization
import TestSupport
import Testing

/// Temporary refusals that speak of the relay's system (4.3.x, 454 4.7.1): ten of them in a row make the
/// relay wait, and nobody is to notice if they are one neighbour's alone.
struct SystemRefusalTests {
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
        try outboxd.insert(poisoned + Tenants.mails(20, "u"))
        try outboxd.run()
        try #require(relay.waitForMails(20, timeout: .seconds(8)))
    }

    /// After 32 of them nobody was accused any more: the next mail waited for the probe, up to a minute.
    @Test(
        arguments: [
            (.rcpt, 451, "4.3.0 Not now"), (.dot, 454, "4.7.1 Not relayed"),
            (.rcpt, 421, "4.3.2 Not you"),
        ] as [(RelayEvent.Verb, Int, String)])
    func `a helpdesk whose every mail gets a system's refusal slows no other helpdesk`(
        verb: RelayEvent.Verb, code: Int, text: String
    ) throws {
        let relay = try ScriptedRelay()
        let tries = Mutex<[SteadyTime]>([])
        relay.add { event in
            guard event.verb == verb, event.recipient?.hasPrefix("poison") == true else {
                return nil
            }
            tries.withLock { $0.append(TestClock.steady) }
            return code == 421 ? .replyThenClose(code, text) : .reply(code, text)
        }
        let outboxd = try Outboxd(relay: relay)
        defer { outboxd.end() }
        try outboxd.sql(Tenants.two)
        try outboxd.run()
        try outboxd.insert(Tenants.mails(1, "first", helpdesk: "good"))
        try #require(relay.waitForMails(1))
        try outboxd.insert(Tenants.mails(80, "poison", helpdesk: "bad"))
        // Whatever is tried at once has been, and the probes after 1 s and 2 s; the next comes after 4 s.
        try #require(
            eventually {
                let latest = tries.withLock { $0.count > Accusation.mostMails ? $0.suffix(2) : [] }
                return latest.count == 2 && latest.last! - latest.first! > .milliseconds(1_800)
            })
        let began = TestClock.steady
        try outboxd.insert(Tenants.mails(1, "good", helpdesk: "good"))
        try #require(relay.waitForMails(2, timeout: .seconds(20)))
        #expect(TestClock.steady - began < .seconds(1))
    }

    @Test(arguments: [(454, "4.7.1 Relay access denied"), (452, "4.3.1 Insufficient storage")])
    func `a relay that can't take any mail for now burns no attempt`(
        code: Int, text: String
    ) throws {
        let relay = try ScriptedRelay(rules: [.on(.rcpt, .reply(code, text))])
        let outboxd = try Outboxd(
            ["OUTBOXD_RETRY_BASE": "1h", "OUTBOXD_RETRY_CAP": "1h"], relay: relay)
        defer { outboxd.end() }
        let daemon = try outboxd.run()
        let ids = try outboxd.insert(Tenants.mails(30, "u"))
        try #require(daemon.waitForOutput("the relay is in trouble"))
        for id in ids {
            let status = try outboxd.status(id, after: "pending", "relay")
            #expect(status.summary == "pending/relay" && status.attempts == 0)
        }
        relay.clearRules()
        #expect(try outboxd.wait(for: 30, "sent"))
        for id in ids { #expect(try outboxd.status(id).attempts == 1) }
    }
}
