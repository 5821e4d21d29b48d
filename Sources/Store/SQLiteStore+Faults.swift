package import Delivery
internal import SQLite

/// Mails whose statements fail wait, with a sentence, and are tried again more and more rarely.
extension SQLiteStore {
    func setAside(
        _ mail: WaitingMail, _ fault: any Error, at now: WallTime
    ) throws -> StatementFault {
        let open = try connection.statement(
            """
            SELECT id FROM outboxd_rows WHERE mail_id = ? AND state = \(row: .pending)
            ORDER BY id LIMIT 100
            """
        ).bind(mail.id).all { $0.int(0) }
        return try setAside(mail.id, line: mail.line, rows: open, text: faultText(fault), at: now)
    }

    func setAside(
        _ mailID: Int64, line: Int64, rows ids: [Int64], text: String, at now: WallTime
    ) throws -> StatementFault {
        let failures = try mails.countTrouble(mailID)
        let until = now + StatementBackoff.delay(failures: failures)
        try putInLine(mailID, line, .retry, dueAt: until)
        try rows.note(DeliveryError(stage: .store, text: text), mailID: mailID)
        if failures == 1 { try recordFault(mailID, ids, text, at: now) }
        return StatementFault(
            subject: .mail(mailID, rows: ids), text: text, retryAt: until, isNew: failures == 1)
    }

    /// Notes with mails whose outcome can't be written down that this is so: `show`, `list` and `check`
    /// say it, and nobody looks for a relay that hangs.
    ///
    /// Whatever of it the same fault stands against is left out.
    package func noteUnrecorded(
        _ unrecorded: [(mail: InFlightMail, text: String)], at now: WallTime
    ) throws {
        let notes: [(InFlightMail, String) throws -> Void] = [
            { [mails] mail, _ in try mails.countTroubleWhileSending(mail.mailID) },
            { [rows] mail, text in
                try rows.note(DeliveryError(stage: .store, text: text), mailID: mail.mailID)
            },
            { [self] mail, text in
                try recordFault(mail.mailID, mail.rows.map(\.id), text, at: now)
            },
        ]
        for note in notes {
            try inTransaction {
                for (mail, text) in unrecorded {
                    _ = try isolated(.mail(mail.mailID)) { try note(mail, text) }
                }
            }
        }
    }

    private func recordFault(
        _ mailID: Int64, _ rows: [Int64], _ text: String, at now: WallTime
    ) throws {
        try connection.statement(
            """
            INSERT INTO outboxd_attempts (mail_id, number, at, outcome, counted, row_ids, stage, text)
            VALUES (?1, (SELECT coalesce(max(number), 0) + 1 FROM outboxd_attempts
                WHERE mail_id = ?1), ?2, '\(FinishedMail.Outcome.faulty("").name)', 0, ?3, ?4, ?5)
            """
        ).bind(mailID).bind(now.milliseconds)
            .bind(Self.list(rows))
            .bind(Stage.store.rawValue).bind(text).run()
    }
}
