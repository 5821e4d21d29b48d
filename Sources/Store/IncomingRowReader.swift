internal import Delivery
internal import SQLite

/// Reads rows that are not ingested yet, without their texts, in bounded memory whatever they hold.
///
/// One statement reads all of them. Where a value in one of them is too long for it, each row is read
/// by a statement of its own, and that one column by column: its ids are then long enough to be told as
/// `invalid_row`.
struct IncomingRowReader {
    let connection: Connection

    /// The first of the chosen rows, in the order of their ids.
    func rows(_ choice: RowChoice, limit: Int) throws -> [OutboxRow] {
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
            o.recipient_email, o.instant, o.created_at
        FROM outbox o
        """

    private static func read(_ row: Statement) -> OutboxRow {
        func identity(_ column: Int32) -> String { row.text(column, limit: OutboxLimits.identity) }
        return OutboxRow(
            id: row.int(0), helpdeskID: identity(1), conversationID: identity(2),
            messageID: identity(3), audience: identity(4), recipientEmail: identity(5),
            bodyText: "", isInstant: row.bool(6), isCancelled: false, createdAt: row.time(7),
            dueAt: row.time(7), attempts: 0, relayDownBefore: .zero, hasTexts: false)
    }

    private func row(_ id: Int64) throws -> OutboxRow? {
        do {
            return try connection.statement("\(Self.select) WHERE o.id = ?").bind(id)
                .first(Self.read)
        } catch let error as SQLiteError where error.isTooBig {
            return try longRow(id)
        }
    }

    /// An id of it, or its address, is too long to be sent at all.
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
