internal import Delivery
internal import SQLite

/// What outboxd writes into the API server's table.
extension SQLiteStore {
    /// The relay says that the mailbox does not exist: no mail to it for 30 days.
    func suppress(_ finished: FinishedMail) throws {
        guard let error = finished.error, error.mailboxDoesNotExist, canSuppress else { return }
        let (key, now) = (finished.mail.key, finished.at.milliseconds)
        let until = now + 30 * 86_400_000
        try connection.statement(
            """
            UPDATE suppressions SET expires_at = max(expires_at, ?)
            WHERE helpdesk_id = ? AND address = ?
            """
        ).bind(until).bind(key.helpdeskID).bind(key.recipient).run()
        // An API server's own table need not have the key that ON CONFLICT would ask for.
        try connection.statement(
            """
            INSERT INTO suppressions (helpdesk_id, address, reason, created_at, expires_at)
            SELECT ?1, ?2, ?3, ?4, ?5 WHERE NOT EXISTS (
                SELECT 1 FROM suppressions WHERE helpdesk_id = ?1 AND address = ?2)
            """
        ).bind(key.helpdeskID).bind(key.recipient)
            .bind("mailbox does not exist (\(error.enhanced?.description ?? "5.1.1"))")
            .bind(now).bind(until).run()
    }
}
