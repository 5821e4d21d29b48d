internal import Delivery
internal import SQLite

/// Rows that are few, whatever else there is: an index leads to them, and they are sorted.
///
/// Up to ``few`` are looked at and sorted: some 20 ms. More are found row by row (``ListWalk``), since they are close to
/// each other.
extension SQLiteReader {
    /// Queries that find all rows that are open, or have ended, of those looked for.
    struct FewRows {
        var queries: [Query] = []
        var haveOpen = false
        var haveEnded = false
    }

    func fewRows(_ search: ListSearch, _ position: Position) throws -> FewRows {
        if let query = try fewOfHelpdesk(search, position) {
            return FewRows(queries: [query], haveOpen: true, haveEnded: true)
        }
        let open = try fewOpen(search, position)
        let ended = try fewEnded(search, position)
        return FewRows(
            queries: (open ?? []) + (ended ?? []), haveOpen: open != nil, haveEnded: ended != nil)
    }

    // MARK: Of a helpdesk

    /// Finds the rows by the index of the API server's unique key.
    ///
    /// - Returns: nil if the helpdesk has more than ``few`` rows, or `outbox` has no such index.
    private func fewOfHelpdesk(_ search: ListSearch, _ position: Position) throws -> Query? {
        guard let helpdesk = search.filter.helpdeskID,
            let walk = ListWalk(search, open: true, ended: true)
        else { return nil }
        guard try connection.hasFewRows(ofHelpdesk: helpdesk, most: few) else { return nil }
        return Query(
            sql: """
                SELECT r.id FROM outbox o CROSS JOIN outboxd_rows r ON r.id = o.id
                WHERE r.id < ? AND o.helpdesk_id = ? AND \(walk.condition.sql)
                ORDER BY r.id DESC
                """, texts: [helpdesk] + walk.condition.texts, before: position.before)
    }

    // MARK: That have ended

    /// By the index of what has ended; nil: too many.
    private func fewEnded(_ search: ListSearch, _ position: Position) throws -> [Query]? {
        guard let walk = ListWalk(search, open: false, ended: true) else { return [] }
        let states = search.filter.possibleStates.intersection(RowState.ended)
            .sorted { $0.rawValue < $1.rawValue }
        guard try areFew(states) else { return nil }
        let numbers = states.map { String($0.rawValue) }.joined(separator: ", ")
        return [
            Query(
                sql: """
                    SELECT r.id FROM outboxd_rows r INDEXED BY outboxd_rows_ended
                    WHERE r.id < ? AND \(EndedMigration.ended(as: numbers))
                        AND \(walk.condition.sql)
                    ORDER BY r.id DESC
                    """, texts: walk.condition.texts, before: position.before)
        ]
    }

    /// Looks at no more than ``few`` and one of each state.
    private func areFew(_ states: [RowState]) throws -> Bool {
        var left = few
        for state in states {
            let found = try connection.statement(
                """
                SELECT count(*) FROM (
                    SELECT 1 FROM outboxd_rows r INDEXED BY outboxd_rows_ended
                    WHERE \(EndedMigration.ended(as: state, "r")) LIMIT \(few + 1))
                """
            ).first { Int($0.int(0)) }
            left -= found ?? 0
            if left < 0 { return false }
        }
        return true
    }
}
