internal import Delivery
internal import SQLite

extension SQLiteStore {
    /// Inserts a row as the API server would.
    /// - Returns: its id, and whether it is new.
    package func enqueue(_ row: NewRow) throws -> (id: Int64, isNew: Bool) {
        // What somebody types is as long as it is.
        connection.limitValues(to: .max)
        return try inTransaction {
            let existing = try connection.statement(
                """
                SELECT id FROM outbox WHERE helpdesk_id = ? AND message_id = ? AND recipient_email = ?
                """
            ).bind(row.helpdeskID).bind(row.messageID).bind(row.recipientEmail).first { $0.int(0) }
            if let existing { return (existing, false) }
            try insert(row)
            return (connection.lastInsertRowID, true)
        }
    }

    /// Optional columns are named only if they have a value: the table may lack them.
    private func insert(_ row: NewRow) throws {
        let optional: [(column: String, value: String?)] = [
            ("recipient_name", row.recipientName), ("author_name", row.authorName),
            ("subject", row.subject), ("page_url", row.pageURL),
            ("unsubscribe_url", row.unsubscribeURL), ("in_reply_to", row.inReplyTo),
            ("locale", row.locale), ("traceparent", row.traceparent),
        ].filter { $0.value != nil }
        let times = [("not_before", row.notBefore)].filter { $0.1 != nil }
        let names = optional.map(\.column) + times.map(\.0)
        let missing = names.filter { !columns.has($0, of: Schema.outbox) }
        guard missing.isEmpty else {
            throw StoreError.missingColumns(table: "outbox", columns: missing)
        }
        let required = [
            "helpdesk_id", "conversation_id", "message_id", "audience", "recipient_email",
            "body_text", "instant", "created_at",
        ]
        let list = (required + names).joined(separator: ", ")
        let places = Array(repeating: "?", count: required.count + names.count)
        var statement = try connection.statement(
            "INSERT INTO outbox (\(list)) VALUES (\(places.joined(separator: ", ")))"
        ).bind(row.helpdeskID).bind(row.conversationID).bind(row.messageID).bind(row.audience)
            .bind(row.recipientEmail).bind(row.bodyText).bind(row.isInstant)
            .bind(row.createdAt.milliseconds)
        for (_, value) in optional { statement = try statement.bind(value) }
        for (_, time) in times { statement = try statement.bind(time?.milliseconds) }
        try statement.run()
    }
}
