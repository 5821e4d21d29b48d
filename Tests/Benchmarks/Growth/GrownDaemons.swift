import Delivery
import Glibc
import TestSupport

/// Two daemons side by side, on a grown table and a fresh one: delay of instant mails, and memory.
struct GrownDaemons {
    private let tables: Tables

    init(_ tables: Tables) {
        self.tables = tables
    }

    /// Rows come into one and the other by turns: what else the machine does meets both.
    func figures(samples: Int) throws -> [Figure] {
        Bench.say("growth: \(samples) instant rows in each")
        let fresh = try Side(tables.fresh)
        let grown = try Side(tables.grown)
        defer { for side in [fresh, grown] { side.daemon.terminate() } }
        usleep(3_000_000)
        for _ in 0..<samples {
            for side in [fresh, grown] {
                usleep(useconds_t(Int.random(in: 1_000...20_000)))
                try side.insert()
            }
        }
        let delays = Tables.Pair(fresh: try fresh.delays(), grown: try grown.delays())
        let memory = Tables.Pair(
            fresh: [try ProcessUsage.peakMemory(of: fresh.daemon.processID)],
            grown: [try ProcessUsage.peakMemory(of: grown.daemon.processID)])
        return figures(delays, 0.5, "p50", .atMost(1.1)) + figures(delays, 0.99, "p99")
            + memory.figures("growth: peak memory", "MB") + [
                Figure(
                    "growth: peak memory, grown above fresh", "MB",
                    zip(memory.grown, memory.fresh).map { $0 - $1 }, .below(8))
            ]
    }

    /// - Parameter ratio: none for the 99th percentile: that of some hundred mails is no steadier.
    private func figures(
        _ delays: Tables.Pair, _ part: Double, _ word: String, _ ratio: Target? = nil
    ) -> [Figure] {
        let pair = Tables.Pair(
            fresh: [delays.fresh.percentile(part)], grown: [delays.grown.percentile(part)])
        let name = "growth: instant, commit to 250, \(word)"
        return pair.figures(name, "ms") + [pair.ratio(name, ratio)]
    }

    /// A daemon with its relay, and when rows were committed for it.
    private final class Side {
        let daemon: ChildProcess
        private let outbox: Outbox
        private let sink: TimingSink
        private var commits: [String: SteadyTime] = [:]

        init(_ outbox: Outbox) throws {
            self.outbox = outbox
            sink = try TimingSink()
            daemon = try Product.start(
                "run", on: outbox, relay: sink.url, settings: GrownTable.settings)
        }

        func insert() throws {
            let recipient = try outbox.insert(
                createdAt: TestClock.wall.milliseconds, isInstant: true)
            commits[recipient] = TestClock.steady
        }

        /// In milliseconds.
        func delays() throws -> [Double] {
            try sink.wait(for: commits.keys)
            return sink.accepted.compactMap { recipient, moment in
                commits[recipient].map { (moment.steady - $0).inSeconds * 1e3 }
            }
        }
    }
}
