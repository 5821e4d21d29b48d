internal import Delivery
internal import SQLite

/// Every write to `outboxd_rows`: what became of each row of `outbox`.
///
/// A row is open (stored as `pending`, whether its mail waits or is being sent) until it is `sent`,
/// `skipped` or `failed`. Those three are final, but for a refusal that was not the row's fault, and for
/// the operator (Contract.md).
///
/// | state | event | becomes |
/// |---|---|---|
/// | none | ``insert(_:mailID:dueAt:identity:joins:)`` | open |
/// | none | ``insertSkipped(_:at:)`` | skipped |
/// | open | ``accept(mailID:at:)``, ``acceptLate(mailID:isOnlyCopy:at:)``, ``settleAsSent(mailID:at:)`` | sent |
/// | open | ``skip(_:reason:at:)`` | skipped |
/// | open | ``fail(_:reason:text:at:)``, ``failWaiting(_:at:)``, ``expire(_:at:)``, ``end(mailID:reason:at:)`` | failed |
/// | open | ``copyOutcome(of:to:)``: the same reply under another spelling of the address | what the first one is |
/// | failed, `rejected` | ``reopen(mailID:)`` | open |
/// | failed; skipped as suppressed, stale or cancelled | ``retry(_:in:)``: `outboxd retry` | open |
/// | open | ``delete(_:)``, ``forgetDeleted(mailID:)`` | none |
struct RowTable {
    let connection: Connection
    let totals: Totals

    // MARK: Ingest

    /// - Parameter joins: The mail has other rows, or may have.
    func insert(
        _ id: Int64, mailID: Int64, dueAt: WallTime, identity: Int64, joins: Bool = false
    ) throws {
        try connection.statement(
            "INSERT INTO outboxd_rows (id, mail_id, due_at, identity) VALUES (?, ?, ?, ?)"
        ).bind(id).bind(mailID).bind(dueAt.milliseconds).bind(identity).runForOneRow()
        totals.touch(row: id)
        if joins { try combine(mailID) }
    }

    private static let inserting = ManyRows(
        "INSERT INTO outboxd_rows (id, mail_id, due_at, identity) VALUES", "(?, ?, ?, ?)")

    /// The row of each mail.
    func insert(of mails: [FreshMails.Claimed]) throws {
        try Self.inserting.split(mails) { part, sql in
            let statement = try connection.statement(sql)
            for index in part.indices {
                let mail = part[index].mail
                try statement.put(mail.row.id)
                try statement.put(mail.waiting.id)
                try statement.put(mail.row.dueAt.milliseconds)
                try statement.put(mail.identity)
            }
            try statement.run(forRows: part.count)
        }
        for index in mails.indices { totals.touch(row: mails[index].mail.row.id) }
    }

    private static let insertingSkipped = ManyRows(
        """
        INSERT INTO outboxd_rows (id, mail_id, due_at, identity, state, reason, finished_at)
        VALUES
        """, "(?, ?, ?, ?, \(row: .skipped), ?, ?)")

    /// They never wait: they were taken back, read, or are too old.
    func insertSkipped(_ skipped: [SkippedRow], at now: WallTime) throws {
        try Self.insertingSkipped.split(skipped) { part, sql in
            let statement = try connection.statement(sql)
            for row in part {
                try statement.bind(row.id).bind(row.mailID).bind(row.dueAt.milliseconds)
                    .bind(row.identity).bind(row.reason.rawValue).bind(now.milliseconds)
            }
            try statement.run(forRows: part.count)
        }
        for row in skipped {
            totals.touch(row: row.id)
            totals.add(1, .skipped(row.reason))
        }
    }

    func copyOutcome(of first: Int64, to id: Int64) throws {
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
        ).bind(first).bind(id).run()
        totals.touch(row: id)
        guard let key = try ending(of: id) else { return }
        totals.add(1, key)
        if key == .sent { totals.add(1, .savedByCombining) }
    }

    /// The API server has deleted the row, or given its id to another.
    func delete(_ id: Int64) throws {
        try keepNewest("id", id)
        try connection.statement(
            "DELETE FROM outboxd_rows WHERE id = ? AND state = \(row: .pending)"
        ).bind(id).run()
    }

    /// Another row has the id by now; what became of the one before is in its mail's story.
    func forgetUsedAgain(_ id: Int64) throws {
        if let key = try ending(of: id) { totals.add(-1, key) }
        try keepNewest("id", id)
        try connection.statement(
            "DELETE FROM outboxd_rows WHERE id = ? AND state <> \(row: .pending)"
        ).bind(id).run()
    }

    /// The API server deleted rows of the mail: there is nothing to remember.
    func forgetDeleted(mailID: Int64) throws {
        try keepNewest("mail_id", mailID)
        try connection.statement(
            """
            DELETE FROM outboxd_rows WHERE mail_id = ? AND state = \(row: .pending)
                AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.id = outboxd_rows.id)
            """
        ).bind(mailID).run()
    }

    /// Up to which id rows were ever ingested; where it is absent, or less, the greatest that is there says it.
    static let newestKey = "newest_row"

    /// That an id was ingested outlives its row: else the next outboxd would begin at a smaller one, and nobody
    /// would notice that `outbox` is about to use ids again.
    private func keepNewest(_ column: String, _ value: Int64) throws {
        try connection.statement(
            """
            INSERT INTO outboxd_meta (key, value)
            SELECT '\(Self.newestKey)', id FROM outboxd_rows
            WHERE id = (SELECT max(id) FROM outboxd_rows) AND \(column) = ?
            ON CONFLICT (key) DO UPDATE SET
                value = max(CAST(value AS INTEGER), CAST(excluded.value AS INTEGER))
            """
        ).bind(value).run()
    }

    // MARK: What is known of its block

    private func touch(_ ids: [Int64]) { for id in ids { totals.touch(row: id) } }

    /// What ``BlockSummary`` tells of rows of the mail has changed.
    func touchAll(of mailID: Int64) throws {
        touch(
            try connection.statement("SELECT id FROM outboxd_rows WHERE mail_id = ?").bind(mailID)
                .all { $0.int(0) })
    }

    // MARK: To which mail it belongs

    /// The mail may have more than one row from now on.
    func combine(_ mailID: Int64) throws {
        try connection.statement("INSERT OR IGNORE INTO outboxd_combined (mail_id) VALUES (?)")
            .bind(mailID).run()
    }

    /// The mail is over.
    func forgetCombined(_ mailID: Int64) throws {
        try connection.statement("DELETE FROM outboxd_combined WHERE mail_id = ?").bind(mailID)
            .run()
    }

    func move(_ ids: [Int64], to mailID: Int64) throws {
        try connection.statement(
            "UPDATE outboxd_rows SET mail_id = ? WHERE id IN (SELECT value FROM json_each(?))"
        ).bind(mailID).bind(SQLiteStore.list(ids)).run()
        touch(ids)
        try combine(mailID)
    }

    /// Moves the open rows of one mail into another.
    func moveOpen(from mailID: Int64, to other: Int64, except kept: [Int64] = []) throws {
        let moved = try connection.statement(
            """
            UPDATE outboxd_rows SET mail_id = ?
            WHERE mail_id = ? AND state = \(row: .pending)
                AND id NOT IN (SELECT value FROM json_each(?))
            RETURNING id
            """
        ).bind(other).bind(mailID).bind(SQLiteStore.list(kept)).all { $0.int(0) }
        touch(moved)
        try combine(other)
    }

    // MARK: Sent

    private static func accepting(_ rows: String) -> String {
        """
        UPDATE outboxd_rows SET state = \(row: .sent), reason = NULL, sent_at = ?1, finished_at = ?1,
            attempts = attempts + 1, first_attempt_at = coalesce(first_attempt_at, ?1),
            error_stage = NULL, error_code = NULL, error_enhanced = NULL, error_text = NULL
        WHERE \(rows) AND mail_id = ?2 AND state = \(row: .pending)
        """
    }
    private static let acceptingAll = accepting("true")
    private static let acceptingOnly = accepting(
        "id = ?3 AND NOT EXISTS (SELECT 1 FROM outboxd_combined c WHERE c.mail_id = ?2)")

    /// - Parameter rows: Those that it was claimed with.
    /// - Returns: how many rows were sent.
    func accept(mailID: Int64, rows: [InFlightMail.Row], at now: WallTime) throws -> Int {
        let sent = try acceptOnly(rows, of: mailID, at: now) ? 1 : acceptAll(of: mailID, at: now)
        for row in rows { totals.touch(row: row.id) }
        if sent > rows.count { try touchAll(of: mailID) }
        totals.addSent(rows: sent, at: now)
        return sent
    }

    /// Nearly always a mail has one row, and none has joined it meanwhile.
    ///
    /// - Returns: false if there may be more.
    private func acceptOnly(
        _ rows: [InFlightMail.Row], of mailID: Int64, at now: WallTime
    ) throws -> Bool {
        guard rows.count == 1, let only = rows.first else { return false }
        let statement = try connection.statement(Self.acceptingOnly)
        try statement.put(now.milliseconds)
        try statement.put(mailID)
        try statement.put(only.id)
        try statement.run()
        return connection.changes == 1
    }

    private func acceptAll(of mailID: Int64, at now: WallTime) throws -> Int {
        try connection.statement(Self.acceptingAll).bind(now.milliseconds).bind(mailID).run()
        return connection.changes
    }

    /// The reply has come after a takeover, which has counted the attempt.
    ///
    /// - Parameter isOnlyCopy: It has certainly gone out once, and is uncertain no more.
    func acceptLate(mailID: Int64, isOnlyCopy: Bool, at now: WallTime) throws {
        try connection.statement(
            """
            UPDATE outboxd_rows SET state = \(row: .sent), reason = NULL, sent_at = ?1,
                finished_at = ?1, uncertain = iif(?2, 0, uncertain), error_stage = NULL,
                error_code = NULL, error_enhanced = NULL, error_text = NULL
            WHERE mail_id = ?3 AND state = \(row: .pending)
            """
        ).bind(now.milliseconds).bind(isOnlyCopy).bind(mailID).run()
        totals.addSent(rows: connection.changes, at: now)
        try touchAll(of: mailID)
    }

    /// An operator says that the uncertain mail has arrived.
    func settleAsSent(mailID: Int64, at now: WallTime) throws {
        try connection.statement(
            """
            UPDATE outboxd_rows SET state = \(row: .sent), reason = NULL, sent_at = ?,
                finished_at = ?
            WHERE mail_id = ? AND state = \(row: .pending)
            """
        ).bind(now.milliseconds).bind(now.milliseconds).bind(mailID).run()
        let sent = connection.changes
        totals.add(sent, .sent)
        totals.add(max(0, sent - 1), .savedByCombining)
        try touchAll(of: mailID)
    }

    // MARK: Skipped

    func skip(_ id: Int64, reason: SkipReason, at now: WallTime) throws {
        try connection.statement(
            """
            UPDATE outboxd_rows SET state = \(row: .skipped), reason = ?, finished_at = ?
            WHERE id = ? AND state = \(row: .pending)
            """
        ).bind(reason.rawValue).bind(now.milliseconds).bind(id).run()
        totals.add(connection.changes, .skipped(reason))
        totals.touch(row: id)
    }

    /// Every row of the mail was read in time, so that it never went out.
    func wereAllRead(_ mailID: Int64) throws -> Bool {
        try connection.statement(
            """
            SELECT count(*) > 0 AND count(*) = count(*) FILTER (
                WHERE state = \(row: .skipped) AND reason = \(word: SkipReason.read))
            FROM outboxd_rows WHERE mail_id = ?
            """
        ).bind(mailID).first { $0.bool(0) } ?? false
    }

    // MARK: Failed

    /// A row that never reached the relay: there is no stage, only a sentence.
    func fail(_ id: Int64, reason: FailReason, text: String, at now: WallTime) throws {
        try connection.statement(
            """
            UPDATE outboxd_rows SET state = \(row: .failed), reason = ?, finished_at = ?,
                error_stage = NULL, error_code = NULL, error_enhanced = NULL, error_text = ?
            WHERE id = ? AND state = \(row: .pending)
            """
        ).bind(reason.rawValue).bind(now.milliseconds).bind(text).bind(id).run()
        totals.add(connection.changes, .failed(reason))
        totals.touch(row: id)
    }

    /// A row has waited for its sender for too long: what the relay said to the sender stays with it.
    func failWaiting(_ id: Int64, at now: WallTime) throws {
        try connection.statement(
            """
            UPDATE outboxd_rows SET state = \(row: .failed),
                reason = '\(FailReason.rejected.rawValue)', finished_at = ?,
                error_text = coalesce(error_text, 'the relay refuses its sender')
            WHERE id = ? AND state = \(row: .pending)
            """
        ).bind(now.milliseconds).bind(id).run()
        totals.add(connection.changes, .failed(.rejected))
        totals.touch(row: id)
    }

    func expire(_ id: Int64, at now: WallTime) throws {
        try connection.statement(
            """
            UPDATE outboxd_rows SET state = \(row: .failed),
                reason = '\(FailReason.expired.rawValue)', finished_at = ?
            WHERE id = ? AND state = \(row: .pending)
            """
        ).bind(now.milliseconds).bind(id).run()
        totals.add(connection.changes, .failed(.expired))
        totals.touch(row: id)
    }

    /// Fails the open rows of a mail.
    func end(mailID: Int64, reason: FailReason, at now: WallTime) throws {
        try connection.statement(
            """
            UPDATE outboxd_rows SET state = \(row: .failed), reason = ?, finished_at = ?
            WHERE mail_id = ? AND state = \(row: .pending)
            """
        ).bind(reason.rawValue).bind(now.milliseconds).bind(mailID).run()
        totals.add(connection.changes, .failed(reason))
        try touchAll(of: mailID)
    }

    /// Rows of a finished mail that were rejected wait again: it was not their fault.
    ///
    /// If somebody has had the mail sent again meanwhile, it is not failed any more.
    /// - Returns: how many rows wait again.
    func reopen(mailID: Int64) throws -> Int {
        let ids = try connection.statement(
            """
            UPDATE outboxd_rows SET state = \(row: .pending), reason = NULL, finished_at = NULL
            WHERE mail_id = ? AND state = \(row: .failed)
                AND reason = '\(FailReason.rejected.rawValue)'
                AND EXISTS (SELECT 1 FROM outboxd_mails m
                    WHERE m.id = mail_id AND m.phase = \(phase: .finished))
            RETURNING id
            """
        ).bind(mailID).all { $0.int(0) }
        touch(ids)
        let reopened = ids.count
        totals.add(-reopened, .failed(.rejected))
        if reopened > 1 { try combine(mailID) }
        return reopened
    }

    /// A row that has ended waits again, by an operator's word: it has its whole time until it expires.
    ///
    /// - Parameter mailID: Other rows of its mail may wait again, too.
    func retry(_ id: Int64, in mailID: Int64) throws {
        if let key = try ending(of: id) { totals.add(-1, key) }
        try connection.statement(
            """
            UPDATE outboxd_rows SET state = \(row: .pending), reason = NULL, finished_at = NULL,
                first_attempt_at = NULL
            WHERE id = ?
            """
        ).bind(id).run()
        totals.touch(row: id)
        if try open(in: mailID).count > 1 { try combine(mailID) }
    }

    /// Its hold is over by an operator's word.
    func endHold(_ id: Int64, at now: WallTime) throws {
        try connection.statement(
            "UPDATE outboxd_rows SET due_at = min(due_at, ?) WHERE id = ? AND state = \(row: .pending)"
        ).bind(now.milliseconds).bind(id).run()
    }

    /// By their ids.
    func open(in mailID: Int64) throws -> [Int64] {
        try connection.statement(
            "SELECT id FROM outboxd_rows WHERE mail_id = ? AND state = \(row: .pending) ORDER BY id"
        ).bind(mailID).all { $0.int(0) }
    }

    /// It ended long ago; it counts all the same.
    func prune(_ id: Int64) throws {
        if let key = try ending(of: id) { totals.add(1, .pruned(key)) }
        try keepNewest("id", id)
        try connection.statement(
            "DELETE FROM outboxd_rows WHERE id = ? AND state <> \(row: .pending)"
        ).bind(id).run()
    }

    func exist(in mailID: Int64) throws -> Bool {
        try connection.statement("SELECT 1 FROM outboxd_rows WHERE mail_id = ? LIMIT 1")
            .bind(mailID).first { _ in true } ?? false
    }

    /// Whether any row of the mail was sent.
    func wasSent(_ mailID: Int64) throws -> Bool {
        try connection.statement(
            "SELECT 1 FROM outboxd_rows WHERE mail_id = ? AND state = \(row: .sent) LIMIT 1"
        ).bind(mailID).first { _ in true } ?? false
    }

    /// How a row has ended; nil if it is open, or unknown.
    func ending(of id: Int64) throws -> TotalKey? {
        try connection.statement("SELECT state, reason FROM outboxd_rows WHERE id = ?").bind(id)
            .first { row in
                RowState(rawValue: row.int(0)).flatMap {
                    TotalKey(state: $0, reason: row.optionalText(1))
                }
            } ?? nil
    }

    // MARK: Attempts

    private static let counting = """
        UPDATE outboxd_rows SET attempts = attempts + 1,
            relay_down_before = iif(first_attempt_at IS NULL, ?, relay_down_before),
            first_attempt_at = coalesce(first_attempt_at, ?)
        WHERE mail_id = ? AND state = \(row: .pending)
        """

    /// - Parameter relayDown: How long the relay has been down in all.
    func countAttempt(mailID: Int64, relayDown: Duration, at now: WallTime) throws {
        try connection.statement(Self.counting).bind(relayDown.inMilliseconds)
            .bind(now.milliseconds).bind(mailID).run()
        try touchAll(of: mailID)
    }

    /// As if the waiting mail had not been attempted.
    func takeBackAttempt(mailID: Int64) throws {
        try connection.statement(
            """
            UPDATE outboxd_rows SET attempts = max(0, attempts - 1),
                first_attempt_at = iif(attempts > 1, first_attempt_at, NULL)
            WHERE mail_id = ?1 AND state = \(row: .pending)
                AND EXISTS (SELECT 1 FROM outboxd_mails m
                    WHERE m.id = ?1 AND m.phase = \(phase: .waiting))
            """
        ).bind(mailID).run()
    }

    private static let noting = """
        UPDATE outboxd_rows SET error_stage = ?, error_code = ?, error_enhanced = ?, error_text = ?
        WHERE mail_id = ? AND state = \(row: .pending)
        """

    func note(_ error: DeliveryError, mailID: Int64) throws {
        try connection.statement(Self.noting).bind(error.stage.rawValue).bind(error.code)
            .bind(error.enhanced?.description).bind(error.text).bind(mailID).run()
        try touchAll(of: mailID)
    }

    /// Rows of the mail that have ended are left as they are.
    func markUncertain(mailID: Int64) throws {
        try connection.statement(
            "UPDATE outboxd_rows SET uncertain = 1 WHERE mail_id = ? AND state = \(row: .pending)"
        ).bind(mailID).run()
    }

    // MARK: The clock

    /// - Parameters:
    ///   - by: milliseconds.
    ///   - newestBefore: Due times of rows up to this id stay.
    ///   - newest: Rows beyond this id were dated by the new clock, and stay.
    ///   - attemptsFrom: First attempts between this and `attemptsTo` were dated by the old clock.
    func move(
        mailID: Int64, by: Int64, newestBefore: Int64, newest: Int64, attemptsFrom: WallTime,
        attemptsTo: Int64
    ) throws {
        try connection.statement(
            """
            UPDATE outboxd_rows SET
                due_at = due_at + iif(id > ?3, ?2, 0),
                first_attempt_at = first_attempt_at
                    + iif(first_attempt_at BETWEEN ?5 AND ?6, ?2, 0)
            WHERE mail_id = ?1 AND state = \(row: .pending) AND id <= ?4
            """
        ).bind(mailID).bind(by).bind(newestBefore).bind(newest).bind(attemptsFrom.milliseconds)
            .bind(attemptsTo).run()
    }

    /// The hold is longer or shorter by so much, for rows up to an id.
    func moveHold(mailID: Int64, by: Duration, newest: Int64) throws {
        try connection.statement(
            """
            UPDATE outboxd_rows SET due_at = due_at + ?
            WHERE mail_id = ? AND state = \(row: .pending) AND id <= ?
                AND EXISTS (SELECT 1 FROM outbox o WHERE o.id = outboxd_rows.id AND o.instant = 0)
            """
        ).bind(by.inMilliseconds).bind(mailID).bind(newest).run()
    }
}
