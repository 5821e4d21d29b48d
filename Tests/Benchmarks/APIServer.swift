import Delivery
import Glibc
import SQLite
import TestSupport

/// A busy API server: 2,000 replies a second, each with a commit of its own.
struct APIServer {
    static let rate: Int64 = 2_000

    struct Result {
        /// From BEGIN to the end of COMMIT, in milliseconds.
        var delays: [Double] = []
        /// Transactions that gave up after 5 s.
        var busy = 0
        var seconds = 0.0

        /// Commits a second.
        var rate: Double { Double(delays.count) / seconds }
    }

    /// Inserts for so long, or until told to stop.
    static func run(
        on outbox: Outbox, for limit: Duration, while goesOn: () -> Bool = { true }
    ) throws -> Result {
        let connection = try outbox.connect()
        try connection.execute("PRAGMA synchronous = FULL")
        // SQLite's own way to wait, as API servers have it.
        try connection.execute("PRAGMA busy_timeout = 5000")
        var result = Result()
        let began = TestClock.steady
        while TestClock.steady - began < limit && goesOn() {
            let next = began + .nanoseconds(Int64(result.delays.count) * 1_000_000_000 / rate)
            let early = (next - TestClock.steady).inNanoseconds
            if early > 0 { usleep(useconds_t(early / 1_000)) }
            let start = TestClock.steady
            if try !insert(outbox, connection) { result.busy += 1 }
            result.delays.append((TestClock.steady - start).inSeconds * 1e3)
        }
        result.seconds = (TestClock.steady - began).inSeconds
        return result
    }

    private static func insert(_ outbox: Outbox, _ connection: Connection) throws -> Bool {
        do {
            try connection.transaction {
                _ = try outbox.insert(createdAt: TestClock.wall.milliseconds, over: connection)
            }
            return true
        } catch let error as SQLiteError where error.code & 0xff == 5 {
            return false
        }
    }
}
