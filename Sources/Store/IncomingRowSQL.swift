internal import Delivery
internal import SQLite

/// The statements that read rows that are not ingested yet, and what reads their columns.
enum IncomingRowSQL {
    /// - Parameter sql: A column of `outbox o`, or NULL if the table lacks it.
    static func select(withTexts: Bool, _ sql: (String) -> String) -> String {
        let texts = withTexts ? OpenRowSQL.texts.map { ", " + sql($0) }.joined() : ""
        return """
            SELECT o.id, o.helpdesk_id, o.conversation_id, o.message_id, o.audience,
                o.recipient_email, o.instant, \(sql("not_before")), o.cancelled_at IS NOT NULL, o.created_at\(texts)
            FROM outbox o
            """
    }

    /// - Parameter withTexts: As it was selected.
    static func read(_ row: Statement, withTexts: Bool) -> OutboxRow {
        var columns = ColumnCursor(row)
        func identity() -> String { columns.text(limit: OutboxLimits.identity) }
        func line() -> String? { columns.optionalText(limit: OutboxLimits.line) }
        var found = OutboxRow(
            id: columns.int(), helpdeskID: identity(), conversationID: identity(),
            messageID: identity(), audience: identity(), recipientEmail: identity(),
            bodyText: "", isInstant: columns.bool(), notBefore: columns.optionalTime(),
            isCancelled: columns.bool(), createdAt: columns.time(),
            dueAt: WallTime(milliseconds: 0),
            attempts: 0, relayDownBefore: .zero, hasTexts: withTexts)
        found.dueAt = found.createdAt
        guard withTexts else { return found }
        // In the order of `OpenRowSQL.texts`.
        found.recipientName = line()
        found.authorName = line()
        found.subject = line()
        found.bodyText = columns.text(limit: OutboxLimits.body)
        found.attachments = columns.optionalText(limit: OutboxLimits.attachments)
        found.pageURL = line()
        found.unsubscribeURL = line()
        found.inReplyTo = line()
        found.locale = line()
        found.traceparent = line()
        return found
    }
}
