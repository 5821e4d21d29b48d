import TestSupport

/// A drain whose syncs take 10 ms longer, in turns with one that has the disk as it is.
struct SlowDiskBenchmark {
    private let options: Options

    init(_ options: Options) {
        self.options = options
    }

    func run() throws -> [Figure] {
        let disk = try SlowDisk()
        var slow: [Double] = []
        var fast: [Double] = []
        for round in 1...options.rounds {
            Bench.say("a slow disk, round \(round)")
            fast.append(try rate([:]))
            slow.append(try rate(disk.settings))
        }
        return [
            Figure("disk that syncs in 10 ms: outboxd drain", "mails/s", slow),
            Figure(
                "disk that syncs in 10 ms: ratio to the disk as it is", "", slow.ratios(to: fast),
                .atLeast(0.5)),
        ]
    }

    private func rate(_ settings: [String: String]) throws -> Double {
        let outbox = try Outbox()
        try outbox.fill(options.rows)
        let sink = try TimingSink()
        let run = try Product.drain(outbox, into: sink.url, settings: settings)
        try sink.wait(for: options.rows, timeout: .zero)
        return run.rate(options.rows)
    }
}
