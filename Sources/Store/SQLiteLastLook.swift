package import Delivery
package import SQLite

/// Looks at one mail over a connection of the sending thread's own; some 10 µs.
package final class SQLiteLastLook: LastLook {
    private let connection: Connection

    package init(connection: Connection) {
        self.connection = connection
    }

    package func look(
        mailID: Int64, token: Int64, key: MailKey, rowIDs: [Int64], newestReplyAt: WallTime,
        oldestReplyAt: WallTime, isCopy: Bool, at now: WallTime
    ) throws -> LastLookResult {
        let found = try connection.statement(
            """
            SELECT m.token, o.id FROM outboxd_mails m
            LEFT JOIN outboxd_rows r ON r.mail_id = m.id AND r.state = 0
            LEFT JOIN outbox o ON o.id = r.id AND o.cancelled_at IS NULL
            WHERE m.id = ?
            """
        ).bind(mailID).all { (token: $0.optionalInt(0), row: $0.optionalInt(1)) }
        guard found.first?.token == token else { return .lost }
        let standing = found.compactMap(\.row)
        let marker = try ReadMarkers.newest(connection, key)
        if isCopy {
            // It goes out whole, or not at all.
            let isAllRead = ReadCheck.isRead(createdAt: newestReplyAt, marker: marker, now: now)
            return standing.isEmpty || isAllRead ? .changed : .go
        }
        // The oldest reply is the first to be read.
        if ReadCheck.isRead(createdAt: oldestReplyAt, marker: marker, now: now) { return .changed }
        return rowIDs.allSatisfy(standing.contains) ? .go : .changed
    }
}
