package import Delivery
internal import SQLite

/// `retry` and `cancel`. The caller hands in some hundred rows at a time: the write lock is not kept from the
/// API server for longer.
extension SQLiteStore {
    package func retry(_ ids: [Int64], by note: OperatorNote, at now: WallTime) throws
        -> [Int64: DeedResult]
    {
        try deed(.retried, on: ids, by: note, at: now) { try retry($0, at: now) }
    }

    package func cancel(_ ids: [Int64], by note: OperatorNote, at now: WallTime) throws
        -> [Int64: DeedResult]
    {
        try deed(.cancelled, on: ids, by: note, at: now) { try cancel($0, at: now) }
    }

    /// One transaction; a statement that fails for one row fails the batch, and nothing is changed.
    private func deed(
        _ what: Deed.What, on ids: [Int64], by note: OperatorNote, at now: WallTime,
        _ body: (RowToHandle) throws -> DeedResult
    ) throws -> [Int64: DeedResult] {
        try inTransaction {
            var results: [Int64: DeedResult] = [:]
            for id in ids where results[id] == nil {
                guard let row = try rowToHandle(id) else {
                    results[id] = .refused(.unknown)
                    continue
                }
                let result = try body(row)
                results[id] = result
                if case .refused = result { continue }
                try record(what, row: id, by: note, at: now)
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
                SELECT at, helpdesk_id, what = ?2, who = ?4 FROM outboxd_deeds
                WHERE row_id IS NULL AND (?1 IS NULL OR helpdesk_id IN ('', ?1)) AND what IN (?2, ?3)
                ORDER BY at, id LIMIT 10000
                """
            ).bind(helpdesk).bind(Deed.What.paused.rawValue).bind(Deed.What.resumed.rawValue)
                .bind(OperatorNote.api.who).all {
                    PauseHistory.Change(
                        at: $0.time(0), helpdesk: $0.text(1), isPause: $0.bool(2),
                        isByAPI: $0.bool(3))
                })
    }

    // MARK: The row

    private struct RowToHandle {
        var id: Int64
        var cancelledAt: WallTime?
        /// nil: not ingested.
        var mail: (id: Int64, phase: Phase, wait: Wait, key: MailKey)?
        var ending: (state: RowState, reason: String?)?
        var endedAt: WallTime?

        var isUncertain: Bool { mail?.phase == .waiting && mail?.wait == .uncertain }
        var isUnderWay: Bool { ending == nil && mail?.phase == .sending }
    }

    private func rowToHandle(_ id: Int64) throws -> RowToHandle? {
        try connection.statement(
            """
            SELECT o.cancelled_at, r.state, r.reason, m.id, m.phase, m.wait,
                m.helpdesk_id, m.conversation_id, m.recipient, m.audience, r.finished_at
            FROM outbox o LEFT JOIN outboxd_rows r ON r.id = o.id
            LEFT JOIN outboxd_mails m ON m.id = r.mail_id WHERE o.id = ?
            """
        ).bind(id).first { line in
            var row = RowToHandle(id: id, cancelledAt: line.optionalTime(0))
            if let state = line.optionalInt(1).flatMap(RowState.init(rawValue:)), state != .pending
            {
                row.ending = (state, line.optionalText(2))
                row.endedAt = line.optionalTime(10)
            }
            if let mail = line.optionalInt(3) {
                row.mail = (
                    mail, Phase(rawValue: line.int(4)) ?? .finished,
                    Wait(rawValue: line.int(5)) ?? .inLine, line.key(at: 6)
                )
            }
            return row
        }
    }

    // MARK: Retry

    /// | the row | |
    /// |---|---|
    /// | not ingested, or on hold | due now |
    /// | waits | due now; what else holds it (a pause, the relay) still does |
    /// | is being sent, or held as uncertain | refused |
    /// | failed, suppressed or stale | waits again, in the mail that it was in |
    /// | cancelled by an operator | the same |
    /// | sent, read, cancelled by the API server | refused |
    private func retry(_ row: RowToHandle, at now: WallTime) throws -> DeedResult {
        guard let mail = row.mail else { return .refused(.notIngested) }
        if let ending = row.ending {
            guard try mayGoAgain(row, ending) else {
                return .refused(.ended(ending.state, reason: ending.reason))
            }
            try reopen(row, mail.id, mail.phase, mail.key, at: now)
            return .done
        }
        if row.cancelledAt != nil { return .refused(.cancelled) }
        if row.isUnderWay { return .refused(.underWay) }
        if row.isUncertain { return .refused(.uncertain) }
        try rows.endHold(row.id, at: now)
        try makeDue(mail.id, key: mail.key, at: now)
        return .done
    }

    private func mayGoAgain(_ row: RowToHandle, _ ending: (state: RowState, reason: String?)) throws
        -> Bool
    {
        switch ending.state {
        case .failed: return row.cancelledAt == nil
        case .skipped:
            switch ending.reason.flatMap(SkipReason.init(rawValue:)) {
            case .suppressed, .stale: return row.cancelledAt == nil
            case .cancelled: return try takeBackCancelling(row)
            case .read, nil: return false
            }
        case .pending, .sending, .sent: return false
        }
    }

    /// Only what an operator cancelled: the API server's word stands.
    private func takeBackCancelling(_ row: RowToHandle) throws -> Bool {
        guard let cancelledAt = row.cancelledAt else { return false }
        let isOurs =
            try connection.statement(
                "SELECT 1 FROM outboxd_deeds WHERE row_id = ? AND at = ? AND what = ?"
            ).bind(row.id).bind(cancelledAt.milliseconds).bind(Deed.What.cancelled.rawValue)
            .first { _ in true } ?? false
        guard isOurs else { return false }
        try connection.statement("UPDATE outbox SET cancelled_at = NULL WHERE id = ?").bind(row.id)
            .run()
        return true
    }

    /// The row waits again, with its story and, where it can be, its mail and so its Message-ID.
    ///
    /// A mail of which other rows were sent, or that is under way, can't take it: receivers drop a second
    /// mail with the same Message-ID, and what is under way goes out without it.
    private func reopen(
        _ row: RowToHandle, _ mailID: Int64, _ phase: Phase, _ key: MailKey, at now: WallTime
    ) throws {
        let goesElsewhere = try phase == .sending || rows.wasSent(mailID)
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
    private func cancel(_ row: RowToHandle, at now: WallTime) throws -> DeedResult {
        if let ending = row.ending {
            return .refused(.ended(ending.state, reason: ending.reason))
        }
        if row.cancelledAt != nil { return .refused(.cancelled) }
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
