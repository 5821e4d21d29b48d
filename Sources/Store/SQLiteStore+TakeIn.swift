package import Delivery
internal import SQLite

extension SQLiteStore {
    package func takeIn(limit: Int, at now: WallTime, rules: TakeInRules) throws -> TakenIn {
        try inTransaction {
            let rows = try newRows(
                "o.id > ? AND NOT EXISTS (SELECT 1 FROM outboxd_rows r WHERE r.id = o.id)",
                after: newestTakenIn, limit: limit)
            // Whatever others have taken in is passed over for good, too.
            let newest =
                rows.count == limit
                ? rows.last?.row.id
                : try connection.statement("SELECT max(id) FROM outbox").first { $0.int(0) }
            newestTakenIn = max(newestTakenIn, newest ?? 0)
            return try takeIn(rows, at: now, rules: rules, limit: limit)
        }
    }

    package func takeInStragglers(
        limit: Int, at now: WallTime, rules: TakeInRules
    ) throws -> TakenIn {
        let condition =
            "o.id <= ? AND NOT EXISTS (SELECT 1 FROM outboxd_rows r WHERE r.id = o.id)"
        guard try !newRows(condition, after: newestTakenIn, limit: 1).isEmpty else {
            return TakenIn()
        }
        return try inTransaction {
            let rows = try newRows(condition, after: newestTakenIn, limit: limit)
            return try takeIn(rows, at: now, rules: rules, limit: limit)
        }
    }

    private struct NewRow {
        var row: OutboxRow
        /// Another row of the same helpdesk carries the same reply: another recipient, or another
        /// spelling of this one.
        var hasSiblings: Bool
    }

    private func newRows(_ condition: String, after id: Int64, limit: Int) throws -> [NewRow] {
        try connection.statement(
            """
            SELECT o.id, o.helpdesk_id, o.conversation_id, substr(CAST(o.message_id AS BLOB), 1, 2000), o.audience,
                substr(CAST(o.recipient_email AS BLOB), 1, 2000), o.instant, o.created_at,
                EXISTS (
                    SELECT 1 FROM outbox s WHERE s.helpdesk_id = o.helpdesk_id
                    AND s.message_id = o.message_id AND s.id <> o.id)
            FROM outbox o WHERE \(condition) ORDER BY o.id LIMIT ?
            """
        ).bind(id).bind(limit).all { row in
            NewRow(
                row: OutboxRow(
                    id: row.int(0), helpdeskID: row.text(1), conversationID: row.text(2),
                    messageID: row.text(3), audience: row.text(4), recipientEmail: row.text(5),
                    bodyText: "", isInstant: row.bool(6), isCancelled: false,
                    createdAt: row.time(7),
                    dueAt: row.time(7), attempts: 0,
                    relayDownBefore: .zero),
                hasSiblings: row.bool(8))
        }
    }

    private func takeIn(
        _ rows: [NewRow], at now: WallTime, rules: TakeInRules, limit: Int
    ) throws -> TakenIn {
        var result = TakenIn(rows: rows.count, hasMore: rows.count == limit)
        var replies = RepliesByRecipient(connection: connection, normalize: rules.normalize)
        for new in rows {
            let row = new.row
            let key = MailKey(
                helpdeskID: row.helpdeskID, conversationID: row.conversationID,
                recipient: rules.normalize(row.recipientEmail), audience: row.audience)
            if let (reason, text) = rules.fault(row) {
                try insertFaulty(row, key: key, reason: reason, text: text, at: now)
                result.faulty.append((row.id, reason, text))
                continue
            }
            if new.hasSiblings {
                let same = try replies.rows(of: row, to: key.recipient)
                if try joinSameReply(row, as: same, rules: rules) { continue }
            }
            let due = rules.dueAt(row.createdAt, row.isInstant)
            let mailID = try openMail(key, dueAt: due) ?? insertMail(key, dueAt: due)
            try insertRow(row.id, mailID: mailID, dueAt: due)
        }
        return result
    }

    /// The waiting mail that the row belongs to, made due no later than the row.
    ///
    /// A mail that is being sent, or is frozen, takes no new rows; a deferred one keeps its time.
    private func openMail(_ key: MailKey, dueAt: WallTime) throws -> Int64? {
        let found = try connection.statement(
            """
            SELECT id, attempts, due_at FROM outboxd_mails
            WHERE recipient = ? AND conversation_id = ? AND helpdesk_id = ? AND audience = ?
                AND phase < 2 AND phase = 0 AND copies = 0
            ORDER BY id LIMIT 1
            """
        ).bind(key.recipient).bind(key.conversationID).bind(key.helpdeskID).bind(key.audience)
            .first { ($0.int(0), $0.int(1), $0.int(2)) }
        guard let (id, attempts, mailDueAt) = found else { return nil }
        if attempts == 0, dueAt.milliseconds < mailDueAt {
            try connection.statement("UPDATE outboxd_mails SET due_at = ? WHERE id = ?")
                .bind(dueAt.milliseconds).bind(id).run()
        }
        return id
    }

    func insertMail(_ key: MailKey, dueAt: WallTime) throws -> Int64 {
        try connection.statement(
            """
            INSERT INTO outboxd_mails (helpdesk_id, conversation_id, recipient, audience, due_at)
            VALUES (?, ?, ?, ?, ?)
            """
        ).bind(key.helpdeskID).bind(key.conversationID).bind(key.recipient).bind(key.audience)
            .bind(dueAt.milliseconds).run()
        return connection.lastInsertRowID
    }

    private func insertRow(_ id: Int64, mailID: Int64, dueAt: WallTime) throws {
        try connection.statement("INSERT INTO outboxd_rows (id, mail_id, due_at) VALUES (?, ?, ?)")
            .bind(id).bind(mailID).bind(dueAt.milliseconds).run()
    }

    private func insertFaulty(
        _ row: OutboxRow, key: MailKey, reason: FailReason, text: String, at now: WallTime
    ) throws {
        let mailID = try insertMail(key, dueAt: now)
        try connection.statement("UPDATE outboxd_mails SET phase = 2 WHERE id = ?").bind(mailID)
            .run()
        try insertRow(row.id, mailID: mailID, dueAt: now)
        try fail(row.id, reason: reason, text: text, at: now)
    }

    /// The same reply to another spelling of the same address is one notification: the row goes
    /// where the first one went.
    ///
    /// Where the first was skipped, the row is looked at on its own.
    private func joinSameReply(
        _ row: OutboxRow, as others: [Int64], rules: TakeInRules
    ) throws -> Bool {
        var same: (first: Int64, mailID: Int64)?
        for id in others where same == nil {
            same = try connection.statement(
                "SELECT mail_id FROM outboxd_rows WHERE id = ? AND state <> ?"
            ).bind(id).bind(RowState.skipped.rawValue).first { (first: id, mailID: $0.int(0)) }
        }
        guard let (first, mailID) = same else { return false }
        try insertRow(row.id, mailID: mailID, dueAt: rules.dueAt(row.createdAt, row.isInstant))
        try connection.statement(
            """
            UPDATE outboxd_rows SET (state, reason, uncertain, attempts, first_attempt_at,
                relay_down_before, sent_at, finished_at, error_stage, error_code, error_enhanced,
                error_text) = (
                SELECT state, reason, uncertain, attempts, first_attempt_at, relay_down_before,
                    sent_at, finished_at, error_stage, error_code, error_enhanced, error_text
                FROM outboxd_rows WHERE id = ?)
            WHERE id = ?
            """
        ).bind(first).bind(row.id).run()
        return true
    }
}
