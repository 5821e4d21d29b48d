internal import Crash
internal import Delivery
internal import SQLite

extension SQLiteStore {
    package func finish(_ finishedMails: [FinishedMail]) throws -> FinishedBatch {
        guard !finishedMails.isEmpty else { return FinishedBatch() }
        return try inTransaction {
            var batch = FinishedBatch()
            var book = SuspicionBook(connection: connection)
            let somebodyIsBehind = try isAnybodyBehind()
            for finished in finishedMails {
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
            CrashPoint.outcomeWritten.pass()
            return batch
        }
    }

    private func finish(
        _ finished: FinishedMail, _ book: inout SuspicionBook, _ batch: inout FinishedBatch
    ) throws {
        batch.usedAgain += try forgetUsedAgain(finished)
        guard try release(finished) else {
            if try !settleLate(finished) { batch.lost.insert(finished.mail.token) }
            return
        }
        let rulings = try rulings(on: finished, &book)
        guard !rulings.isEmpty else { return try writeDown(finished, &batch) }
        let ruled = finished.ruled(by: rulings)
        try writeDown(ruled, &batch)
        try carryOut(rulings, ruled, batch: &batch)
    }

    private func writeDown(_ finished: FinishedMail, _ batch: inout FinishedBatch) throws {
        try write(finished, &batch)
        if !finished.isKeptByMail { try record(finished) }
    }

    /// Takes the token off; a mail that was sent is finished in the same step.
    ///
    /// An uncertain mail keeps the token of its last dot, though nobody owns it: see
    /// ``settleLate(_:)``.
    ///
    /// - Returns: false if the token no longer stood.
    private func release(_ finished: FinishedMail) throws -> Bool {
        let (id, token) = (finished.mail.mailID, finished.mail.token)
        return switch finished.outcome {
        case .sent where finished.isKeptByMail: try mails.acceptFirst(finished)
        case .sent: try mails.accept(id, token: token)
        case .uncertain: try mails.release(id, token: token, keepsToken: true)
        case .deferred, .failed, .returned, .faulty:
            try mails.release(id, token: token, keepsToken: false)
        }
    }

    /// Nothing of a mail that is over may wait, or it would be sent again, or never.
    private func mustBeOver(_ mailID: Int64) throws {
        if try hasOpenRows(mailID) { throw SQLiteError.ignored("UPDATE outboxd_rows") }
    }

    private func write(_ finished: FinishedMail, _ batch: inout FinishedBatch) throws {
        let mail = finished.mail
        switch finished.outcome {
        case .sent:
            mayHaveSent = true
            try writeSent(finished)
        case .deferred(let dueAt, let expired):
            try countAttempt(finished)
            for id in expired { try rows.expire(id, at: finished.at) }
            try retry(mail, dueAt: dueAt)
        case .failed(let reason):
            try countAttempt(finished)
            try rows.end(mailID: mail.mailID, reason: reason, at: finished.at)
            try mustBeOver(mail.mailID)
            try close(mail.mailID, key: mail.key)
            if let fault = try suppress(finished) { batch.faults.append(fault) }
        case .uncertain(let dueAt, let frozen):
            mayHaveSent = true
            try countAttempt(finished)
            try keep(frozen, of: mail.mailID, isFirst: mail.copies == 0)
            try markUncertain(mail, dueAt: dueAt)
        case .returned(let dueAt, let takenOver):
            try giveBack(finished, dueAt: dueAt, takenOver: takenOver)
        case .faulty(let text):
            try giveBack(finished, dueAt: nil, takenOver: false)
            batch.faults.append(
                try setAside(
                    mail.mailID, line: try lines.line(of: mail.key.helpdeskID),
                    rows: mail.rows.map(\.id), text: text, at: finished.at))
        }
    }

    // MARK: Outcomes

    private func writeSent(_ finished: FinishedMail) throws {
        let id = finished.mail.mailID
        let sent = try rows.accept(mailID: id, rows: finished.mail.rows, at: finished.at)
        if sent < finished.mail.rows.count { try mustBeOver(id) }
        if finished.mail.rows.count > 1 || sent > 1 { try rows.forgetCombined(id) }
        guard finished.mail.mayBeKept else { return }
        try forgetCopy(of: id)
    }

    /// The copy that was announced is not needed any more.
    func forgetCopy(of mailID: Int64) throws {
        try connection.statement("DELETE FROM outboxd_frozen WHERE mail_id = ?").bind(mailID).run()
    }

    /// A mail that ends without having been sent may come back: by an operator's `retry`, or once its sender is
    /// accepted again.
    ///
    /// What may have gone out before goes out as it was, under the Message-ID that it had: a receiver that has the
    /// first drops the second, and would lose what only the second says.
    func forgetUnannouncedCopy(of mailID: Int64) throws {
        try connection.statement(
            """
            DELETE FROM outboxd_frozen WHERE mail_id = ?1
                AND (SELECT copies FROM outboxd_mails WHERE id = ?1) = 0
            """
        ).bind(mailID).run()
    }

    private func countAttempt(_ finished: FinishedMail) throws {
        let id = finished.mail.mailID
        try mails.countAttempt(id)
        let down = try relayDownTotal(at: finished.at)
        try rows.countAttempt(mailID: id, relayDown: down, at: finished.at)
        try noteError(finished)
    }

    private func noteError(_ finished: FinishedMail) throws {
        guard let error = finished.error, !finished.isOtherRelays else { return }
        try rows.note(error, mailID: finished.mail.mailID)
    }

    private func retry(_ mail: InFlightMail, dueAt: WallTime) throws {
        try mergeOpenMails(into: mail.mailID, key: mail.key)
        guard try hasOpenRows(mail.mailID) else { return try close(mail.mailID, key: mail.key) }
        try putInLine(
            mail.mailID, try lines.line(of: mail.key.helpdeskID), .retry, dueAt: dueAt)
    }

    package func persistOversizedCopies(_ large: [(mailID: Int64, frozen: FrozenMail)]) throws {
        guard !large.isEmpty else { return }
        try inTransaction {
            for mail in large {
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

    private func markUncertain(_ mail: InFlightMail, dueAt: WallTime?) throws {
        try mails.countCopy(mail.mailID)
        if let dueAt {
            try putInLine(
                mail.mailID, try lines.line(of: mail.key.helpdeskID), .retry, dueAt: dueAt)
        } else {
            try mails.setAside(mail.mailID, .uncertain)
        }
        try rows.markUncertain(mailID: mail.mailID)
    }

    /// Back in its line, in the class that it had.
    private func giveBack(_ finished: FinishedMail, dueAt: WallTime?, takenOver: Bool) throws {
        try noteError(finished)
        let mail = finished.mail
        try mergeOpenMails(into: mail.mailID, key: mail.key)
        try announce(
            mails.giveBack(mail.mailID, dueAt: dueAt, isTakenOver: takenOver, at: finished.at))
    }

    // MARK: The story

    /// - Parameter isCounted: nil if the outcome says it.
    func record(_ finished: FinishedMail, isCounted: Bool? = nil) throws {
        // A mail that merely went back (read meanwhile, stopped) has no story to tell.
        switch finished.outcome {
        case .returned(_, takenOver: false) where finished.error == nil: return
        case .faulty: return  // Recorded with its fault.
        default: break
        }
        try connection.statement(
            """
            INSERT INTO outboxd_attempts (mail_id, number, at, outcome, counted, row_ids, relay,
                milliseconds, queued_milliseconds, connecting_milliseconds, stage, code, enhanced, text)
            VALUES (?1, (SELECT coalesce(max(number), 0) + 1 FROM outboxd_attempts
                WHERE mail_id = ?1), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
            """
        ).bind(finished.mail.mailID).bind(finished.at.milliseconds).bind(finished.outcomeName)
            .bind(isCounted ?? finished.outcome.isCounted)
            .bind(Self.list(finished.mail.rows.map(\.id)))
            .bind(finished.relay)
            .bind(finished.duration?.inMilliseconds).bind(finished.queued?.inMilliseconds)
            .bind(finished.connectingMilliseconds)
            .bind(
                finished.error?.stage.rawValue
                    ?? (finished.reply == nil ? nil : Stage.final.rawValue)
            )
            .bind(finished.error?.code ?? finished.reply?.code)
            .bind((finished.error?.enhanced ?? finished.reply?.enhanced)?.description)
            .bind(finished.error?.text ?? finished.reply?.text).run()
    }
}

extension FinishedMail {
    /// Its attempt stands in the mail's own row; see ``MailTable/acceptFirst(_:)``.
    fileprivate var isKeptByMail: Bool {
        guard case .sent = outcome else { return false }
        return mail.isFirstAttempt
    }

    /// nil on a connection that was open.
    var connectingMilliseconds: Int64? {
        connecting.flatMap { $0 > .zero ? $0.inMilliseconds : nil }
    }

    /// As stored with the attempt and shown by `show`.
    fileprivate var outcomeName: String { isOtherRelays ? "other relay" : outcome.name }
}

extension FinishedMail.Outcome {
    /// As stored with the attempt and shown by `show`.
    package var name: String {
        switch self {
        case .sent: "sent"
        case .deferred: "deferred"
        case .failed(let reason): reason.rawValue
        case .uncertain: "uncertain"
        case .returned(_, let takenOver): takenOver ? "taken over" : "returned"
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
