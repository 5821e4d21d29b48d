import Delivery
import Glibc
import TestSupport

/// How soon after its commit an instant row's mail is accepted, and how late after its hold the mail
/// of a held row is: a running daemon, rows that come one by one at random moments, and a server that
/// notes when it accepts.
struct LatencyBenchmark {
    private let options: Options
    private static let hold: Int64 = 2_000

    init(_ options: Options) {
        self.options = options
    }

    func run() throws -> [Figure] {
        let outbox = try Outbox(options)
        let relay = try ScriptedRelay()
        let daemon = try Product.start(
            "run", on: outbox, relay: relay.url,
            settings: [
                "OUTBOXD_SMTP_CONNECTIONS": "\(options.connections)",
                "OUTBOXD_HOLD": "\(Self.hold)ms",
            ])
        defer { daemon.terminate() }
        let instant = try instantDelays(outbox, relay)
        let held = try heldDelays(outbox, relay)
        return figures("instant: commit to acceptance", instant, neverNegative: false)
            + figures("hold: lateness", held, neverNegative: true)
    }

    private func figures(
        _ name: String, _ delays: [Double], neverNegative: Bool
    ) -> [Figure] {
        var figures = [
            Figure(name + ", p50", "ms", [delays.percentile(0.5)]),
            Figure(
                name + ", p99", "ms", [delays.percentile(0.99)], target: "< 50",
                isMet: { $0 < 50 }),
            Figure(name + ", max", "ms", [delays.percentile(1)]),
        ]
        if neverNegative {
            figures.append(
                Figure(
                    name + ", min", "ms", [delays.percentile(0)], target: "never early",
                    isMet: { $0 >= 0 }))
        }
        return figures
    }

    // MARK: The two kinds

    private func instantDelays(_ outbox: Outbox, _ relay: ScriptedRelay) throws -> [Double] {
        Bench.say("\(options.samples) instant rows")
        var commits: [String: SteadyTime] = [:]
        for number in 0..<options.samples {
            pause()
            try outbox.insert(number, createdAt: TestClock.wall.milliseconds, isInstant: true)
            commits[Outbox.recipient(number)] = TestClock.steady
        }
        let accepted = try acceptances(relay, count: options.samples)
        return try commits.map { recipient, committed in
            guard let mail = accepted[recipient] else { throw Problem("\(recipient): no mail") }
            return Double((mail.dotAt.steady - committed).inNanoseconds) / 1e6
        }
    }

    private func heldDelays(_ outbox: Outbox, _ relay: ScriptedRelay) throws -> [Double] {
        Bench.say("\(options.samples) rows that are held for \(Self.hold) ms")
        var created: [String: Int64] = [:]
        for number in options.samples..<2 * options.samples {
            pause()
            let now = TestClock.wall.milliseconds
            try outbox.insert(number, createdAt: now)
            created[Outbox.recipient(number)] = now
        }
        let accepted = try acceptances(relay, count: 2 * options.samples)
        return try created.map { recipient, createdAt in
            guard let mail = accepted[recipient] else { throw Problem("\(recipient): no mail") }
            // Late counts to the end of the mail, early from its beginning.
            let dueAt = createdAt + Self.hold
            let early = min(0, mail.mailAt.wall.milliseconds - dueAt)
            return Double(early < 0 ? early : mail.dotAt.wall.milliseconds - dueAt)
        }
    }

    /// 5 to 45 ms: no rhythm that the daemon could fall into step with.
    private func pause() {
        usleep(useconds_t(Int.random(in: 5_000...45_000)))
    }

    private func acceptances(
        _ relay: ScriptedRelay, count: Int
    ) throws -> [String: ReceivedMail] {
        guard relay.waitForMails(count, timeout: .seconds(30)) else {
            throw Problem("not all of \(count) mails came")
        }
        return Dictionary(relay.mails.map { ($0.recipient, $0) }) { first, _ in first }
    }
}
