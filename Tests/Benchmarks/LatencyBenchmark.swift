import Delivery
import Glibc
import TestSupport

/// How soon after its commit an instant row's mail is accepted, and how late after its hold the
/// mail of a held row is.
///
/// A running daemon; rows that come one by one at random moments, from this process; a server that
/// notes when it accepts. Once with nothing else to do, and once while another helpdesk's backlog
/// goes out over the same connections.
struct LatencyBenchmark {
    private let options: Options
    private static let hold: Int64 = 2_000
    private static let backlog = 100_000

    init(_ options: Options) {
        self.options = options
    }

    func run() throws -> [Figure] {
        let alone = try measure(backlog: 0)
        let beside = try measure(backlog: Self.backlog)
        return alone.figures("alone: ", p99: 8, median: 2)
            + beside.figures("beside a backlog of \(Self.backlog): ", p99: 25)
    }

    private func measure(backlog: Int) throws -> Delays {
        Bench.say("\(options.samples) instant rows and held ones, beside a backlog of \(backlog)")
        let outbox = try Outbox()
        try outbox.fill(backlog)
        let sink = try TimingSink()
        let daemon = try Product.start(
            "run", on: outbox, relay: sink.url, settings: ["OUTBOXD_HOLD": "\(Self.hold)ms"])
        defer { daemon.terminate() }
        try sink.wait(for: min(backlog, 1))
        var instant: [String: SteadyTime] = [:]
        var held: [String: Int64] = [:]
        while instant.count < options.samples && (backlog == 0 || sink.count < backlog) {
            pause()
            let recipient = try outbox.insert(
                createdAt: TestClock.wall.milliseconds, isInstant: true)
            instant[recipient] = TestClock.steady
            pause()
            let now = TestClock.wall.milliseconds
            held[try outbox.insert(createdAt: now)] = now
        }
        try sink.wait(for: backlog)
        let end = backlog > 0 ? TestClock.wall : nil
        try sink.wait(for: Array(instant.keys) + held.keys)
        return delays(instant, held, sink.accepted, until: end)
    }

    /// - Parameter end: what fell due after that had no backlog beside it, and does not count.
    private func delays(
        _ instant: [String: SteadyTime], _ held: [String: Int64], _ accepted: [String: Moment],
        until end: WallTime?
    ) -> Delays {
        var delays = Delays()
        for (recipient, moment) in accepted {
            if let committed = instant[recipient] {
                delays.instant.append((moment.steady - committed).inSeconds * 1e3)
            } else if let createdAt = held[recipient] {
                let dueAt = WallTime(milliseconds: createdAt + Self.hold)
                guard end.map({ dueAt < $0 }) ?? true else { continue }
                delays.held.append(Double((moment.wall - dueAt).inMilliseconds))
            }
        }
        return delays
    }

    /// 1 to 20 ms: no rhythm that the daemon could fall into step with.
    private func pause() {
        usleep(useconds_t(Int.random(in: 1_000...20_000)))
    }
}
