package import Delivery
internal import SQLite

/// Rows whose ids lie below the newest one known: inserted with explicit ids, they are found only by
/// comparing `outbox` with `outboxd_rows`.
extension SQLiteStore {
    /// Goes on comparing, from the newest ids to the oldest, since most late inserts are just late.
    ///
    /// Reads ids alone: the pages of both tables, and none of the overflow pages that long texts take. A
    /// million rows with texts of 1 kB are 0.7 s in all.
    ///
    /// - Parameters:
    ///   - position: Where the last step ended; nil begins a pass.
    ///   - goesOn: Asked every 32 ids; false ends the step.
    package func findLateInserts(
        from position: Int64?, limit: Int, goesOn: () -> Bool
    ) throws -> LateInserts {
        let statement = try connection.statement(
            """
            SELECT o.id, NOT EXISTS (SELECT 1 FROM outboxd_rows r WHERE r.id = o.id)
                AND NOT EXISTS (SELECT 1 FROM outboxd_unread u WHERE u.id = o.id)
            FROM outbox o WHERE o.id < ? ORDER BY o.id DESC
            """
        ).bind(position ?? newestIngested)
        defer { statement.reset() }
        var found = LateInserts()
        var count = 0
        while try statement.step() {
            let id = statement.int(0)
            if statement.bool(1) { found.ids.append(id) }
            count += 1
            let isPause = count.isMultiple(of: 32) && !goesOn()
            if isPause || found.ids.count >= limit {
                found.position = id
                return found
            }
        }
        return found
    }

    package func ingestLate(
        _ ids: [Int64], at now: WallTime, rules: IngestRules
    ) throws -> Ingested {
        try inTransaction {
            // Another process may have found them too.
            try ingest(newRows(.these(ids), limit: ids.count), at: now, rules: rules)
        }
    }
}
