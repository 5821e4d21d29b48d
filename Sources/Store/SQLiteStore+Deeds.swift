package import Delivery
internal import SQLite

/// `retry` and `cancel`. The caller hands in some hundred rows at a time: the write lock is not kept from the
/// API server for longer.
extension SQLiteStore {
    /// One transaction; a statement that fails for one row fails the batch, and nothing is changed.
    package func perform(
        _ deed: RowDeed, on ids: [Int64], by note: OperatorNote, at now: WallTime
    ) throws -> [Int64: DeedResult] {
        try inTransaction {
            let rules = DeedRules(connection: connection, columns: columns)
            var results: [Int64: DeedResult] = [:]
            for id in ids where results[id] == nil {
                guard let row = try rules.row(id) else {
                    results[id] = .refused(.unknown)
                    continue
                }
                if let refusal = try rules.refusal(of: deed, row) {
                    results[id] = .refused(refusal)
                    continue
                }
                switch deed {
                case .retry:
                    results[id] = try tryAgain(row, at: now)
                    try record(.retried, row: id, by: note, at: now)
                case .cancel:
                    results[id] = try takeBack(row, at: now)
                    try record(.cancelled, row: id, by: note, at: now)
                }
            }
            return results
        }
    }

    func record(_ what: Deed.What, row: Int64, by note: OperatorNote, at now: WallTime) throws {
        try connection.statement(
            "INSERT INTO outboxd_deeds (row_id, at, what, who, why) VALUES (?, ?, ?, ?, ?)"
        ).bind(row).bind(now.milliseconds).bind(what.rawValue).bind(note.who).bind(note.why).run()
    }

    /// - Parameter helpdesk: "" is everything.
    func record(
        _ what: Deed.What, helpdesk: String, by note: OperatorNote, at now: WallTime
    ) throws {
        try connection.statement(
            "INSERT INTO outboxd_deeds (helpdesk_id, at, what, who, why) VALUES (?, ?, ?, ?, ?)"
        ).bind(helpdesk).bind(now.milliseconds).bind(what.rawValue).bind(note.who).bind(note.why)
            .run()
    }

    package func pauseHistory(of helpdesk: String?) throws -> PauseHistory {
        PauseHistory(
            try connection.statement(
                """
                SELECT at, helpdesk_id, what IN (?2, ?3), who = ?6, what IN (?3, ?5) FROM outboxd_deeds
                WHERE row_id IS NULL AND (?1 IS NULL OR helpdesk_id IN ('', ?1))
                    AND what IN (?2, ?3, ?4, ?5)
                ORDER BY at, id LIMIT 10000
                """
            ).bind(helpdesk).bind(Deed.What.paused.rawValue)
                .bind(Deed.What.heldAsRestored.rawValue).bind(Deed.What.resumed.rawValue)
                .bind(Deed.What.releasedAsRestored.rawValue).bind(OperatorNote.api.who).all {
                    PauseHistory.Change(
                        at: $0.time(0), helpdesk: $0.text(1), isPause: $0.bool(2),
                        isByAPI: $0.bool(3), isRestore: $0.bool(4))
                })
    }

    // MARK: Retry

    /// | the row | |
    /// |---|---|
    /// | on hold | due now |
    /// | waits | due now; what else holds it (a pause, the relay) still does |
    /// | failed as invalid | taken in anew: its address and ids may be others now |
    /// | has ended else | waits again, in the mail that it was in |
    private func tryAgain(_ row: RowToHandle, at now: WallTime) throws -> DeedResult {
        guard let mail = row.mail else { return .refused(.notIngested) }
        guard row.ending == nil else {
            if row.wasCancelled { try takeBackCancelling(row.id) }
            if row.wasInvalid {
                try takeInAnew(row, mail.id, at: now)
            } else {
                try reopen(row, mail.id, mail.phase, mail.key, at: now)
            }
            return .done
        }
        try rows.endHold(row.id, at: now)
        try makeDue(mail.id, key: mail.key, at: now)
        return .done
    }

    private func takeBackCancelling(_ id: Int64) throws {
        try connection.statement("UPDATE outbox SET cancelled_at = NULL WHERE id = ?").bind(id)
            .run()
    }

    /// What was noted of the row is of values that it has no more, its mail's key among them: but for its
    /// story it is as one that was never seen.
    private func takeInAnew(_ row: RowToHandle, _ mailID: Int64, at now: WallTime) throws {
        try recordEnding(of: row)
        try rows.retry(row.id, in: mailID)
        try rows.delete(row.id)
        try forgetEmpty(mailID)
        try putOff(row.id, until: now)
    }

    /// The row waits again, with its story and, where it can be, its mail and so its Message-ID.
    ///
    /// A mail of which other rows were sent, or that is under way or frozen, can't take it: receivers drop a
    /// second mail with the same Message-ID, and what is under way, or was announced, goes out without it.
    private func reopen(
        _ row: RowToHandle, _ mailID: Int64, _ phase: Phase, _ key: MailKey, at now: WallTime
    ) throws {
        let goesElsewhere =
            try phase == .sending || rows.wasSent(mailID) || mails.isFrozen(mailID)
        try recordEnding(of: row)
        try rows.retry(row.id, in: mailID)
        if goesElsewhere {
            let other = try insertMail(key, dueAt: now, .first)
            try rows.move([row.id], to: other)
            return try mergeOpenMails(into: other, key: key)
        }
        if phase == .finished {
            try mails.retry(mailID, line: try lines.line(of: key.helpdeskID))
        }
        try makeDue(mailID, key: key, at: now)
        try mergeOpenMails(into: mailID, key: key)
    }

    /// What became of it stays in its story, though the row itself forgets it.
    private func recordEnding(of row: RowToHandle) throws {
        guard let ending = row.ending, let endedAt = row.endedAt else { return }
        let what = ending.state.name + (ending.reason.map { " (\($0))" } ?? "")
        try note(what, row: row.id, at: endedAt)
    }

    /// What outboxd itself did, for the row's story.
    func note(_ text: String, row: Int64, at now: WallTime) throws {
        try connection.statement(
            "INSERT INTO outboxd_deeds (row_id, at, what, who) VALUES (?, ?, ?, ?)"
        ).bind(row).bind(now.milliseconds).bind(text).bind(OperatorNote.outboxd.who).run()
    }

    private func makeDue(_ mailID: Int64, key: MailKey, at now: WallTime) throws {
        let turn = try mails.turn(of: mailID)
        try putInLine(mailID, try lines.line(of: key.helpdeskID), turn, dueAt: now)
    }

    // MARK: Cancel

    /// Written where the API server writes it, so that everything that heeds the API server's word heeds
    /// this one: the claim, and the look before a mail's content is sent.
    private func takeBack(_ row: RowToHandle, at now: WallTime) throws -> DeedResult {
        try connection.statement("UPDATE outbox SET cancelled_at = ? WHERE id = ?")
            .bind(now.milliseconds).bind(row.id).run()
        guard connection.changes == 1 else { throw SQLiteError.ignored("UPDATE outbox") }
        guard let mail = row.mail else { return .done }
        if row.isUnderWay { return .underWay }
        try rows.skip(row.id, reason: .cancelled, at: now)
        if try !hasOpenRows(mail.id) { try close(mail.id, key: mail.key) }
        return .done
    }
}
