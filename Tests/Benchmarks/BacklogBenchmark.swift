import Delivery
import TestSupport

/// A backlog, drained into `smtp-sink`, beside what Postfix's own generator of load does to the same
/// sink with as many connections.
///
/// `smtp-source -d` has no database and sends the same message again and again. The two take turns, so
/// that whatever else the machine does meets both.
struct BacklogBenchmark {
    private let options: Options

    init(_ options: Options) {
        self.options = options
    }

    private struct Run {
        var rate: Double
        /// Microseconds for each mail.
        var cost: Double
    }

    func run() throws -> [Figure] {
        let source = try Executable.find("smtp-source", package: "postfix")
        var ours: [Run] = []
        var theirs: [Run] = []
        for round in 1...options.rounds {
            let sink = try CountingSink()
            // Who goes first changes from round to round.
            if round.isMultiple(of: 2) { theirs.append(try send(source, to: sink)) }
            ours.append(try drain(into: sink))
            if !round.isMultiple(of: 2) { theirs.append(try send(source, to: sink)) }
            let (rate, other) = (ours[round - 1].rate, theirs[round - 1].rate)
            Bench.say("round \(round): outboxd \(Int(rate))/s, smtp-source \(Int(other))/s")
        }
        return figures(ours, theirs)
    }

    private func figures(_ ours: [Run], _ theirs: [Run]) -> [Figure] {
        let name = "backlog of \(options.rows), \(options.connections) connections: "
        return [
            Figure(name + "outboxd drain", "mails/s", ours.map(\.rate)),
            Figure(name + "smtp-source -d", "mails/s", theirs.map(\.rate)),
            Figure(
                name + "ratio", "", zip(ours, theirs).map { $0.rate / $1.rate }, target: ">= 0.5",
                isMet: { $0 >= 0.5 }),
            Figure(name + "CPU of outboxd", "us/mail", ours.map(\.cost)),
            Figure(name + "CPU of smtp-source", "us/mail", theirs.map(\.cost)),
        ]
    }

    private func drain(into sink: CountingSink) throws -> Run {
        let outbox = try Outbox(options)
        try outbox.fill(options.rows)
        let before = try sink.messages()
        var settings = ["OUTBOXD_SMTP_CONNECTIONS": "\(options.connections)"]
        if options.isQuiet { settings["OUTBOXD_LOG_LEVEL"] = "warning" }
        let run = try measure {
            try Product.start(
                "drain", on: outbox, relay: "smtp://" + sink.address, settings: settings)
        }
        let states = try outbox.states()
        let taken = try sink.messages() - before
        guard states == ["sent": options.rows], taken == options.rows else {
            throw Problem("of \(options.rows) rows: \(states), and smtp-sink took \(taken) mails")
        }
        return run
    }

    private func send(_ source: String, to sink: CountingSink) throws -> Run {
        try measure {
            try ChildProcess(
                source,
                [
                    "-d", "-s", "\(options.connections)", "-m", "\(options.rows)", "-l", "3000",
                    "-f", "support@acme.test", "-t", "customer@example.test", sink.address,
                ])
        }
    }

    /// The whole process, from its start to its end.
    private func measure(_ start: () throws -> ChildProcess) throws -> Run {
        let cpuBefore = ProcessUsage.ofEndedChildren()
        let began = TestClock.steady
        let child = try start()
        guard let exit = child.waitForExit(timeout: .seconds(600)) else {
            throw Problem("it did not end within 10 minutes")
        }
        let took = TestClock.steady - began
        guard exit == .code(0) else { throw Problem("it ended with \(exit): \(child.errors)") }
        let cpu = ProcessUsage.ofEndedChildren() - cpuBefore
        return Run(
            rate: Double(options.rows) / (Double(took.inNanoseconds) / 1e9),
            cost: cpu * 1e6 / Double(options.rows))
    }
}
