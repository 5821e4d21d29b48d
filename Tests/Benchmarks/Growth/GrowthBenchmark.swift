import Delivery
import Glibc
import TestSupport

/// What a table full of finished and waiting rows costs: everything is measured on it and on a
/// fresh one, in turns.
struct GrowthBenchmark {
    private let options: Options
    private static let drained = 5_000
    private static let skipped = 100_000

    init(_ options: Options) {
        self.options = options
    }

    func run() throws -> [Figure] {
        let waiting = options.waiting ?? options.finished / 10
        Bench.say("growth: \(options.finished) rows finished, \(waiting) waiting are filled in")
        let began = TestClock.steady
        let tables = try Tables(finished: options.finished, waiting: waiting)
        Bench.say("growth: filled in \((TestClock.steady - began).inSeconds.short) s")
        // The fresh one grows, too: what makes it grow most comes last.
        return try commands(tables) + firstMail(tables)
            + GrownDaemons(tables).figures(samples: options.samples)
            + drain(tables) + skips(tables)
    }

    private func commands(_ tables: Tables) throws -> [Figure] {
        let commands = [
            ["status"], ["health"], ["list", "--limit", "50"],
            ["show", "\(max(1, options.finished / 2))"],
        ]
        return try commands.flatMap { command in
            Bench.say("growth: \(command[0])")
            let times = try tables.inTurns(7) { outbox in
                // The fresh one has only a few rows.
                let word = command[0] == "show" && outbox === tables.fresh ? "1" : command.last
                return try Product.time(command.dropLast() + [word ?? ""], on: outbox)
            }
            return times.figures("growth: \(command[0])", "ms", .below(50))
        }
    }

    /// From the daemon's start to the first mail's acceptance.
    private func firstMail(_ tables: Tables) throws -> [Figure] {
        Bench.say("growth: first mail")
        return try tables.inTurns(options.rounds) { outbox in
            let sink = try TimingSink()
            let recipient = try outbox.insert(
                createdAt: TestClock.wall.milliseconds, isInstant: true)
            try outbox.emptyLog()
            let began = TestClock.steady
            let daemon = try Product.start(
                "run", on: outbox, relay: sink.url, settings: GrownTable.settings)
            defer { Self.end(daemon) }
            try sink.wait(for: [recipient])
            guard let accepted = sink.accepted[recipient] else { return 0 }
            return (accepted.steady - began).inSeconds * 1e3
        }.figures("growth: start to first mail", "ms", .below(100))
    }

    private func drain(_ tables: Tables) throws -> [Figure] {
        Bench.say("growth: drains of \(Self.drained)")
        let name = "growth: drain of \(Self.drained)"
        let rates = try tables.inTurns(options.rounds) { outbox in
            try outbox.fill(Self.drained, age: GrownTable.age)
            return try drained(outbox).rate(Self.drained)
        }
        return rates.figures(name, "mails/s") + [rates.ratio(name, .atLeast(0.9))]
    }

    private func skips(_ tables: Tables) throws -> [Figure] {
        Bench.say("growth: rows that are skipped")
        let cancelled = try tables.inTurns(2) { outbox in
            try outbox.fill(Self.skipped, age: GrownTable.age, cancelled: true)
            return try drained(outbox).rate(Self.skipped)
        }
        let read = try tables.inTurns(2) { outbox in
            try outbox.fill(Self.skipped, age: GrownTable.age)
            try outbox.markAllRead()
            return try drained(outbox).rate(Self.skipped)
        }
        return cancelled.figures("growth: cancelled rows", "skips/s", .atLeast(100_000))
            + read.figures("growth: read rows", "skips/s", .atLeast(100_000))
    }

    private func drained(_ outbox: Outbox) throws -> ProgramRun {
        let sink = try TimingSink()
        return try Product.drain(outbox, into: sink.url, settings: GrownTable.settings)
    }

    /// Before the next one starts on the same database.
    private static func end(_ daemon: ChildProcess) {
        daemon.terminate()
        _ = daemon.waitForExit()
    }
}
