import TestSupport

/// What a busy API server notices of outboxd: its commits alone, and while a backlog is drained on
/// the same database.
struct APIServerBenchmark {
    private let options: Options
    private static let backlog = 100_000
    private static let limit = Duration.seconds(8)

    init(_ options: Options) {
        self.options = options
    }

    func run() throws -> [Figure] {
        var alone: [APIServer.Result] = []
        var beside: [APIServer.Result] = []
        for round in 1...options.rounds {
            Bench.say("a busy API server, round \(round)")
            beside.append(try insertBesideDrain())
            alone.append(
                try APIServer.run(on: Outbox(), for: .seconds(beside[round - 1].seconds)))
        }
        return figures(alone, beside)
    }

    private func figures(_ alone: [APIServer.Result], _ beside: [APIServer.Result]) -> [Figure] {
        let name = "API server, \(APIServer.rate) commits a second: "
        let later = zip(alone, beside).map {
            $1.delays.percentile(0.99) - $0.delays.percentile(0.99)
        }
        let rates = beside.map(\.rate).ratios(to: alone.map(\.rate))
        return Self.figures(name + "alone", alone) + Self.figures(name + "beside a drain", beside)
            + [
                // A server that waits for each commit shows what it waited in its rate, too.
                Figure(name + "part of its rate beside a drain", "", rates, .atLeast(0.9)),
                Figure(name + "p99 later beside a drain", "ms", later, .atMost(10)),
                Figure(
                    name + "SQLITE_BUSY", "", Double((alone + beside).map(\.busy).reduce(0, +)),
                    .atMost(0)),
            ]
    }

    private static func figures(_ name: String, _ results: [APIServer.Result]) -> [Figure] {
        [
            Figure(name + ", rate", "commits/s", results.map(\.rate)),
            Figure(name + ", p50", "ms", results.map { $0.delays.percentile(0.5) }),
            Figure(name + ", p99", "ms", results.map { $0.delays.percentile(0.99) }),
            Figure(name + ", max", "ms", results.map { $0.delays.percentile(1) }),
        ]
    }

    private func insertBesideDrain() throws -> APIServer.Result {
        let outbox = try Outbox()
        try outbox.fill(Self.backlog)
        let sink = try TimingSink()
        let daemon = try Product.start("run", on: outbox, relay: sink.url)
        defer { daemon.terminate() }
        try sink.wait(for: 1)
        return try APIServer.run(on: outbox, for: Self.limit) { sink.count < Self.backlog }
    }
}
