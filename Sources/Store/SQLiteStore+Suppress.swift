package import Delivery
internal import SQLite

/// What outboxd writes into the API server's table.
///
/// The table is another program's: a column more, a trigger or a constraint of theirs may refuse what we
/// write. So the suppression is noted in a table of ours together with the outcome, counts from then on,
/// and is carried over within a savepoint of its own. What is repeated if that fails is the noting, never
/// the sending.
extension SQLiteStore {
    /// The relay says that the mailbox does not exist: no mail to it for 30 days.
    /// - Returns: what the API server's table has against it; it is tried again later.
    func suppress(_ finished: FinishedMail) throws -> StatementFault? {
        guard let error = finished.error, error.mailboxDoesNotExist else { return nil }
        let (key, now) = (finished.mail.key, finished.at.milliseconds)
        let entry = Suppression(
            helpdeskID: key.helpdeskID, address: key.recipient,
            reason: "mailbox does not exist (\(error.enhanced?.description ?? "5.1.1"))",
            createdAt: now, expiresAt: now + 30 * 86_400_000, failures: 0)
        let place = try placeOfSuppressions()
        try connection.statement(
            """
            INSERT INTO outboxd_suppressing
                (helpdesk_id, address, reason, created_at, expires_at, retry_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            ON CONFLICT DO UPDATE SET expires_at = excluded.expires_at
            """
        ).bind(entry.helpdeskID).bind(entry.address).bind(entry.reason).bind(now)
            .bind(entry.expiresAt).bind(place == .ours ? entry.expiresAt : now).run()
        if place == .ours { return nil }
        guard !isolation.leavesSuppressions, !waitsForSlowTable(finished.at) else {
            hasSuppressions = true
            return nil
        }
        return try carryOver(entry, at: finished.at)
    }

    package func writeSuppressions(at now: WallTime) throws -> [StatementFault] {
        guard hasSuppressions else { return [] }
        let due = try connection.statement(
            """
            SELECT helpdesk_id, address, reason, created_at, expires_at, troubles
            FROM outboxd_suppressing WHERE retry_at <= ? LIMIT 100
            """
        ).bind(now.milliseconds).all(Suppression.init)
        guard !due.isEmpty else {
            hasSuppressions =
                try connection.statement("SELECT 1 FROM outboxd_suppressing LIMIT 1")
                .first { _ in true } ?? false
            return []
        }
        // One transaction each: an entry may end the one it is in.
        var faults: [StatementFault] = []
        for entry in due where !waitsForSlowTable(now) {
            if entry.expiresAt <= now.milliseconds {
                try inTransaction { try forget(entry) }
                continue
            }
            let fault = try inTransaction { try carryOver(entry, at: now) }
            if let fault { faults.append(fault) }
        }
        return faults
    }

    fileprivate struct Suppression {
        var helpdeskID: String
        var address: String
        var reason: String
        var createdAt: Int64
        var expiresAt: Int64
        var failures: Int

    }

    private func carryOver(_ entry: Suppression, at now: WallTime) throws -> StatementFault? {
        let subject = Isolation.Subject.suppression(
            helpdeskID: entry.helpdeskID, address: entry.address)
        // It holds the write lock, and counts without being carried over: it never gets more time.
        let fault = try isolated(subject, always: true) {
            try connection.withLimit(StatementLimit.first) { try carryOver(entry) }
        }
        guard let fault else { return nil }
        let until = now + StatementBackoff.delay(failures: entry.failures + 1)
        try connection.statement(
            """
            UPDATE outboxd_suppressing SET troubles = troubles + 1, retry_at = ?, error_text = ?
            WHERE helpdesk_id = ? AND address = ?
            """
        ).bind(until.milliseconds).bind(faultText(fault)).bind(entry.helpdeskID)
            .bind(entry.address).run()
        hasSuppressions = true
        if Isolation.isOverdue(fault) { try postponeSuppressions(until: until) }
        return StatementFault(
            subject: .suppression(address: entry.address), text: faultText(fault), retryAt: until,
            isNew: entry.failures == 0)
    }

    /// A time that is further away was set before the clock was put back.
    private func waitsForSlowTable(_ now: WallTime) -> Bool {
        let rest = slowSuppressionsUntil - now
        return rest > .zero && rest <= StatementBackoff.longest
    }

    /// A trigger of theirs takes long for one entry, and is likely to for the others.
    private func postponeSuppressions(until: WallTime) throws {
        slowSuppressionsUntil = until
        try connection.statement(
            "UPDATE outboxd_suppressing SET retry_at = ?1 WHERE retry_at < ?1"
        ).bind(until.milliseconds).run()
    }

    private func carryOver(_ entry: Suppression) throws {
        let place = try placeOfSuppressions()
        if place == .table {
            try connection.statement(
                """
                UPDATE suppressions SET expires_at = max(expires_at, ?)
                WHERE helpdesk_id = ? AND address = ?
                """
            ).bind(entry.expiresAt).bind(entry.helpdeskID).bind(entry.address).run()
        }
        // If it does not get there it counts in our table.
        try insertSuppression(
            entry.address, entry.helpdeskID, reason: entry.reason, createdAt: entry.createdAt,
            expiresAt: entry.expiresAt)
        try forget(entry)
    }

    private func forget(_ entry: Suppression) throws {
        try connection.statement(
            "DELETE FROM outboxd_suppressing WHERE helpdesk_id = ? AND address = ?"
        ).bind(entry.helpdeskID).bind(entry.address).run()
    }

    /// Where a suppression of ours ends up.
    ///
    /// | `suppressions` is | place |
    /// |---|---|
    /// | a table | there |
    /// | a view with an INSTEAD OF INSERT trigger | there, by that trigger |
    /// | any other view | our own table alone, until it expires: there is nothing to write into |
    private enum Place { case table, view, ours }

    private func placeOfSuppressions() throws -> Place {
        let found = try connection.statement(
            """
            SELECT type = 'table', EXISTS (
                SELECT 1 FROM sqlite_master t WHERE t.type = 'trigger'
                    AND t.tbl_name = 'suppressions' COLLATE NOCASE
                    AND t.sql LIKE '%INSTEAD%OF%INSERT%')
            FROM sqlite_master WHERE name = 'suppressions' COLLATE NOCASE
            """
        ).first { ($0.bool(0), $0.bool(1)) }
        guard let (isTable, takesInserts) = found else { return .table }
        return isTable ? .table : (takesInserts ? .view : .ours)
    }

    package func nextSuppression() throws -> WallTime? {
        guard hasSuppressions else { return nil }
        return try connection.statement("SELECT min(retry_at) FROM outboxd_suppressing")
            .first { $0.optionalTime(0) } ?? nil
    }
}

extension SQLiteStore.Suppression {
    fileprivate init(_ row: Statement) {
        self.init(
            helpdeskID: row.text(0), address: row.text(1), reason: row.text(2),
            createdAt: row.int(3), expiresAt: row.int(4), failures: Int(row.int(5)))
    }
}
