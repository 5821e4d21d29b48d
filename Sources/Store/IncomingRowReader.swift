internal import Delivery
internal import SQLite

/// Reads rows that are not ingested yet, in bounded memory whatever they hold.
///
/// One statement reads all of them, with their texts where they may be mailed at once; those behind the first
/// 512 KB of texts come without. Where a value in one of them is too long for it, each row is read
/// by a statement of its own, and that one column by column: its ids are then long enough to be told as
/// `invalid_row`.
struct IncomingRowReader {
    let connection: Connection
    let columns: APIColumns

    /// The same with their texts, as far as these take no more than ``OutboxLimits/batch``.
    func rowsWithTexts(_ choice: RowChoice, limit: Int) throws -> [OutboxRow] {
        var found: [OutboxRow] = []
        do {
            if try readShortRows(choice, limit: limit, into: &found) { return found }
        } catch let error as SQLiteError where error.isTooBig {
            // The others come without texts, this one as well.
        }
        let last = found.last?.id ?? .min
        return found + (try rows(choice, limit: limit).filter { $0.id > last })
    }

    /// - Returns: whether there was room for all of them.
    private func readShortRows(
        _ choice: RowChoice, limit: Int, into found: inout [OutboxRow]
    ) throws -> Bool {
        let statement = try choice.bind(
            connection.statement(
                "\(columns.incomingRowsWithTexts) WHERE \(choice.condition) ORDER BY o.id LIMIT ?")
        ).bind(limit)
        defer { statement.reset() }
        var room = OutboxLimits.batch
        while try statement.step() {
            guard room > 0 else { return false }
            let row = IncomingRowSQL.read(statement, withTexts: true)
            room -= row.octets
            found.append(row)
        }
        return true
    }

    /// The first of the chosen rows, in the order of their ids.
    func rows(_ choice: RowChoice, limit: Int) throws -> [OutboxRow] {
        do {
            return try choice.bind(
                connection.statement(
                    "\(columns.incomingRows) WHERE \(choice.condition) ORDER BY o.id LIMIT ?")
            ).bind(limit).all { IncomingRowSQL.read($0, withTexts: false) }
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

    private func row(_ id: Int64) throws -> OutboxRow? {
        do {
            return try connection.statement("\(columns.incomingRows) WHERE o.id = ?").bind(id)
                .first { IncomingRowSQL.read($0, withTexts: false) }
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
            recipientEmail: try values.identity("recipient_email"), hasTexts: false,
            isInstant: try values.int("instant") != 0,
            isCancelled: try !values.isNull("cancelled_at"), createdAt: createdAt,
            dueAt: createdAt)
    }
}
