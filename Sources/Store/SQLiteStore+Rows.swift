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

    /// A row has waited for its sender for too long: what the relay said to the sender stays with it.
    func failWaiting(_ id: Int64, at now: WallTime) throws {
        try connection.statement(
            """
            UPDATE outboxd_rows SET state = 4, reason = 'rejected', finished_at = ?,
                error_text = coalesce(error_text, 'the relay refuses its sender')
            WHERE id = ? AND state = 0
            """
        ).bind(now.milliseconds).bind(id).run()
    }

    /// The mail waits for its turn in its helpdesk's line.
    func putInLine(_ mailID: Int64, _ line: Int64, _ turn: TurnClass, dueAt: WallTime) throws {
        try connection.statement(
            "UPDATE outboxd_mails SET wait = 0, class = ?, due_at = ? WHERE id = ? AND phase = 0"
        ).bind(turn.rawValue).bind(dueAt.milliseconds).bind(mailID).run()
        try lines.announce(line, turn, dueAt: dueAt)
    }

    /// Whether any mail waits in the line.
    func hasMails(_ line: Int64) throws -> Bool {
        try connection.statement(
            """
            SELECT 1 FROM outboxd_mails INDEXED BY outboxd_mails_due
            WHERE phase = 0 AND wait = 0 AND line = ? LIMIT 1
            """
        ).bind(line).first { _ in true } ?? false
    }

    /// The mail leaves its line, and waits for something else than its turn.
    func setAside(_ mailID: Int64, _ wait: Wait) throws {
        try connection.statement("UPDATE outboxd_mails SET wait = ? WHERE id = ? AND phase = 0")
            .bind(wait.rawValue).bind(mailID).run()
    }

    /// Waiting mails that a statement has put in line: `line, class, due_at` of each.
    func announce(_ statement: Statement) throws {
        let mails = try statement.all { ($0.int(0), $0.int(1), $0.time(2)) }
        for (line, turn, dueAt) in mails {
            try lines.announce(line, TurnClass(rawValue: turn) ?? .first, dueAt: dueAt)
        }
    }

    /// Forgets rows that the API server deleted, and rows whose id another row has by now: that one is
    /// ingested as if it were new.
    func forgetRows(of candidate: Candidate, at now: WallTime) throws {
        if candidate.mayLackRows { try forgetDeleted(candidate.mailID) }
        for id in candidate.replaced {
            try connection.statement("DELETE FROM outboxd_rows WHERE id = ? AND state = 0")
                .bind(id).run()
            try connection.statement(
                "INSERT INTO outboxd_unread (id, retry_at) VALUES (?, ?) ON CONFLICT DO NOTHING"
            ).bind(id).bind(now.milliseconds).run()
        }
    }

    /// The API server deleted the rows: there is nothing to remember.
    private func forgetDeleted(_ mailID: Int64) throws {
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

    /// Whether any mail waits for another: nearly never, so it is asked once for a batch.
    func isAnybodyBehind() throws -> Bool {
        try connection.statement(
            """
            SELECT 1 FROM outboxd_mails INDEXED BY outboxd_mails_aside
            WHERE phase = 0 AND wait = 4 AND wait > 0 LIMIT 1
            """
        ).first { _ in true } ?? false
    }

    /// Lets go those that waited for a mail of the same conversation and recipient.
    func releaseBehind(_ key: MailKey) throws {
        try announce(
            connection.statement(
                """
                UPDATE outboxd_mails SET wait = 0
                WHERE recipient = ? AND conversation_id = ? AND helpdesk_id = ? AND phase < 2
                    AND phase = 0 AND wait = 4
                RETURNING line, class, due_at
                """
            ).bind(key.recipient).bind(key.conversationID).bind(key.helpdeskID))
    }

    /// What belongs together is one mail again: rows that came while this one was being sent join it,
    /// unless it is frozen.
    func mergeOpenMails(into mailID: Int64, key: MailKey) throws {
        let others = try connection.statement(
            """
            SELECT id, class FROM outboxd_mails
            WHERE recipient = ? AND conversation_id = ? AND helpdesk_id = ? AND audience = ?
                AND phase < 2 AND phase = 0 AND copies = 0 AND id <> ?
            """
        ).bind(key.recipient).bind(key.conversationID).bind(key.helpdeskID).bind(key.audience)
            .bind(mailID).all { ($0.int(0), $0.int(1)) }
        if let turn = others.map(\.1).min(), turn < TurnClass.retry.rawValue {
            try connection.statement(
                "UPDATE outboxd_mails SET class = min(class, ?) WHERE id = ? AND class < 2"
            ).bind(turn).bind(mailID).run()
        }
        for (other, _) in others {
            try connection.statement(
                "UPDATE outboxd_rows SET mail_id = ? WHERE mail_id = ? AND state = 0"
            ).bind(mailID).bind(other).run()
            try connection.statement("UPDATE outboxd_mails SET phase = 2, wait = 0 WHERE id = ?")
                .bind(other).run()
        }
    }
}
