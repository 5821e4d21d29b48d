internal import Delivery
internal import SQLite

/// Reads rows that are not ingested yet, without their texts, in bounded memory whatever they hold.
///
/// One statement reads all of them. Where a value in one of them is too long for it, each row is read
/// by a statement of its own, and that one column by column: its ids are then long enough to be told as
/// `invalid_row`.
struct IncomingRowReader {
    let connection: Connection
    let columns: APIColumns

    /// The first of the chosen rows, in the order of their ids.
    func rows(_ choice: RowChoice, limit: Int) throws -> [OutboxRow] {
        do {
            return try choice.bind(
                connection.statement(
                    "\(columns.incomingRows) WHERE \(choice.condition) ORDER BY o.id LIMIT ?")
            ).bind(limit).all(Self.read)
        } catch let error as SQLiteError where error.isTooBig {
            return try ids(choice, limit: limit).compactMap(row)
        }
    }

    func ids(_ choice: RowChoice, limit: Int) throws -> [Int64] {
        try choice.bind(
            connection.statement(
                "SELECT o.id FROM outbox o WHERE \(choice.condition) ORDER BY o.id LIMIT ?")
        ).bind(limit).all { $0.int(0) }
    }

    /// What ``read(_:)`` reads, in the order of ``OutboxRow``.
    static func select(_ sql: (String) -> String) -> String {
        """
        SELECT o.id, o.helpdesk_id, o.conversation_id, o.message_id, o.audience,
            o.recipient_email, o.instant, \(sql("not_before")), o.cancelled_at IS NOT NULL, o.created_at
        FROM outbox o
        """
    }

    private static func read(_ row: Statement) -> OutboxRow {
        var columns = ColumnCursor(row)
        func identity() -> String { columns.text(limit: OutboxLimits.identity) }
        var found = OutboxRow(
            id: columns.int(), helpdeskID: identity(), conversationID: identity(),
            messageID: identity(), audience: identity(), recipientEmail: identity(),
            bodyText: "", isInstant: columns.bool(), notBefore: columns.optionalTime(),
            isCancelled: columns.bool(), createdAt: columns.time(),
            dueAt: WallTime(milliseconds: 0),
            attempts: 0, relayDownBefore: .zero, hasTexts: false)
        found.dueAt = found.createdAt
        return found
    }

    private func row(_ id: Int64) throws -> OutboxRow? {
        do {
            return try connection.statement("\(columns.incomingRows) WHERE o.id = ?").bind(id)
                .first(Self.read)
        } catch let error as SQLiteError where error.isTooBig {
            return try longRow(id)
        }
    }

    /// An id of it, or its address, is too long to be sent at all.
    private func longRow(_ id: Int64) throws -> OutboxRow {
        let values = OutboxColumns(connection: connection, id: id)
        let createdAt = WallTime(milliseconds: try values.int("created_at"))
        return OutboxRow(
            id: id, helpdeskID: try values.identity("helpdesk_id"),
            conversationID: try values.identity("conversation_id"),
            messageID: try values.identity("message_id"),
            audience: try values.identity("audience"),
            recipientEmail: try values.identity("recipient_email"), bodyText: "",
            isInstant: try values.int("instant") != 0,
            isCancelled: try !values.isNull("cancelled_at"), createdAt: createdAt,
            dueAt: createdAt, attempts: 0, relayDownBefore: .zero, hasTexts: false)
    }
}
