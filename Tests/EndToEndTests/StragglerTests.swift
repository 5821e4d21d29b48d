import Delivery
import Synchronization
import TestSupport
import Testing

/// Silence of the relay about some mails, with the timeouts of RFC 5321: five and ten minutes.
struct StragglerTests {
    private static func outboxd(
        _ verb: RelayEvent.Verb, _ reaction: RelayReaction, connections: Int = 2
    ) throws -> Outboxd {
        let relay = try ScriptedRelay()
        relay.add { event in
            event.verb == verb && event.recipient?.hasPrefix("poison") == true ? reaction : nil
        }
        let outboxd = try Outboxd(
            ["OUTBOXD_SMTP_CONNECTIONS": "\(connections)"], relay: relay)
        try outboxd.sql(Tenants.two)
        return outboxd
    }

    /// As many as there are connections, first in line.
    @Test(
        arguments: [RelayEvent.Verb.rcpt, .data, .dot],
        [RelayReaction.silence, .drip("250-", every: .milliseconds(200))])
    func `silence about some mails keeps no connection from the others`(
        verb: RelayEvent.Verb, reaction: RelayReaction
    ) throws {
        let outboxd = try Self.outboxd(verb, reaction)
        defer { outboxd.end() }
        try outboxd.insert(Tenants.mails(2, "poison") + Tenants.mails(50, "u"))
        try outboxd.run()
        try #require(outboxd.relay.waitForMails(50, timeout: .seconds(20)))
        // One connection beyond the limit was enough to show that the relay works; then one for each.
        #expect(outboxd.relay.record.openConnections <= 4)
        #expect(try eventually { try outboxd.counts() == ["sending": 2, "sent": 50] })
    }

    @Test func `connections beyond the limit are closed when they are not needed any more`() throws
    {
        let gate = Gate()
        let outboxd = try Self.outboxd(.rcpt, .hold(gate, then: .normal))
        defer { outboxd.end() }
        outboxd.relay.add { $0.verb == .dot ? .delay(.milliseconds(20), then: .normal) : nil }
        try outboxd.insert(Tenants.mails(2, "poison") + Tenants.mails(100, "u"))
        try outboxd.run()
        // The two are overtaken: two others are under way beside them.
        try #require(
            eventually(timeout: .seconds(20)) { outboxd.relay.record.openConnections == 4 })
        gate.open()
        try #require(outboxd.relay.waitForMails(102, timeout: .seconds(10)))
        #expect(eventually { outboxd.relay.record.openConnections <= 2 })
    }

    @Test func `a helpdesk's silent mails leave a connection to the others`() throws {
        let outboxd = try Self.outboxd(.dot, .silence)
        defer { outboxd.end() }
        try outboxd.insert(Tenants.mails(40, "poison", helpdesk: "bad"))
        try outboxd.run()
        // Two connections and two more: three of them may wait for the bad one's, and four are parked.
        try #require(
            eventually(timeout: .seconds(60)) {
                outboxd.relay.record.openConnections >= 7
                    && (try? outboxd.counts()) == ["sending": 7, "pending": 33]
            })
        // Nothing is known of the relay before: it may take until the last of the seven is a straggler.
        try outboxd.insert(Tenants.mails(1, "first", helpdesk: "good"))
        try #require(outboxd.relay.waitForMails(1, timeout: .seconds(10)))
        for round in 0..<5 {
            let before = TestClock.wall
            try outboxd.insert(Tenants.mails(4, "u\(round)-", helpdesk: "good"))
            try #require(
                outboxd.relay.waitForMails(4 * (round + 1) + 1, timeout: .seconds(10)))
            #expect(TestClock.wall - before < .seconds(1))
        }
    }

    /// Twenty mails of 0.7 MB each, after whose dots the relay is silent, are far more than all mails may take in
    /// memory; nobody else's was claimed until their ten minutes were over.
    @Test func `large mails that the relay is silent about take no memory from the others`() throws
    {
        let gate = Gate()
        let heldUp = Atomic(0)
        let relay = try ScriptedRelay()
        relay.add { event in
            guard event.verb == .dot, event.recipient?.hasPrefix("poison") == true,
                heldUp.add(1, ordering: .relaxed).newValue <= 20
            else { return nil }
            return .hold(gate, then: .replyThenClose(421, "4.3.2 shutting down"))
        }
        let outboxd = try Outboxd(["OUTBOXD_SMTP_CONNECTIONS": "4"], relay: relay)
        defer { outboxd.end() }
        try outboxd.sql(Tenants.two)
        try outboxd.run()
        try outboxd.insert(Tenants.mails(1, "first", helpdesk: "good"))
        try #require(outboxd.relay.waitForMails(1))
        for helpdesk in (0..<20).map({ "big\($0)" }) {
            try outboxd.sql(
                "INSERT INTO helpdesks (id, name, from_address) VALUES ('\(helpdesk)', 'Big', 'big@acme.test')"
            )
            var row = Tenants.mails(1, "poison\(helpdesk)", helpdesk: helpdesk)[0]
            row.body = String(repeating: "äöü lorem ipsum ", count: 6_000)
            // Combined into one mail of the greatest length.
            try outboxd.insert(Array(repeating: row, count: 6))
        }
        func poisons() -> Int {
            outboxd.relay.record.commands.count {
                $0.verb == .rcpt && $0.line.contains("poison")
            }
        }
        try #require(eventually(timeout: .seconds(60)) { poisons() >= 8 })
        for round in 1...3 {
            try outboxd.insert(Tenants.mails(4, "u\(round)-", helpdesk: "good"))
            // Ten minutes, if they waited for the silent ones.
            try #require(outboxd.relay.waitForMails(1 + 4 * round, timeout: .seconds(30)))
        }
        #expect(try eventually { try outboxd.counts()["sent"] == 13 })
        // What is in memory no more is read anew: it can't go on another connection at once.
        gate.open()
        #expect(try eventually { try outboxd.counts()["sending"] == nil })
        for mail in relay.record.mails where mail.recipient.hasPrefix("poison") {
            #expect(mail.data.count > 600_000)
        }
    }

    /// A relay with a limit for each client takes no connection beside the silent ones.
    @Test(arguments: [RelayEvent.Verb.rcpt, .dot])
    func `under the relay's limit silent mails leave a connection to the others`(
        verb: RelayEvent.Verb
    ) throws {
        let outboxd = try Self.outboxd(verb, .silence, connections: 4)
        defer { outboxd.end() }
        let relay = outboxd.relay
        relay.add { event in
            event.verb == .connect && relay.record.openConnections > 5
                ? .replyThenClose(421, "4.7.0 too many connections") : nil
        }
        try outboxd.run()
        try outboxd.insert(Tenants.mails(1, "first", helpdesk: "good"))
        try #require(relay.waitForMails(1))
        try outboxd.insert(Tenants.mails(12, "poison", helpdesk: "bad"))
        try #require(
            eventually(timeout: .seconds(20)) {
                relay.record.commands.count { $0.verb == .rcpt && $0.line.contains("poison") } >= 4
            })
        for round in 0..<3 {
            try outboxd.insert(Tenants.mails(2, "u\(round)-", helpdesk: "good"))
            // Five times as long as the first mail took, on a machine that does much else.
            try #require(relay.waitForMails(3 + 2 * round, timeout: .seconds(40)))
        }
    }

    /// Four were stragglers, four more took the connections that the others' were given for.
    @Test func `silent mails do not take the connections that others were given for`() throws {
        let outboxd = try Self.outboxd(.data, .silence, connections: 4)
        defer { outboxd.end() }
        try outboxd.run()
        try outboxd.insert(Tenants.mails(1, "first", helpdesk: "good"))
        try #require(outboxd.relay.waitForMails(1))
        try outboxd.insert(Tenants.mails(8, "poison", helpdesk: "bad"))
        try outboxd.insert(Tenants.mails(6, "early", helpdesk: "good"))
        try #require(outboxd.relay.waitForMails(7, timeout: .seconds(10)))
        try #require(
            eventually(timeout: .seconds(20)) {
                outboxd.relay.record.commands.count {
                    $0.verb == .rcpt && $0.line.contains("poison")
                } >= 7
            })
        for round in 1...20 {
            try outboxd.insert(Tenants.mails(1, "u\(round)-", helpdesk: "good"))
            try #require(
                outboxd.relay.waitForMails(7 + round, timeout: .seconds(10)), "\(round)")
        }
    }

    /// Slow, not silent: the others waited for half a second to three, or for ever at ten mails a second.
    @Test(arguments: [1, 4])
    func `a helpdesk that the relay is slow about keeps no connection from the others`(
        connections: Int
    ) throws {
        let outboxd = try Self.outboxd(
            .rcpt, .delay(.seconds(1), then: .normal), connections: connections)
        defer { outboxd.end() }
        try outboxd.run()
        try outboxd.insert(Tenants.mails(1, "first", helpdesk: "good"))
        try #require(outboxd.relay.waitForMails(1))
        let bad = try outboxd.insert(Tenants.mails(40, "poison", helpdesk: "bad"))
        // Until the relay has shown that it is slow about them.
        try #require(outboxd.relay.waitForMails(2, timeout: .seconds(10)))
        for round in 1...20 {
            let began = TestClock.steady
            let good = try outboxd.insert(Tenants.mails(1, "u\(round)-", helpdesk: "good"))
            #expect(try outboxd.status(good[0], after: "sent").state == "sent")
            #expect(TestClock.steady - began < .milliseconds(500), "\(round)")
        }
        #expect(try outboxd.status(bad[0], after: "sent").state == "sent")
        #expect(outboxd.relay.record.openConnections <= connections + 2)
        guard connections == 4 else { return }
        // Half of the connections: two seconds pass from one mail to the next but one.
        try #require(outboxd.relay.waitForMails(21 + 16, timeout: .seconds(20)))
        let times = outboxd.relay.record.commands
            .filter { $0.verb == .rcpt && $0.line.contains("poison") }.map(\.at).dropFirst(8)
        for (first, third) in zip(times, times.dropFirst(2)) {
            #expect(third - first >= .milliseconds(950))
        }
    }

    /// The connection went to the helpdesk that the relay was slow about, and the others waited again.
    @Test func `what is opened beside stragglers is for other helpdesks first`() throws {
        let outboxd = try Self.outboxd(.rcpt, .silence, connections: 1)
        defer { outboxd.end() }
        try outboxd.run()
        try outboxd.insert(Tenants.mails(1, "first", helpdesk: "good"))
        try #require(outboxd.relay.waitForMails(1))
        let recipients = {
            outboxd.relay.record.commands.filter { $0.verb == .rcpt }.map(\.line)
        }
        try outboxd.insert(Tenants.mails(10, "poison", helpdesk: "bad"))
        try #require(eventually { recipients().count == 2 })
        try outboxd.insert(Tenants.mails(1, "good", helpdesk: "good"))
        try #require(outboxd.relay.waitForMails(2, timeout: .seconds(20)))
        #expect(recipients()[2].contains("good0"))
    }

    @Test func `what is silent for half a minute makes room if others wait`() throws {
        let outboxd = try Self.outboxd(.rcpt, .silence)
        defer { outboxd.end() }
        let poison = try outboxd.insert(Tenants.mails(3, "poison"))
        try outboxd.run()
        // All that one helpdesk may have.
        try #require(
            eventually(timeout: .seconds(20)) { outboxd.relay.record.openConnections == 3 })
        try outboxd.insert(Tenants.mails(10, "u"))
        try #require(outboxd.relay.waitForMails(10, timeout: .seconds(60)))
        let status = try outboxd.status(poison[0])
        #expect(status.attempts == 1)
        #expect(status.lastError?.contains("no reply within 3") == true)
    }

    /// They came in waves of seven, half a minute each, the next silent ones first.
    @Test func `thirty silent mails of a helpdesk leave a connection to its other mail`() throws {
        let relay = try ScriptedRelay()
        relay.add { event in
            event.verb == .rcpt && event.recipient?.hasPrefix("poison") == true ? .silence : nil
        }
        let outboxd = try Outboxd(
            ["OUTBOXD_RETRY_BASE": "5m", "OUTBOXD_RETRY_CAP": "5m"], relay: relay)
        defer { outboxd.end() }
        try outboxd.run()
        try outboxd.insert(Tenants.mails(1, "first"))
        try #require(relay.waitForMails(1))
        try outboxd.insert(Tenants.mails(30, "poison") + Tenants.mails(10, "u"))
        // While no other mail shows that the relay works, one of them is given up a second.
        #expect(relay.waitForMails(11, timeout: .seconds(60)))
    }

    /// Eight kept all connections there were, until their ten minutes were over.
    @Test func `silence after the dots of many helpdesks stops nobody`() throws {
        let outboxd = try Self.outboxd(.dot, .silence)
        defer { outboxd.end() }
        let bad = (0..<12).map { "bad\($0)" }
        let names = bad.map { "('\($0)', 'T', '\($0)@acme.test')" }.joined(separator: ", ")
        try outboxd.sql("INSERT INTO helpdesks (id, name, from_address) VALUES \(names)")
        try outboxd.run()
        try outboxd.insert(Tenants.mails(1, "first", helpdesk: "good"))
        try #require(outboxd.relay.waitForMails(1))
        for helpdesk in bad {
            try outboxd.insert(Tenants.mails(1, "poison-\(helpdesk)", helpdesk: helpdesk))
        }
        for round in 0..<5 {
            try outboxd.insert(Tenants.mails(1, "u\(round)-", helpdesk: "good"))
            try #require(outboxd.relay.waitForMails(2 + round, timeout: .seconds(8)), "\(round)")
        }
    }

    /// What a given-up mail left was taken by the next silent one.
    @Test func `silent mails of many helpdesks leave a connection to the others`() throws {
        let outboxd = try Self.outboxd(.rcpt, .silence)
        defer { outboxd.end() }
        let bad = (0..<6).map { "bad\($0)" }
        let names = bad.map { "('\($0)', 'T', '\($0)@acme.test')" }.joined(separator: ", ")
        try outboxd.sql("INSERT INTO helpdesks (id, name, from_address) VALUES \(names)")
        try outboxd.run()
        try outboxd.insert(Tenants.mails(1, "first", helpdesk: "good"))
        try #require(outboxd.relay.waitForMails(1))
        try outboxd.insert(bad.flatMap { Tenants.mails(5, "poison-\($0)-", helpdesk: $0) })
        for round in 0..<10 {
            try outboxd.insert(Tenants.mails(1, "u\(round)-", helpdesk: "good"))
            try #require(outboxd.relay.waitForMails(2 + round, timeout: .seconds(10)), "\(round)")
        }
    }
}
