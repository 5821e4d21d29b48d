package import Delivery
package import SQLite

/// The outbox in an SQLite file.
///
/// Owned by one thread.
package final class SQLiteStore: OutboxStore {
    package let connection: Connection
    /// The newest id of `outbox` that has been looked at.
    var newestTakenIn: Int64
    private var lastDataVersion: Int64 = -1
    /// The file that was opened.
    let identity: FileIdentity
    /// The log is not copied back before then.
    var checkpointAt = SteadyTime(nanoseconds: 0)
    /// `suppressions` may be a view of the API server's; outboxd then adds nothing to it.
    package let canSuppress: Bool

    package init(connection: Connection) throws {
        self.connection = connection
        identity = try FileIdentity(of: connection.path)
        newestTakenIn =
            try connection.statement("SELECT max(id) FROM outboxd_rows").first { $0.int(0) } ?? 0
        canSuppress =
            try connection.statement(
                "SELECT type = 'table' FROM sqlite_master WHERE name = 'suppressions' COLLATE NOCASE"
            ).first { $0.bool(0) } ?? false
    }

    package func inTransaction<T>(_ body: () throws -> T) throws -> T {
        if connection.isInTransaction { return try body() }
        let newest = newestTakenIn
        do {
            return try connection.transaction(body)
        } catch {
            newestTakenIn = newest
            throw error
        }
    }

    package func othersHaveCommitted() throws -> Bool {
        let version = try connection.dataVersion()
        defer { lastDataVersion = version }
        return version != lastDataVersion
    }

    package func hasDue(_ request: ClaimRequest) throws -> Bool {
        try request.ready.contains { isReady in
            try connection.statement(
                "SELECT 1 FROM outboxd_mails WHERE phase = 0 AND \(isReady) AND \(request.due) LIMIT 1"
            ).bind(request.now.milliseconds).first { _ in true } ?? false
        }
    }

    package func hasNewRows() throws -> Bool {
        try connection.statement(
            """
            SELECT 1 FROM outbox o WHERE o.id > ?
                AND NOT EXISTS (SELECT 1 FROM outboxd_rows r WHERE r.id = o.id) LIMIT 1
            """
        ).bind(newestTakenIn).first { _ in true } ?? false
    }

    package func nextDue() throws -> WallTime? {
        let mail = try connection.statement(
            "SELECT min(due_at) FROM outboxd_mails WHERE phase = 0 AND wait = 0"
        ).first { $0.optionalInt(0) }
        let probe = try connection.statement(
            """
            SELECT min(probe_at) FROM outboxd_senders s WHERE blocked_at IS NOT NULL AND EXISTS (
                SELECT 1 FROM outboxd_mails m
                WHERE m.phase = 0 AND m.wait = 2 AND m.sender = s.address)
            """
        ).first { $0.optionalInt(0) }
        let times = [mail ?? nil, probe ?? nil].compactMap { $0 }
        return times.min().map(WallTime.init(milliseconds:))
    }

    package func hasDeferred(orForSender: Bool) throws -> Bool {
        try connection.statement(
            """
            SELECT 1 FROM outboxd_mails
            WHERE phase = 0 AND wait IN (\(orForSender ? "0, 2, 4" : "0, 4"))
                AND (attempts > 0 OR wait = 4) LIMIT 1
            """
        ).first { _ in true } ?? false
    }
}
