package import Delivery
internal import SQLite

/// What is due, and when more will be: each a look through the index of waiting mails.
extension SQLiteReader {
    /// Lines that a drain may send from.
    private static let openLines = """
        line IN (SELECT id FROM outboxd_lines
            WHERE parked IN (\(park: .none), \(park: .pausedByOperator)))
        """

    package func mailsLeft(ignoringHold: Bool, at now: WallTime) throws -> Int {
        try connection.snapshot {
            let due = ignoringHold ? "(due_at <= ?1 OR class <> \(turn: .retry))" : "due_at <= ?1"
            let waiting =
                try connection.statement(
                    """
                    SELECT count(*) FROM outboxd_mails INDEXED BY outboxd_mails_due
                    WHERE phase = \(phase: .waiting) AND wait = \(wait: .inLine) AND \(Self.openLines)
                        AND \(due)
                    """
                ).bind(now.milliseconds).first { Int($0.int(0)) } ?? 0
            let underWay =
                try connection.statement(
                    "SELECT count(*) FROM outboxd_mails WHERE phase = \(phase: .sending)"
                ).first { Int($0.int(0)) } ?? 0
            return waiting + underWay + (try newRowsDue(ignoringHold, now))
        }
    }

    /// Each counts as a mail, until somebody has taken it in.
    private func newRowsDue(_ ignoringHold: Bool, _ now: WallTime) throws -> Int {
        let hold = ignoringHold ? "0" : String(try circumstances(at: now).hold)
        return try connection.statement(
            """
            SELECT count(*) FROM outbox o NOT INDEXED
            WHERE \(Self.notIngested(false)) AND \(UnreadRow.dueAt(hold: hold)) <= ?
            """
        ).bind(now.milliseconds).first { Int($0.int(0)) } ?? 0
    }

    package func upcoming(at now: WallTime) throws -> (hold: WallTime?, deferred: WallTime?) {
        try connection.snapshot {
            func first(_ condition: String) throws -> WallTime? {
                try connection.statement(
                    """
                    SELECT min(due_at) FROM outboxd_mails INDEXED BY outboxd_mails_due
                    WHERE phase = \(phase: .waiting) AND wait = \(wait: .inLine) AND due_at > ?
                        AND class \(condition)
                    """
                ).bind(now.milliseconds).first { $0.optionalTime(0) } ?? nil
            }
            return (try first("<> \(turn: .retry)"), try first("= \(turn: .retry)"))
        }
    }

    package func mailsBehind(ofRows rows: [Int64]?) throws -> Int {
        guard let rows else {
            return try connection.statement(
                """
                SELECT count(*) FROM outboxd_mails INDEXED BY outboxd_mails_aside
                WHERE phase = \(phase: .waiting) AND wait = \(wait: .behind) AND wait > 0
                """
            ).first { Int($0.int(0)) } ?? 0
        }
        var mails: Set<Int64> = []
        for start in stride(from: 0, to: rows.count, by: 2_000) {
            let some = Array(rows[start..<min(rows.count, start + 2_000)])
            mails.formUnion(
                try connection.statement(
                    """
                    SELECT m.id FROM json_each(?) j JOIN outboxd_rows r ON r.id = j.value
                    JOIN outboxd_mails m ON m.id = r.mail_id
                    WHERE r.state = \(row: .pending) AND m.phase = \(phase: .waiting)
                        AND m.wait = \(wait: .behind)
                    """
                ).bind(SQLiteStore.list(some)).all { $0.int(0) })
        }
        return mails.count
    }
}
