import Delivery
import SQLite
import TestSupport

/// A database of the benchmark's own, written as an API server would.
final class Outbox {
    private let directory: TemporaryDirectory
    private let connection: Connection
    let path: String

    /// How many rows stood in it at first, by their states.
    private let before: [String: Int]

    init(_ options: Options) throws {
        directory = try TemporaryDirectory()
        path = directory.file("outbox.db")
        try Product.migrate(path)
        connection = try Connection(path: path, mode: .readWrite)
        let large = LargeOutbox(
            finished: options.finished, waiting: options.waiting, now: TestClock.wall)
        if large.finished + large.waiting > 0 {
            Bench.say("\(large.finished) rows that have ended, \(large.waiting) that wait")
            try connection.execute("PRAGMA synchronous = OFF; PRAGMA cache_size = -500000")
            try large.fill(connection)
            try connection.execute("PRAGMA cache_size = -2000")
            _ = try connection.checkpoint(.truncate, patience: .seconds(60))
        }
        before = try Self.states(connection)
        try connection.execute("PRAGMA synchronous = FULL")
    }

    /// A file beside the database.
    func file(_ name: String) -> String { directory.file(name) }

    /// Rows of conversations of their own, created one hour ago.
    func fill(_ rows: Int) throws {
        let created = TestClock.wall.milliseconds - 3_600_000
        try connection.transaction {
            for number in 0..<rows { try insert(number, createdAt: created + Int64(number)) }
        }
        _ = try connection.checkpoint(.truncate, patience: .seconds(5))
    }

    /// One row, in a transaction of its own where none is open.
    func insert(_ number: Int, createdAt: Int64, isInstant: Bool = false) throws {
        try TestRow(
            to: Self.recipient(number), conversation: "conversation-\(number)", body: Self.text,
            helpdesk: "acme", message: "message-\(number)", instant: isInstant,
            createdAt: createdAt
        ).with {
            $0.recipientName = "Customer \(number)"
            $0.authorName = "Olga"
            $0.subject = "The printer is on fire"
        }.insert(into: connection)
    }

    /// How many rows came to be in each state since the beginning.
    func states() throws -> [String: Int] {
        try Self.states(connection).merging(before) { $0 - $1 }.filter { $0.value != 0 }
    }

    private static func states(_ connection: Connection) throws -> [String: Int] {
        let counts = try connection.statement(
            "SELECT state, count(*) FROM outbox_status GROUP BY state"
        ).all { ($0.text(0), Int($0.int(1))) }
        return Dictionary(uniqueKeysWithValues: counts)
    }

    static func recipient(_ number: Int) -> String { "customer-\(number)@example.test" }

    /// 1,000 octets: a mail of about 3,000.
    private static let text = String(
        String(
            repeating: "We have looked at your printer, and this is what we found out about it.\n",
            count: 14
        ).prefix(1_000))
}
