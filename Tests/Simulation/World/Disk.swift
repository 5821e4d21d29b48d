import CSQLite
import Delivery
import SQLite
import Store
import Synchronization

/// Commits of outboxd fail while it is in trouble.
final class Disk: Sendable {
    private let state = Mutex((trouble: DiskTrouble?.none, until: SteadyTime(nanoseconds: 0)))

    func set(_ trouble: DiskTrouble?, until end: SteadyTime) {
        state.withLock { $0 = (trouble, end) }
    }

    func isWell(at now: SteadyTime) -> Bool {
        state.withLock { $0.trouble == nil || $0.until <= now }
    }

    func check(_ point: CommitPoint, at now: SteadyTime) throws {
        guard point == .before, !isWell(at: now) else { return }
        let isFull = state.withLock { $0.trouble == .full }
        throw SQLiteError(
            code: isFull ? SQLITE_FULL : SQLITE_IOERR,
            message: isFull ? "database or disk is full" : "disk I/O error", operation: "COMMIT")
    }
}
