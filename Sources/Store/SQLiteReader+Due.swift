package import Delivery
internal import SQLite

/// What is due, and when more will be: each a look through the index of waiting mails.
extension SQLiteReader {
    package func mailsLeft(ignoringHold: Bool, at now: WallTime) throws -> Int {
        try connection.snapshot {
            let waiting = try TurnClass.allCases.map { turn in
                try mailsDue(turn, by: ignoringHold && turn != .retry ? nil : now)
            }.reduce(0, +)
            let underWay =
                try connection.statement(
                    "SELECT count(*) FROM outboxd_mails WHERE phase = \(phase: .sending)"
                ).first { Int($0.int(0)) } ?? 0
            return waiting + underWay + (try newRowsDue(ignoringHold, now))
        }
    }

    /// Of lines that a drain may send from.
    /// - Parameter end: nil: all.
    private func mailsDue(_ turn: TurnClass, by end: WallTime?) throws -> Int {
        try queues(turn).filter { [.none, .pausedByOperator].contains($0.park) }.map { queue in
            try end.map { try mailsDue(in: queue, by: $0) } ?? queue.mails
        }.reduce(0, +)
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
            // One look for each line, however many mails stand in it.
            func first(_ turn: TurnClass) throws -> WallTime? {
                try connection.statement(
                    """
                    SELECT min((SELECT min(m.due_at) FROM outboxd_mails m INDEXED BY outboxd_mails_due
                        WHERE m.phase = \(phase: .waiting) AND m.wait = \(wait: .inLine) AND m.line = l.id
                            AND m.class = \(turn.rawValue) AND m.due_at > ?))
                    FROM outboxd_lines l WHERE l.\(Line.column(turn)) IS NOT NULL
                    """
                ).bind(now.milliseconds).first { $0.optionalTime(0) } ?? nil
            }
            let hold = try [first(.instant), first(.first)].compactMap(\.self).min()
            return (hold, try first(.retry))
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
