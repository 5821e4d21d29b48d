internal import Delivery
internal import Engine
internal import Glibc
internal import Service
internal import Store

/// What was read of the database a moment ago.
struct DatabaseSample {
    var takenAt: SteadyTime
    var health: OutboxView.Health
    /// nil before they were counted, and where that took too long.
    var numbers: OutboxView.Numbers?
    var databaseBytes: Int?
    /// 0 where there is none.
    var walBytes: Int
    /// So many samples in a row say that mail is due and nobody takes it up.
    var stuck = 0

    /// Between two claims nothing is being sent for a moment: one look says little.
    var isStuck: Bool { stuck >= 3 }
}

/// Reads samples, on a thread of its own, over a connection of its own.
///
/// Reading waits for no writer and keeps none waiting. What the counts cost grows with the mails that wait: it
/// gets a two-hundredth of a core at most.
final class DatabaseSampler {
    private let path: String
    private let clock = SystemClock()
    private var reader: (any OutboxReader)?
    private var latest: DatabaseSample?
    private var countAt: SteadyTime?

    /// A view of the API server's that takes longer leaves the counts out, and nothing else.
    private static let longestCount: Duration = .seconds(2)
    private static let leastPause: Duration = .seconds(10)
    private static let share = 200

    init(path: String) {
        self.path = path
    }

    func sample() throws -> DatabaseSample {
        do {
            return try read()
        } catch {
            // Perhaps another file stands there by the next time.
            reader = nil
            throw error
        }
    }

    /// Until the next sample.
    func close() { reader = nil }

    private func read() throws -> DatabaseSample {
        let reader = try self.reader ?? SQLiteDatabase(path: path).openReader()
        self.reader = reader
        let wall = clock.wallNow()
        let health = try reader.health(at: wall)
        var sample = DatabaseSample(
            takenAt: clock.steadyNow(), health: health, numbers: latest?.numbers,
            databaseBytes: Self.size(path), walBytes: Self.size(path + "-wal") ?? 0)
        let verdict = HealthVerdict(health, processes: 1, now: wall)
        sample.stuck = verdict.cause == .stuck ? (latest?.stuck ?? 0) + 1 : 0
        if countAt.map({ $0 <= sample.takenAt }) ?? true {
            sample.numbers = try reader.numbers(at: wall, within: Self.longestCount)
            let end = clock.steadyNow()
            countAt = end + max(Self.leastPause, (end - sample.takenAt) * Self.share)
        }
        latest = sample
        return sample
    }

    private static func size(_ path: String) -> Int? {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : nil
    }
}
