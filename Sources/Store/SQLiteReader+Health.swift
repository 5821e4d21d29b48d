package import Delivery
internal import SQLite

/// A few look-ups, each bounded by a number of rows: asked every few seconds, beside any backlog.
extension SQLiteReader {
    /// Rows, lines and mails that are looked at where no index has the answer first.
    static let mostLookedAt = 200

    package func health(at now: WallTime) throws -> OutboxView.Health {
        try connection.snapshot {
            if let table = try missingTable() { return OutboxView.Health(missingTable: table) }
            let due = try [firstInLine(), firstInstant(), firstNew(at: now), firstPutOff(at: now)]
                .compactMap(\.self).min()
            return OutboxView.Health(
                dueSince: due.flatMap { $0 <= now ? $0 : nil }, lastClaimAt: try lastClaim(),
                pausedSince: try connection.statement(
                    "SELECT paused_at FROM outboxd_pauses WHERE helpdesk_id = ''"
                ).first { $0.time(0) },
                relay: try relay(),
                silentSince: OutboxView.silentSince(
                    sendingSince: try sendingSince(), lastSentAt: try lastSentAt(), now: now),
                restoration: try readRestoration())
        }
    }

    /// Somebody has renamed it, or dropped it, since outboxd was started.
    private func missingTable() throws -> String? {
        let migrator = Migrator(connection: connection)
        return try Schema.apiTables.first { try !migrator.exists($0) }?.name
    }

    /// Of the lines that are not parked; each index has the first at its beginning.
    private func firstInLine() throws -> WallTime? {
        try [TurnClass.first, .retry].compactMap { turn in
            let column = Line.column(turn)
            return try connection.statement(
                """
                SELECT min(\(column)) FROM outboxd_lines INDEXED BY outboxd_lines_\(turn.name)
                WHERE parked = \(park: .none) AND \(column) IS NOT NULL
                """
            ).first { $0.optionalTime(0) } ?? nil
        }.min()
    }

    /// Of the lines whose turn comes next: who has waited longest for a turn is among them.
    private func firstInstant() throws -> WallTime? {
        try connection.statement(
            """
            SELECT min(instant_due) FROM (
                SELECT instant_due FROM outboxd_lines INDEXED BY outboxd_lines_instant
                WHERE parked = \(park: .none) AND instant_due IS NOT NULL
                ORDER BY turn LIMIT \(Self.mostLookedAt))
            """
        ).first { $0.optionalTime(0) } ?? nil
    }

    /// Of the first rows that no outboxd has taken in, and of the newest, should those all be cancelled; what is put
    /// off stands elsewhere, too.
    private func firstNew(at now: WallTime) throws -> WallTime? {
        let hold = try connection.statement(
            "SELECT CAST(value AS INTEGER) FROM outboxd_meta WHERE key = 'hold'"
        ).first { $0.int(0) }
        for (order, most) in [("ASC", Self.mostSkipped), ("DESC", Self.mostLookedAt)] {
            let due =
                try connection.statement(
                    """
                    SELECT min(due) FROM (
                        SELECT \(UnreadRow.dueAt(hold: "?1")) AS due FROM (
                            SELECT id, created_at, instant, cancelled_at FROM outbox o NOT INDEXED
                            WHERE \(Self.notIngested(false)) ORDER BY id \(order) LIMIT \(most)) o
                        WHERE o.cancelled_at IS NULL
                            AND NOT EXISTS (SELECT 1 FROM outboxd_unread u WHERE u.id = o.id)
                        LIMIT \(Self.mostLookedAt))
                    """
                ).bind(hold ?? HoldPolicy.standard.inMilliseconds).first { $0.optionalTime(0) }
                ?? nil
            if let due { return due }
        }
        return nil
    }

    /// So many cancelled rows are passed over.
    private static let mostSkipped = 10_000

    /// One that could not be read is retried at a time of its own, and is no sign that nobody works.
    private func firstPutOff(at now: WallTime) throws -> WallTime? {
        try connection.statement(
            """
            SELECT min(retry_at) FROM (
                SELECT retry_at, troubles FROM outboxd_unread INDEXED BY outboxd_unread_retry
                ORDER BY retry_at LIMIT \(Self.mostLookedAt))
            WHERE troubles = 0
            """
        ).first { $0.optionalTime(0) } ?? nil
    }

    private func lastClaim() throws -> WallTime? {
        try connection.statement(
            """
            SELECT max(composed_at) FROM (
                SELECT composed_at FROM outboxd_mails INDEXED BY outboxd_mails_sending
                WHERE phase = \(phase: .sending) LIMIT \(Self.mostLookedAt))
            """
        ).first { $0.optionalTime(0) } ?? nil
    }
}
