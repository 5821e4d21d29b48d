package import Delivery
internal import SQLite

/// Who gets no mail: the API server's table, and what outboxd could not write there yet.
extension SQLiteReader {
    private static let both = """
        (SELECT helpdesk_id, address, reason, created_at, expires_at FROM suppressions
        UNION SELECT helpdesk_id, address, reason, created_at, expires_at FROM outboxd_suppressing)
        """
    private static let columns =
        "helpdesk_id, address, substr(reason, 1, 1000), created_at, expires_at"

    package func suppressions(helpdesk: String?, limit: Int, at now: WallTime) throws
        -> [OutboxView.Suppression]
    {
        let ofHelpdesk = helpdesk == nil ? "" : "AND helpdesk_id IN ('', ?3)"
        let statement = try connection.statement(
            """
            SELECT \(Self.columns) FROM \(Self.both)
            WHERE \(Schema.isInForce(at: 1)) \(ofHelpdesk)
            ORDER BY created_at DESC, address LIMIT ?2
            """
        ).bind(now.milliseconds).bind(limit)
        if let helpdesk { try statement.bind(helpdesk) }
        return try statement.all(Self.suppression)
    }

    package func suppressions(of address: String, at now: WallTime) throws
        -> [OutboxView.Suppression]
    {
        try suppressions(of: address, helpdesk: nil, at: now)
    }

    /// - Parameter helpdesk: Those of everything and of this helpdesk, found by their key; nil: of all, which
    ///   takes a look at the whole table.
    func suppressions(of address: String, helpdesk: String?, at now: WallTime) throws
        -> [OutboxView.Suppression]
    {
        let ofHelpdesk = helpdesk == nil ? "" : "AND helpdesk_id IN ('', ?3)"
        let statement = try connection.statement(
            """
            SELECT \(Self.columns) FROM suppressions
            WHERE address = ?1 AND \(Schema.isInForce(at: 2)) \(ofHelpdesk)
            UNION SELECT \(Self.columns) FROM outboxd_suppressing
            WHERE address = ?1 AND expires_at > ?2 \(ofHelpdesk)
            """
        ).bind(address).bind(now.milliseconds)
        if let helpdesk { try statement.bind(helpdesk) }
        return try statement.all(Self.suppression)
    }

    package func ended(before: WallTime) throws -> (byHelpdesk: [String: Int], examples: [Int64]) {
        let condition = EndedMigration.endedBefore
        let counts = try connection.statement(
            """
            SELECT coalesce(o.helpdesk_id, ''), count(*) FROM outboxd_rows r
            LEFT JOIN outbox o ON o.id = r.id WHERE \(condition) GROUP BY 1
            """
        ).bind(before.milliseconds).all {
            ($0.text(0, limit: OutboxLimits.identity), Int($0.int(1)))
        }
        let ids = try connection.statement(
            "SELECT r.id FROM outboxd_rows r WHERE \(condition) ORDER BY r.finished_at DESC LIMIT 5"
        ).bind(before.milliseconds).all { $0.int(0) }
        return (Dictionary(counts, uniquingKeysWith: +), ids)
    }

    private static func suppression(_ row: Statement) -> OutboxView.Suppression {
        OutboxView.Suppression(
            helpdeskID: row.text(0, limit: OutboxLimits.identity),
            address: row.text(1, limit: OutboxLimits.identity),
            reason: row.text(2, limit: OutboxLimits.identity), createdAt: row.time(3),
            expiresAt: row.optionalTime(4))
    }
}
