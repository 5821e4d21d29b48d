package import Delivery
internal import SQLite

/// What a step of `prune` did.
package struct Pruned: Sendable, Equatable {
    /// Rows of `outbox` that are gone.
    package var rows = 0
    /// The last id that was looked at; nil at the end.
    package var after: Int64?
}

extension SQLiteStore {
    /// One transaction over a stretch of ids, so that the write lock is held for a few milliseconds,
    /// however many rows there are.
    package func prune(endedBefore: WallTime, after: Int64, limit: Int) throws -> Pruned {
        try inTransaction {
            let seen = try connection.statement(
                """
                SELECT id, mail_id, state <> \(row: .pending) AND finished_at < ?
                FROM outboxd_rows WHERE id > ? ORDER BY id LIMIT ?
                """
            ).bind(endedBefore.milliseconds).bind(after).bind(limit).all {
                (id: $0.int(0), mail: $0.int(1), isOver: $0.bool(2))
            }
            let over = seen.filter(\.isOver)
            try forget(over.map { ($0.id, $0.mail) })
            return Pruned(rows: over.count, after: seen.count < limit ? nil : seen.last?.id)
        }
    }

    package func prune(_ ids: [Int64], endedBefore: WallTime) throws -> Int {
        try inTransaction {
            let over = try connection.statement(
                """
                SELECT r.id, r.mail_id FROM json_each(?) j CROSS JOIN outboxd_rows r ON r.id = j.value
                WHERE r.state <> \(row: .pending) AND r.finished_at < ?
                """
            ).bind(Self.list(ids)).bind(endedBefore.milliseconds).all { ($0.int(0), $0.int(1)) }
            try forget(over)
            return over.count
        }
    }

    private func forget(_ over: [(id: Int64, mail: Int64)]) throws {
        for row in over { try forget(row.id) }
        for mail in Set(over.map(\.mail)) { try forgetEmpty(mail) }
    }

    private func forget(_ id: Int64) throws {
        try rows.prune(id)
        try connection.statement("DELETE FROM outboxd_deeds WHERE row_id = ?").bind(id).run()
        try connection.statement("DELETE FROM outbox WHERE id = ?").bind(id).run()
        let isThere =
            try connection.statement("SELECT 1 FROM outbox WHERE id = ?").bind(id)
            .first { _ in true } ?? false
        // It would be taken for a new one, and sent again.
        if isThere { throw SQLiteError.ignored("DELETE FROM outbox") }
    }

    /// A mail goes with its last row.
    func forgetEmpty(_ mail: Int64) throws {
        guard try !rows.exist(in: mail) else { return }
        try mails.prune(mail)
        try connection.statement("DELETE FROM outboxd_attempts WHERE mail_id = ?").bind(mail).run()
        try connection.statement("DELETE FROM outboxd_frozen WHERE mail_id = ?").bind(mail).run()
        try rows.forgetCombined(mail)
        try connection.statement("DELETE FROM outboxd_strikes WHERE mail_id = ?").bind(mail).run()
    }
}
