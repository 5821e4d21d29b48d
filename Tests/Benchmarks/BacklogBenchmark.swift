import Delivery
import TestSupport

/// A backlog, drained into `smtp-sink`, beside what Postfix's own generator of load does to the
/// same sink with as many connections.
///
/// `smtp-source -d` has no database and sends the same message again and again. The two take turns,
/// so that whatever else the machine does meets both.
struct BacklogBenchmark {
    private let options: Options

    init(_ options: Options) {
        self.options = options
    }

    func run() throws -> [Figure] {
        try options.connections.flatMap(run)
    }

    private func run(connections: Int) throws -> [Figure] {
        var ours: [ProgramRun] = []
        var theirs: [ProgramRun] = []
        for round in 1...options.rounds {
            let sink = try CountingSink()
            defer { sink.stop() }
            let source = SMTPSource(address: sink.address, connections: connections)
            // Who goes first changes from round to round.
            if round.isMultiple(of: 2) { theirs.append(try source.send(options.rows)) }
            ours.append(try drain(into: sink, connections))
            if !round.isMultiple(of: 2) { theirs.append(try source.send(options.rows)) }
            let rates = (ours[round - 1].rate(options.rows), theirs[round - 1].rate(options.rows))
            Bench.say(
                "\(connections) connections, round \(round): "
                    + "outboxd \(Int(rates.0))/s, smtp-source \(Int(rates.1))/s")
        }
        return figures(connections, ours, theirs)
    }

    private func figures(
        _ connections: Int, _ ours: [ProgramRun], _ theirs: [ProgramRun]
    ) -> [Figure] {
        let name = "backlog of \(options.rows), connections \(connections): "
        let rates = ours.map { $0.rate(options.rows) }
        let others = theirs.map { $0.rate(options.rows) }
        return [
            Figure(name + "outboxd drain", "mails/s", rates),
            Figure(name + "smtp-source -d", "mails/s", others),
            Figure(
                name + "ratio", "", rates.ratios(to: others), .atLeast(connections == 1 ? 4 : 1)),
            Figure(name + "CPU of outboxd", "us/mail", ours.map { $0.cost(options.rows) }),
            Figure(name + "CPU of smtp-source", "us/mail", theirs.map { $0.cost(options.rows) }),
        ]
    }

    private func drain(into sink: CountingSink, _ connections: Int) throws -> ProgramRun {
        let outbox = try Outbox()
        try outbox.fill(options.rows)
        let before = try sink.messages()
        var settings = ["OUTBOXD_SMTP_CONNECTIONS": "\(connections)"]
        if options.isQuiet { settings["OUTBOXD_LOG_LEVEL"] = "warning" }
        let run = try Product.drain(outbox, into: "smtp://" + sink.address, settings: settings)
        let states = try outbox.states()
        let taken = try sink.messages() - before
        guard states == ["sent": options.rows], taken == options.rows else {
            throw Problem("of \(options.rows) rows: \(states), and smtp-sink took \(taken) mails")
        }
        return run
    }
}
