internal import Delivery
internal import SQLite

/// The statements that read rows that are not ingested yet, and what reads their columns.
enum IncomingRowSQL {
    /// - Parameter sql: A column of `outbox o`, or NULL if the table lacks it.
    static func select(withTexts: Bool, _ sql: (String) -> String) -> String {
        let texts = withTexts ? OpenRowSQL.texts.map { sql($0) + ", " }.joined() : ""
        return """
            SELECT o.id, o.helpdesk_id, o.conversation_id, o.message_id, o.audience, o.recipient_email,
                \(texts)o.instant, \(sql("not_before")), o.cancelled_at IS NOT NULL, o.created_at
            FROM outbox o
            """
    }

    /// - Parameter withTexts: As it was selected.
    static func read(_ row: Statement, withTexts: Bool) -> OutboxRow {
        var columns = ColumnCursor(row)
        func identity() -> String { columns.text(limit: OutboxLimits.identity) }
        var createdAt = WallTime(milliseconds: 0)
        func time() -> WallTime {
            createdAt = columns.time()
            return createdAt
        }
        return OutboxRow(
            id: columns.int(), helpdeskID: identity(), conversationID: identity(),
            messageID: identity(), audience: identity(), recipientEmail: identity(),
            texts: withTexts ? OpenRowSQL.texts(&columns) : RowTexts(), hasTexts: withTexts,
            isInstant: columns.bool(), notBefore: columns.optionalTime(),
            isCancelled: columns.bool(), createdAt: time(), dueAt: createdAt)
    }
}
