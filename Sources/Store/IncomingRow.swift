internal import Delivery
internal import SQLite

/// A row of `outbox` as ingest sees it, without its texts.
struct IncomingRow {
    var row: OutboxRow
    /// Another row of the same helpdesk carries the same reply: another recipient, or another
    /// spelling of this one.
    var hasSiblings: Bool
}

/// Reads rows that are not ingested yet, in bounded memory whatever they hold.
///
/// One statement reads all of them. Where a value in one of them is too long for it, each row is read
/// by a statement of its own, and that one column by column: its ids are then long enough to be told as
/// `invalid_row`.
struct IncomingRowReader {
    let connection: Connection

    /// The first of the chosen rows, in the order of their ids.
    func rows(_ choice: RowChoice, limit: Int) throws -> [IncomingRow] {
        do {
            return try choice.bind(
                connection.statement(
                    "\(Self.select) WHERE \(choice.condition) ORDER BY o.id LIMIT ?")
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

    private static let select = """
        SELECT o.id, o.helpdesk_id, o.conversation_id, o.message_id, o.audience,
            o.recipient_email, o.instant, o.created_at,
            EXISTS (
                SELECT 1 FROM outbox s WHERE s.helpdesk_id = o.helpdesk_id
                AND s.message_id = o.message_id AND s.id <> o.id)
        FROM outbox o
        """

    private static func read(_ row: Statement) -> IncomingRow {
        func identity(_ column: Int32) -> String { row.text(column, limit: OutboxLimits.identity) }
        return IncomingRow(
            row: OutboxRow(
                id: row.int(0), helpdeskID: identity(1), conversationID: identity(2),
                messageID: identity(3), audience: identity(4), recipientEmail: identity(5),
                bodyText: "", isInstant: row.bool(6), isCancelled: false, createdAt: row.time(7),
                dueAt: row.time(7), attempts: 0, relayDownBefore: .zero, hasTexts: false),
            hasSiblings: row.bool(8))
    }

    private func row(_ id: Int64) throws -> IncomingRow? {
        do {
            return try connection.statement("\(Self.select) WHERE o.id = ?").bind(id)
                .first(Self.read)
        } catch let error as SQLiteError where error.isTooBig {
            return IncomingRow(row: try longRow(id), hasSiblings: false)
        }
    }

    /// It has no siblings worth a look: an id of it, or its address, is too long to be sent at all.
    private func longRow(_ id: Int64) throws -> OutboxRow {
        let columns = OutboxColumns(connection: connection, id: id)
        let createdAt = WallTime(milliseconds: try columns.int("created_at"))
        return OutboxRow(
            id: id, helpdeskID: try columns.identity("helpdesk_id"),
            conversationID: try columns.identity("conversation_id"),
            messageID: try columns.identity("message_id"),
            audience: try columns.identity("audience"),
            recipientEmail: try columns.identity("recipient_email"), bodyText: "",
            isInstant: try columns.int("instant") != 0, isCancelled: false, createdAt: createdAt,
            dueAt: createdAt, attempts: 0, relayDownBefore: .zero, hasTexts: false)
    }
}
