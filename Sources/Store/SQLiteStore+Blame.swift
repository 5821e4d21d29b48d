package import Delivery
internal import SQLite

/// Whose fault a refusal is: asking ``Suspicions``, and carrying out what it says.
extension SQLiteStore {
    // MARK: Asking

    func rulings(
        on finished: FinishedMail, _ book: inout SuspicionBook
    ) throws -> [Ruling] {
        try book.judge(finished, isOwnFault: isOwnFault) {
            try others(besides: finished.mail, at: finished.at)
        }
    }

    /// The mail was returned because its sender or the relay was refused; mail is accepted since.
    private func isOwnFault(_ mailID: Int64, _ kind: RefusalKind) throws -> Bool {
        let bit = kind == .system ? MailTable.Struck.bySystem : MailTable.Struck.byRefusal
        return try connection.statement("SELECT struck & ? FROM outboxd_mails WHERE id = ?")
            .bind(bit).bind(mailID).first { $0.bool(0) } ?? false
    }

    private func others(besides mail: InFlightMail, at now: WallTime) throws -> WaitingOthers {
        var others = try underWay(besides: mail)
        let accusation = Accusation(
            mail: mail.mailID, sender: mail.sender, helpdeskID: mail.key.helpdeskID)
        if let chosen {
            others.any = others.any || !chosen.readyByHelpdesk.isEmpty
            for helpdesk in chosen.readyByHelpdesk.keys.sorted() where !others.ofAnotherSender {
                others.ofAnotherSender = try !isOfAccused(helpdesk, accusation)
            }
            return others
        }
        for line in try linesInLine(until: now) where !others.ofAnotherSender {
            guard let due = try firstDue(in: line, besides: [mail.mailID]), due <= now else {
                continue
            }
            others.any = true
            others.ofAnotherSender = try !isOfAccused(line.helpdeskID, accusation)
        }
        return others
    }

    private func underWay(besides mail: InFlightMail) throws -> WaitingOthers {
        try connection.statement(
            """
            SELECT count(*) > 0, coalesce(max(sender IS NOT ?), 0) FROM outboxd_mails
            WHERE phase = \(phase: .sending) AND id <> ?
            """
        ).bind(mail.sender).bind(mail.mailID).first {
            WaitingOthers(any: $0.bool(0), ofAnotherSender: $0.bool(1))
        } ?? .nobody
    }

    package func nextInnocentDue(of accusation: Accusation) throws -> WallTime? {
        for line in try linesInLine(until: nil) {
            if accusation.isOfSender, try isOfAccused(line.helpdeskID, accusation) { continue }
            if let due = try firstDue(in: line, besides: accusation.accusedMails) { return due }
        }
        return nil
    }

    package func hasDue(_ newcomers: Newcomers, at now: WallTime) throws -> Bool {
        try !due(newcomers, at: now).isEmpty
    }

    /// The newest first; a few of the newest thousands that were never refused, whether they went back or not.
    func due(_ newcomers: Newcomers, at now: WallTime) throws -> [WaitingMail] {
        guard newcomers.allows(.max, at: now) else { return [] }
        return try connection.statement(
            """
            SELECT \(WaitingMail.columns) FROM (
                SELECT * FROM outboxd_mails WHERE id > ? ORDER BY id DESC LIMIT 2000) m
            WHERE phase = \(phase: .waiting) AND wait = \(wait: .inLine) AND due_at <= ?
                AND attempts = 0 AND copies = 0 AND struck = 0 AND troubles = 0
                AND (SELECT parked FROM outboxd_lines l WHERE l.id = m.line) = \(park: .none)
            ORDER BY id DESC LIMIT 8
            """
        ).bind(newcomers.after).bind(now.milliseconds).all(WaitingMail.init)
    }

    /// Whether the mail may go though the accusation stands.
    func isInnocent(_ mail: WaitingMail, of accusation: Accusation) throws -> Bool {
        guard !accusation.accusedMails.contains(mail.id) else { return false }
        return try !accusation.isOfSender || !isOfAccused(mail.key.helpdeskID, accusation)
    }

    /// Whether the helpdesk writes from an accused address.
    ///
    /// One that has no usable sender, or whose row can't be read, counts as accused: nothing of it can go
    /// anyway.
    private func isOfAccused(_ helpdeskID: String, _ accusation: Accusation) throws -> Bool {
        if helpdeskID == accusation.helpdeskID { return true }
        do {
            let helpdesk = try connection.withLimit(StatementLimit.first) {
                try connection.statement(columns.helpdesk).bind(helpdeskID)
                    .first(HelpdeskRecord.init)
            }
            guard let sender = senderOf(helpdesk?.helpdesk) else { return true }
            return sender == accusation.sender || accusation.others.contains(sender)
        } catch  where Isolation.isOfOne(error) {
            return true
        }
    }

    private struct OpenLine {
        var id: Int64
        var helpdeskID: String
    }

    /// Lines that are not parked, the first due first; a thousand of them, since if so many are due it
    /// does not matter who else waits.
    private func linesInLine(until now: WallTime?) throws -> [OpenLine] {
        try connection.statement(
            """
            SELECT id, helpdesk_id, min(coalesce(instant_due, \(Int64.max)),
                coalesce(first_due, \(Int64.max)), coalesce(retry_due, \(Int64.max))) AS due
            FROM outboxd_lines WHERE parked = \(park: .none) AND due <= ? ORDER BY due LIMIT 1000
            """
        ).bind(now?.milliseconds ?? .max - 1).all {
            OpenLine(id: $0.int(0), helpdeskID: $0.text(1))
        }
    }

    private func firstDue(in line: OpenLine, besides mails: [Int64]) throws -> WallTime? {
        try connection.statement(
            """
            SELECT min(due_at) FROM outboxd_mails INDEXED BY outboxd_mails_due
            WHERE phase = \(phase: .waiting) AND wait = \(wait: .inLine) AND line = ?
                AND class IN (\(TurnClass.list))
                AND id NOT IN (SELECT value FROM json_each(?))
            """
        ).bind(line.id).bind(Self.list(mails)).first { $0.optionalTime(0) } ?? nil
    }

    // MARK: Carrying out

    func carryOut(
        _ rulings: [Ruling], _ finished: FinishedMail, batch: inout FinishedBatch
    ) throws {
        let sender = finished.mail.sender
        var takenBack: [Int64] = []
        for ruling in rulings {
            switch ruling {
            case .fail, .ownFailure, .goBack, .lookAgain:
                // Written already.
                batch.ruledOutcomes[finished.mail.token] = finished.outcome
                if case .lookAgain = ruling { batch.looksAgain = true }
            case .waitForSender(let mails): try park(mails, finished.at, &batch)
            case .waitForRelay(let mails):
                for id in mails { try returnForRelay(id, finished.at, &batch) }
            case .takeBack(let mails):
                takenBack = mails
                for id in mails { try takeBackAttempt(of: id, at: finished.at) }
            case .isOwnFault(let own): for id in own { try mails.strike(id) }
            case .block(let sender): batch.blockedSenders.append(sender)
            case .unblock: try unblock(sender, &batch)
            case .pauseRelay(let kind, let accused):
                batch.relayPause =
                    order(kind, accused, takenBack, finished)?.after(batch.relayPause)
                    ?? batch.relayPause
            }
        }
    }

    private func order(
        _ kind: RefusalKind, _ accused: Ruling.Accused, _ takenBack: [Int64],
        _ finished: FinishedMail
    ) -> RelayPauseOrder? {
        guard let error = finished.error else { return nil }
        var others: [String] = []
        if case .senders(let senders) = accused {
            others = senders.filter { $0 != finished.mail.sender }
        }
        let mail = finished.mail
        // What speaks of the system accuses the mails that met it: any other is tried at once.
        let accusation =
            takenBack.isEmpty
            ? Accusation(
                mail: mail.mailID, sender: mail.sender, helpdeskID: mail.key.helpdeskID,
                isOfSender: accused != .mail, others: others)
            : Accusation(
                mails: takenBack, sender: mail.sender, helpdeskID: mail.key.helpdeskID,
                others: others)
        return RelayPauseOrder(
            kind: kind, error: error, at: finished.at,
            accusation: accused == .nobody ? nil : accusation, mail: finished.mail.mailID,
            sender: finished.mail.sender)
    }

    /// The sender's lines go on; the rest of very many is found by the review.
    private func unblock(_ sender: String, _ batch: inout FinishedBatch) throws {
        batch.unblockedSenders.append(sender)
        try connection.statement(
            """
            UPDATE outboxd_lines SET parked = \(park: .none), sender = NULL WHERE id IN (
                SELECT id FROM outboxd_lines INDEXED BY outboxd_lines_sender
                WHERE sender = ? AND parked = \(park: .sender) LIMIT 1000)
            """
        ).bind(sender).run()
    }

    /// They wait for their sender, whether they had failed or had gone back, and their lines with them.
    private func park(
        _ refused: [Int64], _ now: WallTime, _ batch: inout FinishedBatch
    ) throws {
        for id in refused {
            let rows = try reopen(id, at: now)
            guard let place = try mails.strike(id, at: now), let sender = place.sender else {
                continue
            }
            try lines.park(place.line, .sender, sender: sender)
            guard rows > 0 else { continue }
            batch.reopenedRows[sender, default: 0] += rows
            batch.reopenedMails.append(id)
            try tell(
                id, "waits again: the relay refuses its sender \(sender), not this mail", now)
        }
    }

    private func returnForRelay(
        _ id: Int64, _ now: WallTime, _ batch: inout FinishedBatch
    ) throws {
        let rows = try reopen(id, at: now)
        guard rows > 0 else { return }
        batch.reopenedForRelay += rows
        batch.reopenedMails.append(id)
        try tell(id, "waits again: the relay refuses all mail, not this one", now)
        try takeBackAttempt(of: id, at: now)
    }

    /// A line in the story of each row that waits again.
    private func tell(_ mailID: Int64, _ text: String, _ now: WallTime) throws {
        for row in try rows.open(in: mailID) { try note(text, row: row, at: now) }
    }

    /// A mail that was failed for a refusal that was not its fault waits again, and what belongs to
    /// it with it.
    ///
    /// One that somebody has had sent again meanwhile is not failed any more.
    /// - Returns: how many rows wait again.
    private func reopen(_ mailID: Int64, at now: WallTime) throws -> Int {
        let waiting = try rows.reopen(mailID: mailID)
        guard waiting > 0 else { return 0 }
        // Those that were tried longest ago are the next probes.
        try announce(mails.reopen(mailID, at: now))
        let key = try connection.statement(
            """
            SELECT helpdesk_id, conversation_id, recipient, audience FROM outboxd_mails WHERE id = ?
            """
        ).bind(mailID).first { $0.key(at: 0) }
        if let key { try mergeOpenMails(into: mailID, key: key) }
        return waiting
    }

    /// As if it had not been attempted; it is due at once.
    ///
    /// A mail that was claimed again meanwhile keeps its attempts.
    private func takeBackAttempt(of mailID: Int64, at now: WallTime) throws {
        try rows.takeBackAttempt(mailID: mailID)
        try announce(mails.takeBackAttempt(mailID, at: now))
        try connection.statement(
            """
            UPDATE outboxd_attempts SET counted = 0
            WHERE mail_id = ?1 AND number = (
                SELECT max(number) FROM outboxd_attempts WHERE mail_id = ?1)
            """
        ).bind(mailID).run()
    }
}
