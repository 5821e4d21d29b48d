import Delivery
import Glibc
import TestSupport

/// What a daemon costs that has nothing to do: with an empty outbox, and with rows that are due in an
/// hour.
struct IdleBenchmark {
    private let options: Options
    private static let heldRows = 1_000

    init(_ options: Options) {
        self.options = options
    }

    func run() throws -> [Figure] {
        try [0, Self.heldRows].flatMap(watch)
    }

    private func watch(heldRows: Int) throws -> [Figure] {
        let name = heldRows == 0 ? "idle, empty" : "idle, \(heldRows) rows held"
        Bench.say("\(name): \(options.seconds) s")
        let outbox = try Outbox(options)
        try outbox.fill(heldRows)
        let relay = try ScriptedRelay()
        let daemon = try Product.start(
            "run", on: outbox, relay: relay.url, settings: ["OUTBOXD_HOLD": "2h"])
        defer { daemon.terminate() }
        // Until it has taken everything in and has written it down.
        usleep(4_000_000)
        guard daemon.exit == nil else { throw Problem("outboxd ended: \(daemon.errors)") }
        let cpu = try ProcessUsage.cpu(of: daemon.processID)
        let written = try ProcessUsage.written(by: daemon.processID)
        usleep(useconds_t(options.seconds) * 1_000_000)
        let cpuUsed = try ProcessUsage.cpu(of: daemon.processID) - cpu
        let writtenMeanwhile = try ProcessUsage.written(by: daemon.processID) - written
        return [
            Figure(
                name + ": CPU", "% of a core", [cpuUsed / Double(options.seconds) * 100],
                target: "< 1", isMet: { $0 < 1 }),
            Figure(
                name + ": written to disk", "octets", [Double(writtenMeanwhile)], target: "0",
                isMet: { $0 == 0 }),
        ]
    }
}
