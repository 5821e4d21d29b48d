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
            try connection.statement(
                """
                INSERT INTO outbox (helpdesk_id, conversation_id, message_id, audience,
                    recipient_email, recipient_name, author_name, subject, body_text, page_url,
                    unsubscribe_url, in_reply_to, locale, instant, created_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
            ).bind(row.helpdeskID).bind(row.conversationID).bind(row.messageID).bind(row.audience)
                .bind(row.recipientEmail).bind(row.recipientName).bind(row.authorName)
                .bind(row.subject).bind(row.bodyText).bind(row.pageURL).bind(row.unsubscribeURL)
                .bind(row.inReplyTo).bind(row.locale).bind(row.isInstant)
                .bind(row.createdAt.milliseconds).run()
            return (connection.lastInsertRowID, true)
        }
    }
}
