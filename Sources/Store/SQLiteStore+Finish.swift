internal import Delivery
internal import SQLite

extension SQLiteStore {
    package func finish(_ mails: [FinishedMail]) throws -> FinishedBatch {
        guard !mails.isEmpty else { return FinishedBatch() }
        return try inTransaction {
            var batch = FinishedBatch()
            var book = SuspicionBook(connection: connection)
            let somebodyIsBehind = try isAnybodyBehind()
            for finished in mails {
                // Kept apart until nothing can fail any more for this mail.
                var own = FinishedBatch()
                let fault = try isolated(.mail(finished.mail.mailID)) {
                    own = FinishedBatch()
                    try finish(finished, &book, &own)
                    if somebodyIsBehind { try releaseBehind(finished.mail.key) }
                }
                if let fault {
                    batch.unrecorded[finished.mail.token] = faultText(fault)
                } else {
                    batch.add(own)
                }
            }
            return batch
        }
    }

    private func finish(
        _ finished: FinishedMail, _ book: inout SuspicionBook, _ batch: inout FinishedBatch
    ) throws {
        guard try release(finished) else {
            if try !settleLate(finished) { batch.lost.insert(finished.mail.token) }
            return
        }
        let rulings = try rulings(on: finished, &book)
        let finished = finished.ruled(by: rulings)
        try write(finished, &batch)
        try record(finished)
        try carryOut(rulings, finished, batch: &batch)
    }

    /// Takes the token off; a mail that was sent is finished in the same step.
    ///
    /// An uncertain mail keeps the token of its last dot, though nobody owns it: see
    /// ``settleLate(_:)``.
    ///
    /// - Returns: false where the token no longer stood.
    private func release(_ finished: FinishedMail) throws -> Bool {
        let isSent = if case .sent = finished.outcome { true } else { false }
        let token = if case .uncertain = finished.outcome { "token" } else { "NULL" }
        try connection.statement(
            isSent
                ? """
                UPDATE outboxd_mails
                SET phase = 2, attempts = attempts + 1, wait = 0, owner = NULL, token = NULL
                WHERE id = ? AND token = ? AND phase = 1
                """
                : """
                UPDATE outboxd_mails SET phase = 0, wait = 0, owner = NULL, token = \(token)
                WHERE id = ? AND token = ? AND phase = 1
                """
        ).bind(finished.mail.mailID).bind(finished.mail.token).run()
        if connection.changes == 1 { return true }
        let stillStands = try connection.statement(
            "SELECT 1 FROM outboxd_mails WHERE id = ? AND token = ? AND phase = 1"
        ).bind(finished.mail.mailID).bind(finished.mail.token).first { _ in true }
        if stillStands == true { throw SQLiteError.ignored("UPDATE outboxd_mails") }
        return false
    }

    /// Nothing of a mail that is over may wait, or it would be sent again, or never.
    private func mustBeOver(_ mailID: Int64) throws {
        if try hasOpenRows(mailID) { throw SQLiteError.ignored("UPDATE outboxd_rows") }
    }

    private func write(_ finished: FinishedMail, _ batch: inout FinishedBatch) throws {
        let mail = finished.mail
        switch finished.outcome {
        case .sent:
            try writeSent(finished)
        case .deferred(let dueAt, let expired):
            try countAttempt(finished)
            for id in expired { try expire(id, at: finished.at) }
            try retry(mail, dueAt: dueAt)
        case .failed(let reason):
            try countAttempt(finished)
            try endRows(of: mail.mailID, reason: reason, at: finished.at)
            try mustBeOver(mail.mailID)
            try close(mail.mailID, key: mail.key)
            if let fault = try suppress(finished) { batch.faults.append(fault) }
        case .uncertain(let dueAt, let frozen):
            try countAttempt(finished)
            try keep(frozen, of: mail.mailID, isFirst: mail.copies == 0)
            try markUncertain(mail, dueAt: dueAt)
        case .returned(let dueAt, let rescued):
            try giveBack(finished, dueAt: dueAt, rescued: rescued)
        case .faulty(let text):
            try giveBack(finished, dueAt: nil, rescued: false)
            batch.faults.append(
                try setAside(
                    mail.mailID, line: try lines.line(of: mail.key.helpdeskID),
                    rows: mail.rows.map(\.id), text: text, at: finished.at))
        }
    }

    // MARK: Outcomes

    private func writeSent(_ finished: FinishedMail) throws {
        let id = finished.mail.mailID
        try connection.statement(
            """
            UPDATE outboxd_rows SET state = 2, reason = NULL, sent_at = ?, finished_at = ?,
                attempts = attempts + 1, first_attempt_at = coalesce(first_attempt_at, ?),
                error_stage = NULL, error_code = NULL, error_enhanced = NULL, error_text = NULL
            WHERE mail_id = ? AND state = 0
            """
        ).bind(finished.at.milliseconds).bind(finished.at.milliseconds)
            .bind(finished.at.milliseconds).bind(id).run()
        if connection.changes < finished.mail.rows.count { try mustBeOver(id) }
        guard finished.mail.mayBeKept else { return }
        try connection.statement("DELETE FROM outboxd_frozen WHERE mail_id = ?").bind(id).run()
    }

    private func countAttempt(_ finished: FinishedMail) throws {
        let id = finished.mail.mailID
        try connection.statement(
            "UPDATE outboxd_mails SET attempts = attempts + 1, troubles = 0 WHERE id = ?"
        )
        .bind(id).run()
        let down = try relayDownTotal(at: finished.at)
        try connection.statement(
            """
            UPDATE outboxd_rows SET attempts = attempts + 1,
                relay_down_before = iif(first_attempt_at IS NULL, ?, relay_down_before),
                first_attempt_at = coalesce(first_attempt_at, ?)
            WHERE mail_id = ? AND state = 0
            """
        ).bind(down.inMilliseconds).bind(finished.at.milliseconds).bind(id).run()
        try noteError(finished)
    }

    private func noteError(_ finished: FinishedMail) throws {
        guard let error = finished.error else { return }
        try connection.statement(
            """
            UPDATE outboxd_rows SET error_stage = ?, error_code = ?, error_enhanced = ?, error_text = ?
            WHERE mail_id = ? AND state = 0
            """
        ).bind(error.stage.rawValue).bind(error.code).bind(error.enhanced?.description)
            .bind(error.text).bind(finished.mail.mailID).run()
    }

    private func expire(_ id: Int64, at now: WallTime) throws {
        try connection.statement(
            "UPDATE outboxd_rows SET state = 4, reason = 'expired', finished_at = ? WHERE id = ? AND state = 0"
        ).bind(now.milliseconds).bind(id).run()
    }

    private func retry(_ mail: InFlightMail, dueAt: WallTime) throws {
        if mail.copies == 0 { try mergeOpenMails(into: mail.mailID, key: mail.key) }
        guard try hasOpenRows(mail.mailID) else { return try close(mail.mailID, key: mail.key) }
        try putInLine(
            mail.mailID, try lines.line(of: mail.key.helpdeskID), .retry, dueAt: dueAt)
    }

    private func endRows(of mailID: Int64, reason: FailReason, at now: WallTime) throws {
        try connection.statement(
            """
            UPDATE outboxd_rows SET state = 4, reason = ?, finished_at = ?
            WHERE mail_id = ? AND state = 0
            """
        ).bind(reason.rawValue).bind(now.milliseconds).bind(mailID).run()
    }

    package func keepAhead(_ mails: [(mailID: Int64, frozen: FrozenMail)]) throws {
        guard !mails.isEmpty else { return }
        try inTransaction {
            for mail in mails {
                try keep(mail.frozen, of: mail.mailID, isFirst: true)
            }
        }
    }

    /// Before the first dot, what may be there already was kept ahead of an earlier attempt, whose
    /// dot never went out; after it, the copy that is there is the one that was announced.
    private func keep(_ frozen: FrozenMail?, of mailID: Int64, isFirst: Bool) throws {
        guard let frozen else { return }
        try connection.withValues(upTo: OutboxLimits.frozen) {
            try connection.statement(
                """
                INSERT INTO outboxd_frozen
                    (mail_id, envelope_sender, envelope_recipient, needs_smtputf8, message)
                VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (mail_id) DO UPDATE SET envelope_sender = excluded.envelope_sender,
                    envelope_recipient = excluded.envelope_recipient,
                    needs_smtputf8 = excluded.needs_smtputf8, message = excluded.message
                WHERE ?
                """
            ).bind(mailID).bind(frozen.envelopeSender).bind(frozen.envelopeRecipient)
                .bind(frozen.needsSMTPUTF8).bind(frozen.message).bind(isFirst).run()
        }
    }

    package func markUncertain(_ mailIDs: [Int64]) throws {
        guard !mailIDs.isEmpty else { return }
        try inTransaction {
            for id in mailIDs {
                try connection.statement("UPDATE outboxd_rows SET uncertain = 1 WHERE mail_id = ?")
                    .bind(id).run()
            }
        }
    }

    private func markUncertain(_ mail: InFlightMail, dueAt: WallTime?) throws {
        try connection.statement("UPDATE outboxd_mails SET copies = copies + 1 WHERE id = ?")
            .bind(mail.mailID).run()
        if let dueAt {
            try putInLine(
                mail.mailID, try lines.line(of: mail.key.helpdeskID), .retry, dueAt: dueAt)
        } else {
            try setAside(mail.mailID, .uncertain)
        }
        try connection.statement(
            "UPDATE outboxd_rows SET uncertain = 1 WHERE mail_id = ? AND state = 0"
        ).bind(mail.mailID).run()
    }

    /// Back in its line, in the class that it had.
    private func giveBack(_ finished: FinishedMail, dueAt: WallTime?, rescued: Bool) throws {
        try noteError(finished)
        let mail = finished.mail
        if mail.copies == 0 { try mergeOpenMails(into: mail.mailID, key: mail.key) }
        try announce(
            connection.statement(
                """
                UPDATE outboxd_mails SET due_at = coalesce(?, due_at), rescues = rescues + ?,
                    probed_at = ? WHERE id = ?
                RETURNING line, class, due_at
                """
            ).bind(dueAt?.milliseconds).bind(rescued).bind(finished.at.milliseconds)
                .bind(mail.mailID))
    }

    // MARK: The story

    /// - Parameter isCounted: nil if the outcome says it.
    func record(_ finished: FinishedMail, isCounted: Bool? = nil) throws {
        // A mail that merely went back (read meanwhile, stopped) has no story to tell.
        switch finished.outcome {
        case .returned(_, rescued: false) where finished.error == nil: return
        case .faulty: return  // Recorded with its fault.
        default: break
        }
        try connection.statement(
            """
            INSERT INTO outboxd_attempts (mail_id, number, at, outcome, counted, row_ids, relay,
                milliseconds, stage, code, enhanced, text)
            VALUES (?1, (SELECT coalesce(max(number), 0) + 1 FROM outboxd_attempts
                WHERE mail_id = ?1), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
            """
        ).bind(finished.mail.mailID).bind(finished.at.milliseconds).bind(finished.outcome.name)
            .bind(isCounted ?? finished.outcome.isCounted)
            .bind(Self.list(finished.mail.rows.map(\.id)))
            .bind(finished.relay)
            .bind(finished.duration?.inMilliseconds)
            .bind(
                finished.error?.stage.rawValue
                    ?? (finished.reply == nil ? nil : Stage.final.rawValue)
            )
            .bind(finished.error?.code ?? finished.reply?.code)
            .bind((finished.error?.enhanced ?? finished.reply?.enhanced)?.description)
            .bind(finished.error?.text ?? finished.reply?.text).run()
    }
}

extension FinishedMail.Outcome {
    /// As stored with the attempt and shown by `show`.
    package var name: String {
        switch self {
        case .sent: "sent"
        case .deferred: "deferred"
        case .failed(let reason): reason.rawValue
        case .uncertain: "uncertain"
        case .returned(_, let rescued): rescued ? "taken over" : "returned"
        case .faulty: "deferred"
        }
    }

    var isCounted: Bool {
        switch self {
        case .returned, .faulty: false
        case .sent, .deferred, .failed, .uncertain: true
        }
    }
}
