package import Delivery
internal import SQLite

/// Rows whose ids lie below the newest one known: inserted with explicit ids, or under ids that others had,
/// they are found only by comparing `outbox` with `outboxd_rows`.
extension SQLiteStore {
    /// Goes on comparing, from the newest ids to the oldest, since most late inserts are just late.
    ///
    /// Reads the ids and the short columns before the texts: the pages of both tables, and none of the
    /// overflow pages that long texts take.
    ///
    /// - Parameters:
    ///   - position: Where the last step ended; nil begins a pass.
    ///   - goesOn: Asked every 32 ids; false ends the step.
    package func findLateInserts(
        from position: Int64?, limit: Int, goesOn: () -> Bool
    ) throws -> LateInserts {
        try findLateInserts(from: position, limit: limit, most: .max, goesOn: goesOn)
    }

    /// - Parameter most: `goesOn` is asked after so many ids, too.
    private func findLateInserts(
        from position: Int64?, limit: Int, most: Int, goesOn: () -> Bool
    ) throws -> LateInserts {
        do {
            return try compare(position, limit, most, goesOn, withIdentity: true)
        } catch let error as SQLiteError where error.isTooBig {
            // An id of somebody's is too long to be read: their own trouble.
            return try compare(position, limit, most, goesOn, withIdentity: false)
        }
    }

    private func compare(
        _ position: Int64?, _ limit: Int, _ most: Int, _ goesOn: () -> Bool, withIdentity: Bool
    ) throws -> LateInserts {
        let identity = """
            r.identity, coalesce(r.finished_at, r.sent_at, r.due_at), o.helpdesk_id,
                o.message_id, o.recipient_email
            """
        let statement = try connection.statement(
            """
            SELECT o.id, r.id IS NULL
                    AND NOT EXISTS (SELECT 1 FROM outboxd_unread u WHERE u.id = o.id),
                coalesce(r.state, \(row: .pending)) <> \(row: .pending),
                \(withIdentity ? identity : "NULL")
            FROM outbox o LEFT JOIN outboxd_rows r ON r.id = o.id
            WHERE o.id <= ? ORDER BY o.id DESC
            """
        ).bind(position.map { $0 &- 1 } ?? newestIngested)
        defer { statement.reset() }
        var found = LateInserts()
        var count = 0
        while try statement.step() {
            let id = statement.int(0)
            if statement.bool(1) {
                found.ids.append(id)
            } else if statement.bool(2), !statement.isNull(3), try isAnother(statement) {
                found.usedAgain.append(id)
            }
            count += 1
            let isPause = (count == most || count.isMultiple(of: 32)) && !goesOn()
            if isPause || found.count >= limit {
                found.position = id
                return found
            }
        }
        return found
    }

    /// Whether another row has the id of one that is through: it is another notification, and was written after
    /// that one's end.
    ///
    /// An API server may change rows that were sent: it forgets who its customers were, or gives its messages
    /// other ids. They keep their time, and nobody is to be told again.
    private func isAnother(_ row: Statement) throws -> Bool {
        var columns = ColumnCursor(row, from: 3)
        let (identity, finishedAt) = (columns.int(), WallTime(milliseconds: columns.int()))
        guard !RowIdentity(&columns).isOf(identity) else { return false }
        return try createdAt(of: row.int(0)).map { $0 > finishedAt } ?? false
    }

    /// Whether another row has the newest id that is known: some microseconds.
    package func idsAreSuspect() throws -> Bool {
        try findLateInserts(from: nil, limit: 1, most: 1) { false }.usedAgain
            .contains(newestIngested)
    }

    /// Puts SQLite's own record of the ids that were used right if it is behind ours.
    ///
    /// The next rows would get ids that others had: a table was rebuilt empty, or the record reset.
    ///
    /// https://sqlite.org/autoinc.html
    /// - Returns: up to where ids are taken; nil if all is well.
    package func guardIDs() throws -> Int64? {
        let isBehind = """
            coalesce((SELECT max(seq) FROM sqlite_sequence WHERE name = 'outbox' COLLATE NOCASE), 0)
                < \(SQLiteReader.newestKnown)
            """
        guard try connection.statement("SELECT \(isBehind)").first({ $0.bool(0) }) == true else {
            return nil
        }
        return try inTransaction {
            try connection.statement(
                """
                INSERT INTO sqlite_sequence (name, seq)
                SELECT name, 0 FROM sqlite_master WHERE type = 'table' AND name = 'outbox' COLLATE NOCASE
                    AND NOT EXISTS (SELECT 1 FROM sqlite_sequence s WHERE s.name = sqlite_master.name)
                """
            ).run()
            try connection.statement(
                """
                UPDATE sqlite_sequence SET seq = \(SQLiteReader.newestKnown)
                WHERE name = 'outbox' COLLATE NOCASE AND \(isBehind)
                """
            ).run()
            return try connection.statement("SELECT \(SQLiteReader.newestKnown)").first {
                $0.int(0)
            }
        }
    }

    package func ingestLate(
        _ found: LateInserts, at now: WallTime, rules: IngestRules
    ) throws -> Ingested {
        try inTransaction {
            // Other rows have these ids: what was known of them is forgotten.
            for id in found.usedAgain { try rows.forgetUsedAgain(id) }
            let ids = found.ids + found.usedAgain
            var result = Ingested()
            // Another process may have found them too.
            try ingest(
                newRows(.these(ids), limit: ids.count), at: now, rules: rules, into: &result)
            return result
        }
    }
}
