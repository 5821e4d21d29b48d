import Delivery
@testable import Engine
import SQLite
import Store
import TestSupport
import Testing

/// "Whose fault is a refusal?", for a drain, which must not end while that is open.
@Suite struct BlameTests {
    /// Helpdesks bad and good, with a From address each.
    static func bed() throws -> EngineBed {
        let bed = try EngineBed()
        try bed.server.execute(
            """
            INSERT INTO helpdesks (id, name, from_address)
            VALUES ('bad', 'Bad', 'bad@acme.test'), ('good', 'Good', 'good@acme.test')
            """)
        return bed
    }

    static func outcomes(_ bed: EngineBed, of mail: String) -> [String] {
        bed.events.read { outcomes($0, of: mail) }
    }

    static func outcomes(_ events: [EngineEvent], of mail: String) -> [String] {
        events.flatMap { event -> [EngineEvent.Attempt] in
            if case .attempted(let attempts) = event { attempts } else { [] }
        }
        .filter { $0.recipient == mail }.map(\.outcome.name)
    }

    /// The others are under way until the one is refused: had they all been accepted before, nobody would
    /// be left to show that the relay takes mail, and the drain would end.
    @Test func `a drain tries again what got 530 beside others, and tells what became of it`()
        throws
    {
        let bed = try Self.bed()
        let gate = Gate()
        bed.settings.retry = RetryPolicy(base: .seconds(600), cap: .seconds(600))
        bed.relay.add(.refuse(sender: "bad@acme.test", 530, "5.7.0 Authenticate"))
        bed.relay.add(.first(1, .dot, .hold(gate)))
        let bad = try bed.insert("b", conversation: "b", to: "b@example.test", helpdesk: "bad")
        for number in 1...8 {
            try bed.insert(
                "g\(number)", conversation: "g\(number)", to: "g\(number)@example.test",
                helpdesk: "good")
        }
        let engine = try bed.start(RunMode(isDrain: true))
        #expect(gate.waitForArrivals(1))
        #expect(bed.waitForEvent { !Self.outcomes([$0], of: "b@example.test").isEmpty })
        gate.open()
        #expect(bed.end(of: engine) == .drained)
        #expect(bed.relay.mails.count == 8)
        #expect(try bed.state(bad) == "pending/deferred")
        #expect(try bed.value("attempts", bad) == 1)
        #expect(Self.outcomes(bed, of: "b@example.test") == ["returned", "deferred"])
    }

    @Test func `a relay that refuses everybody ends a drain, and the next one sends all`() throws {
        let bed = try Self.bed()
        bed.relay.add(.on(.mail, .reply(554, "5.7.1 Go away")))
        for number in 1...10 {
            try bed.insert(
                "m\(number)", conversation: "c\(number)",
                helpdesk: number.isMultiple(of: 2) ? "bad" : "good")
        }
        #expect(try bed.drain() == .relayDown)
        #expect(try bed.count("state = 'pending' AND reason = 'relay' AND attempts = 0") == 10)
        bed.relay.clearRules()
        #expect(try bed.drain() == .drained)
        #expect(try bed.count("state = 'sent' AND attempts = 1") == 10)
    }

    /// A helpdesk without an entry writes from OUTBOXD_FROM, and is accused with it: its mail is not innocent.
    @Test func `a relay that refuses everybody ends a drain whoever writes`() throws {
        let bed = try Self.bed()
        bed.settings.connections = 1
        bed.relay.add(.on(.rcpt, .reply(550, "5.7.1 relay access denied")))
        for (number, helpdesk) in ["none", "bad", "good", "bad", "good", "bad", "good", "bad"]
            .enumerated()
        {
            try bed.insert("m\(number)", conversation: "c\(number)", helpdesk: helpdesk)
        }
        #expect(try bed.drain() == .relayDown)
        let states = try bed.server.statement(
            "SELECT DISTINCT state || '/' || reason || ' ' || attempts FROM outbox_status"
        ).all { $0.text(0) }
        #expect(states == ["pending/relay 0"])
        let failed = bed.events.read { events in
            events.reduce(into: Set<Int64>()) { failed, event in
                if case .attempted(let attempts) = event {
                    failed.formUnion(
                        attempts.filter { $0.outcome.name == "rejected" }.map(\.mailID))
                }
                if case .reopenedMails(let mails) = event { failed.subtract(mails) }
            }
        }
        #expect(failed.isEmpty)
    }

    /// 421 to the dot is a refusal: the mail is taken once, whole.
    @Test func `a mail that got 421 to its dot goes out once`() throws {
        let bed = try EngineBed()
        bed.relay.add(.first(1, .dot, .replyThenClose(421, "4.3.2 Later")))
        let id = try bed.insert()
        #expect(try bed.drain() == .drained)
        #expect(try bed.state(id) == "sent" && bed.value("attempts", id) == 1)
        #expect(try bed.value("uncertain", id) == 0)
        #expect(bed.relay.mails.count == 1)
    }

    /// Whoever could have shown that the relay takes mail has gone, and has not shown it.
    @Test func `a mail that got 421 twice does not wait for others that are gone`() throws {
        let bed = try EngineBed()
        let gate = Gate()
        bed.relay.add(.at(recipient: "poison@example.test", .replyThenClose(421, "4.7.0 No")))
        bed.relay.add(.on(.dot, .hold(gate, then: .reply(554, "5.7.1 Spam"))))
        let other = try bed.insert("m1", conversation: "c1")
        let engine = try bed.start(RunMode(isDrain: true))
        #expect(gate.waitForArrivals(1))
        let poison = try bed.insert("p", conversation: "p", to: "poison@example.test")
        let refused = bed.relay.wait { record in
            record.commands.count { $0.line.contains("poison@example.test") } == 2
        }
        #expect(refused)
        gate.open()
        #expect(bed.end(of: engine) == .relayDown)
        #expect(try bed.state(other) == "failed/rejected")
        #expect(try bed.state(poison) == "pending/relay")
        #expect(try bed.value("attempts", poison) == 0)
    }

    /// It was claimed again in the transaction that wrote its refusal down, and went out at once: the pause is
    /// an order to the sending thread, which has it after that.
    @Test func `the transaction that pauses the relay claims nothing`() throws {
        let bed = try Self.bed()
        let (loop, journal) = try bed.storingLoop()
        defer { journal.remove() }
        let demand = HandOff.Demand(mails: 4, room: 4)
        loop.handOff.deliver([], relay: [], demand: demand)
        try bed.insert("m1", conversation: "c1", helpdesk: "good")
        _ = try loop.turn()
        let mail = try #require(loop.handOff.takeOutgoing().first)
        let error = DeliveryError(
            stage: .rcpt, reply: SMTPReply(code: 535, enhanced: .init(5, 7, 8), text: "5.7.8 No"))
        let refused = SendResult(
            mail: mail, end: .verdict(.unauthorized(error)), at: TestClock.wall)
        loop.handOff.deliver([refused], relay: [], demand: demand)
        // Or the lock is left alone first, where the last transaction took long.
        loop.lockShare = LockShare()
        _ = try loop.turn()
        #expect(loop.handOff.takeOutgoing().map(\.emailMessageID) == [])
        #expect(loop.handOff.takePause()?.mail == mail.mail.mailID)
    }
}
