import Glibc
import TestSupport

/// The memory of a daemon that drains a backlog: at most meanwhile, and whether it grows from mail
/// to mail.
struct MemoryBenchmark {
    private let options: Options
    private static let backlog = 50_000
    private static let soak = 500_000

    init(_ options: Options) {
        self.options = options
    }

    func run() throws -> [Figure] {
        let rows = options.isSoak ? Self.soak : Self.backlog
        Bench.say("memory while \(rows) mails go out")
        let outbox = try Outbox()
        let sink = try TimingSink()
        let daemon = try Product.start("run", on: outbox, relay: sink.url)
        defer { daemon.terminate() }
        usleep(2_000_000)
        let idle = try ProcessUsage.memory(of: daemon.processID)
        try outbox.fill(rows)
        try sink.wait(for: Self.backlog)
        let peak = try ProcessUsage.peakMemory(of: daemon.processID)
        let early = try ProcessUsage.memory(of: daemon.processID)
        try sink.wait(for: rows)
        let late = try ProcessUsage.memory(of: daemon.processID)
        let figures = [
            Figure("memory: idle, empty", "MB", idle, .below(25)),
            Figure("memory: peak over \(Self.backlog) mails", "MB", peak, .below(40)),
        ]
        guard options.isSoak else { return figures }
        return figures + [
            Figure(
                "memory: growth from mail \(Self.backlog) to \(rows)", "MB", late - early,
                .below(2))
        ]
    }
}
