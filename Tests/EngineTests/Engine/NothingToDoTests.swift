import Delivery
import Engine
import Glibc
import SMTP
import SQLite
import Store
import TestSupport
import Testing

/// "Nothing to do costs nothing, whatever the reason": the rounds that both threads make in every
/// combination of a relay's state with a reason why nothing goes.
struct NothingToDoTests {
    enum Relay: String, CaseIterable {
        case unknown, up
        /// Refuses connections; the time of its probe has passed and no mail was there for it.
        case down
        /// AUTH is not offered: the probe comes in 30 s.
        case refusing
        /// Takes the connection and says nothing.
        case silent
    }

    enum Held: String, CaseIterable {
        case nothing, onHold, pausedAll, pausedHelpdesk, pausedByAPI, noSender
        case senderBlocked, senderProbeDue, notHeld
    }

    @Test(arguments: [nil, RateLimit(count: 1, per: .seconds(60))])
    func `a thread that can do nothing sleeps`(rate: RateLimit?) throws {
        let cases = Relay.allCases.flatMap { relay in Held.allCases.map { (relay, $0) } }
        let running = try cases.map { relay, held in
            let bed = try Self.bed(relay, rate)
            let engine = try Self.engine(bed, relay)
            return (bed, engine, "\(relay), \(held)", held)
        }
        for (bed, _, _, held) in running { try Self.hold(bed, held) }
        usleep(1_500_000)
        let before = running.map { $0.1.rounds }
        usleep(1_000_000)
        for (index, (_, engine, name, _)) in running.enumerated() {
            let storing = engine.rounds.storing - before[index].storing
            let sending = engine.rounds.sending - before[index].sending
            // The poll of 200 ms, steps of a review, and ten looks after each commit.
            #expect(storing <= 40, "\(name): \(storing) rounds of the storing thread")
            #expect(sending <= 20, "\(name): \(sending) rounds of the sending thread")
        }
        for (_, engine, _, _) in running { engine.stop(timeout: .zero) }
        for (bed, engine, _, _) in running { _ = bed.end(of: engine) }
    }

    private static func bed(_ relay: Relay, _ rate: RateLimit?) throws -> EngineBed {
        let bed = try EngineBed(listening: relay != .down)
        bed.settings.rate = rate
        bed.settings.connections = 1
        if relay == .refusing {
            bed.settings.relay.username = "ann"
            bed.settings.relay.password = Secret("right")
        }
        if relay == .silent { bed.relay.add(.on(.connect, .silence)) }
        return bed
    }

    /// A mail before all others brings the relay into its state.
    private static func engine(_ bed: EngineBed, _ relay: Relay) throws -> Engine {
        if relay != .unknown { try bed.insert("first", conversation: "first", helpdesk: "other") }
        let engine = try bed.start()
        switch relay {
        case .unknown, .silent: break
        case .up: #expect(bed.relay.waitForMails(1))
        case .down, .refusing:
            #expect(
                bed.waitForEvent {
                    if case .relay(let status) = $0 { status.state == .down } else { false }
                })
            // No mail is left for the probe.
            try bed.server.execute("DELETE FROM outbox")
        }
        return engine
    }

    private static func pause(_ helpdesk: String, _ bed: EngineBed) throws {
        try bed.server.execute(
            "INSERT INTO outboxd_pauses (helpdesk_id, paused_at) VALUES ('\(helpdesk)', 1)")
    }

    private static func hold(_ bed: EngineBed, _ held: Held) throws {
        switch held {
        case .nothing: return
        case .notHeld: break
        case .onHold:
            try bed.insert(age: -3_600_000)
            return
        case .pausedAll: try Self.pause("", bed)
        case .pausedHelpdesk: try Self.pause("h", bed)
        case .pausedByAPI:
            try bed.server.execute(
                """
                INSERT INTO helpdesks (id, name, from_address, paused)
                VALUES ('h', 'Acme', 'support@acme.test', 1)
                """)
        case .noSender:
            try bed.server.execute(
                "INSERT INTO helpdesks (id, name, from_address) VALUES ('h', 'Acme', 'nobody')")
        case .senderBlocked, .senderProbeDue:
            let probeAt = held == .senderBlocked ? TestClock.wall.milliseconds + 60_000 : 1
            try bed.server.execute(
                """
                INSERT INTO outboxd_senders (address, blocked_at, failures, probe_at)
                VALUES ('support@acme.test', 1, 1, \(probeAt))
                """)
        }
        try bed.insert()
    }
}
