internal import SQLite

extension Connection {
    /// Whether `outbox` has at most `most` rows of the helpdesk, counted by the index of the API server's unique key; no if
    /// it has none.
    func hasFewRows(ofHelpdesk helpdesk: String, most: Int) throws -> Bool {
        let rows = "FROM outbox WHERE helpdesk_id = ?"
        let hasIndex = try statement("EXPLAIN QUERY PLAN SELECT 1 \(rows)")
            .first { $0.text(3).hasPrefix("SEARCH") }
        guard hasIndex == true else { return false }
        return try statement("SELECT 1 \(rows) LIMIT 1 OFFSET \(most)").bind(helpdesk)
            .first { _ in true } == nil
    }
}
