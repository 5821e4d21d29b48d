internal import Delivery

/// Step 8: `state = 'failed' AND finished_at > ?` on the view `outbox_status` finds the rows that failed since then, and
/// looks at no other.
///
/// SQLite can't search an index for the view's `state` while that is a CASE over several tables. So the words stand
/// in a table: from 'failed' it finds the number, and from the number and the time the rows. Where the rows are
/// known (by their ids, say) it is the other way round.
enum EndedMigration {
    static let ddl = [
        """
        CREATE TABLE outboxd_states (
            name TEXT PRIMARY KEY,
            state INTEGER NOT NULL,
            sending INTEGER NOT NULL,
            UNIQUE (state, sending)
        ) STRICT, WITHOUT ROWID
        """,
        """
        INSERT INTO outboxd_states (name, state, sending) VALUES
            (\(word: RowState.pending), \(row: .pending), 0),
            (\(word: RowState.sending), \(row: .pending), 1),
            (\(word: RowState.sent), \(row: .sent), 0),
            (\(word: RowState.skipped), \(row: .skipped), 0),
            (\(word: RowState.failed), \(row: .failed), 0)
        """,
        "DROP INDEX outboxd_rows_finished",
        """
        CREATE INDEX outboxd_rows_ended ON outboxd_rows (\(state("state")), finished_at)
        WHERE finished_at IS NOT NULL
        """,
        "DROP VIEW outbox_status",
        PutOffMigration.view(state: "s.name", join: join),
    ]

    /// A row that nobody has taken in is pending.
    ///
    /// The index is used for this expression alone (https://sqlite.org/expridx.html); with the CAST it has the
    /// affinity of the column that it is compared with.
    private static func state(_ column: String) -> String {
        "CAST(coalesce(\(column), \(row: .pending)) AS INTEGER)"
    }

    static let join = """

        JOIN outboxd_states s ON s.state = \(state("r.state"))
            AND s.sending = (coalesce(r.state, \(row: .pending)) = \(row: .pending) AND m.phase IS \(phase: .sending))
        """

    /// SQL on `outboxd_rows r`, for the index: rows in one of these states, by their numbers.
    static func ended(as states: String) -> String {
        "\(state("r.state")) IN (\(states)) AND r.finished_at IS NOT NULL"
    }

    /// SQL on `outboxd_rows`, for the index: rows that ended so.
    static func ended(as state: RowState, _ table: String) -> String {
        "\(self.state("\(table).state")) = \(row: state) AND \(table).finished_at IS NOT NULL"
    }

    /// SQL on `outboxd_rows r`, for the index: rows that ended before a time.
    static let endedBefore = """
        \(state("r.state")) IN (\(row: .sent), \(row: .skipped), \(row: .failed)) AND r.finished_at < ?
        """

    /// SQL for `id, finished_at` of rows that ended so: behind one of them, before a time, and so many.
    ///
    /// Parameters: the time of that one, twice, and its id; the time; the number.
    static func ended(as state: RowState) -> String {
        """
        SELECT r.id, r.finished_at FROM outboxd_rows r INDEXED BY outboxd_rows_ended
        WHERE \(self.state("r.state")) = \(row: state) AND r.finished_at >= ?
            AND (r.finished_at, r.id) > (?, ?) AND r.finished_at < ?
        ORDER BY r.finished_at, r.id LIMIT ?
        """
    }
}
