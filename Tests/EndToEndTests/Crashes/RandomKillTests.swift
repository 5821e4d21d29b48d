import Delivery
import Glibc
import Synchronization
import TestSupport
import Testing

/// SIGKILL at random moments, under load.
///
/// `OUTBOXD_SOAK=1` does it a thousand times, and prints what it has seen.
struct RandomKillTests {
    private static var kills: Int { CrashTests.isSoak ? 1_000 : 12 }

    /// Some attempts are put off, so that mails wait for a retry while processes die.
    private static func makeRelay() throws -> ScriptedRelay {
        let seen = Atomic(0)
        let relay = try ScriptedRelay(rules: [.on(.dot, .delay(.milliseconds(2)))])
        relay.add { event in
            guard event.verb == .rcpt else { return nil }
            let isPutOff = seen.add(1, ordering: .relaxed).newValue.isMultiple(of: 40)
            return isPutOff ? .reply(450, "4.2.0 Later") : nil
        }
        return relay
    }

    @Test(.timeLimit(.minutes(40)))
    func `killed at random moments beside each other, two daemons lose nothing`() throws {
        let outboxd = try Outboxd(
            ["OUTBOXD_LOG_LEVEL": "error", "OUTBOXD_POLL_INTERVAL": "200ms"],
            relay: Self.makeRelay())
        defer { outboxd.end() }
        var random = SystemRandomNumberGenerator()
        let seed = random.next() as UInt64
        let api = try BusyAPIServer(database: outboxd.database, seed: seed)
        let start = TestClock.steady
        var daemons = [try outboxd.start("run"), try outboxd.start("run")]
        var kills = 0
        while kills < Self.kills {
            // It lives for up to half a second more: it has just begun, or is in the midst of sending.
            for _ in 0..<Int.random(in: 1...10, using: &random) {
                try api.act()
                usleep(.random(in: 1_000...50_000, using: &random))
            }
            let areBoth = Int.random(in: 0..<8, using: &random) == 0
            let victims = areBoth ? [0, 1] : [Int.random(in: 0...1, using: &random)]
            for victim in victims { daemons[victim].kill() }
            for victim in victims {
                #expect(daemons[victim].waitForExit(timeout: .seconds(20)) == .signal(SIGKILL))
                daemons[victim] = try outboxd.start("run")
            }
            kills += victims.count
        }
        try api.end()
        let held = try settle(outboxd)
        let ledger = try RandomKillLedger(outboxd, api)
        ledger.check()
        #expect(outboxd.relay.breaches.isEmpty)
        #expect(try !outboxd.command("check").output.contains("totals"))
        guard CrashTests.isSoak else { return }
        print(
            """
            seed \(seed): \(kills) kills in \(TestClock.steady - start); \(api.texts.count) rows, \
            \(ledger.words); \(held) of them held for an operator
            """)
    }

    /// Waits for the end of all rows; an operator has those sent that are held as uncertain.
    ///
    /// - Returns: how many rows these were.
    private func settle(_ outboxd: Outboxd) throws -> Int {
        let open = "SELECT count(*) FROM outbox_status WHERE state IN ('pending', 'sending')"
        let isDone = try eventually(timeout: .seconds(60)) {
            try outboxd.values("\(open) AND reason IS NOT 'uncertain'") == ["0"]
        }
        #expect(isDone)
        let held = try outboxd.values(open).first.flatMap { Int($0) } ?? 0
        if held > 0 {
            let resolve = try outboxd.command("resolve", "--all", "--resend", "--yes")
            #expect(resolve.exit == .code(0), "\(resolve.errors)")
        }
        #expect(try eventually(timeout: .seconds(60)) { try outboxd.values(open) == ["0"] })
        #expect(outboxd.relay.waitUntilNothingIsUnderWay())
        return held
    }
}
