internal import Delivery
internal import SQLite

/// The small changes that several batches share. All are called within a transaction.
extension SQLiteStore {
    func skip(_ rows: [(id: Int64, reason: SkipReason)], at now: WallTime) throws {
        for row in rows {
            try connection.statement(
                """
                UPDATE outboxd_rows SET state = 3, reason = ?, finished_at = ?
                WHERE id = ? AND state = 0
                """
            ).bind(row.reason.rawValue).bind(now.milliseconds).bind(row.id).run()
        }
    }

    /// A row that never reached the relay: there is no stage, only a sentence.
    func fail(_ id: Int64, reason: FailReason, text: String, at now: WallTime) throws {
        try connection.statement(
            """
            UPDATE outboxd_rows SET state = 4, reason = ?, finished_at = ?, error_stage = NULL,
                error_code = NULL, error_enhanced = NULL, error_text = ?
            WHERE id = ? AND state = 0
            """
        ).bind(reason.rawValue).bind(now.milliseconds).bind(text).bind(id).run()
    }

    func setWait(
        _ wait: Wait, of mailID: Int64, dueAt: WallTime? = nil, sender: String? = nil
    ) throws {
        try connection.statement(
            """
            UPDATE outboxd_mails SET wait = ?, due_at = coalesce(?, due_at),
                sender = coalesce(?, sender)
            WHERE id = ? AND phase = 0
            """
        ).bind(wait.rawValue).bind(dueAt?.milliseconds).bind(sender).bind(mailID).run()
    }

    /// The API server deleted the rows: there is nothing to remember.
    func forgetDeleted(_ mailID: Int64) throws {
        try connection.statement(
            """
            DELETE FROM outboxd_rows WHERE mail_id = ? AND state = 0
                AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.id = outboxd_rows.id)
            """
        ).bind(mailID).run()
    }

    func hasOpenRows(_ mailID: Int64) throws -> Bool {
        try connection.statement(
            "SELECT 1 FROM outboxd_rows WHERE mail_id = ? AND state = 0 LIMIT 1"
        )
        .bind(mailID).first { _ in true } ?? false
    }

    /// Nothing of the mail is open any more.
    func close(_ mailID: Int64, key: MailKey) throws {
        try connection.statement(
            "UPDATE outboxd_mails SET phase = 2, wait = 0, owner = NULL, token = NULL WHERE id = ?"
        ).bind(mailID).run()
        try connection.statement("DELETE FROM outboxd_frozen WHERE mail_id = ?").bind(mailID).run()
        try releaseBehind(key)
    }

    /// Lets go those that waited for a mail of the same conversation and recipient.
    func releaseBehind(_ key: MailKey) throws {
        try connection.statement(
            """
            UPDATE outboxd_mails SET wait = 0
            WHERE recipient = ? AND conversation_id = ? AND helpdesk_id = ? AND phase < 2
                AND phase = 0 AND wait = 4
            """
        ).bind(key.recipient).bind(key.conversationID).bind(key.helpdeskID).run()
    }

    /// What belongs together is one mail again: rows that came while this one was being sent join it,
    /// unless it is frozen.
    func mergeOpenMails(into mailID: Int64, key: MailKey) throws {
        let others = try connection.statement(
            """
            SELECT id FROM outboxd_mails
            WHERE recipient = ? AND conversation_id = ? AND helpdesk_id = ? AND audience = ?
                AND phase < 2 AND phase = 0 AND copies = 0 AND id <> ?
            """
        ).bind(key.recipient).bind(key.conversationID).bind(key.helpdeskID).bind(key.audience)
            .bind(mailID).all { $0.int(0) }
        for other in others {
            try connection.statement(
                "UPDATE outboxd_rows SET mail_id = ? WHERE mail_id = ? AND state = 0"
            ).bind(mailID).bind(other).run()
            try connection.statement("UPDATE outboxd_mails SET phase = 2, wait = 0 WHERE id = ?")
                .bind(other).run()
        }
    }
}
