internal import Delivery
internal import SQLite

/// Mails that ingest sets aside for the claim of the same transaction: see ``FreshMails``.
extension SQLiteStore {
    /// Sets the row's mail aside, or writes it down as waiting.
    ///
    /// - Parameter isAlone: No mail of its conversation and recipient is open.
    func addMail(
        _ row: OutboxRow, _ key: MailKey, _ identity: RowIdentity, dueAt: WallTime,
        _ turn: TurnClass, isAlone: Bool, at now: WallTime
    ) throws {
        guard isAlone, dueAt <= now, row.hasTexts, fresh.hasRoom else {
            let mailID = try insertMail(key, dueAt: dueAt, turn)
            if dueAt <= now { leftInLine += 1 }
            return try rows.insert(
                row.id, mailID: mailID, dueAt: dueAt, identity: identity.number)
        }
        let line = try lines.line(of: key.helpdeskID)
        fresh.add(
            FreshMail(
                waiting: WaitingMail(
                    id: try mailIDs.next(connection), key: key, dueAt: dueAt, line: line,
                    turn: turn),
                row: row.with(dueAt: dueAt, identity: identity.number), identity: identity.number))
        try lines.announce(line, turn, dueAt: dueAt)
    }

    /// A row of the same conversation and recipient comes: what it may join, or must follow, has to be there.
    func writeFresh(besides key: MailKey) throws {
        if let mail = fresh.take(besides: key) { try write(mail) }
    }

    /// Nobody takes them any more.
    func writeAllFresh() throws {
        try writeClaimed()
        for mail in fresh.takeAll() { try write(mail) }
    }

    /// The claimed ones, as being sent.
    private func writeClaimed() throws {
        let claimed = fresh.takeClaimed()
        guard !claimed.isEmpty else { return }
        try connection.withLateLimit(StatementLimit.most) {
            try mails.insert(claimed)
            try rows.insert(of: claimed)
        }
    }

    /// As waiting.
    func write(_ mail: FreshMail) throws {
        let waiting = mail.waiting
        try mails.insert(
            waiting.id, waiting.key, dueAt: waiting.dueAt, line: waiting.line, turn: waiting.turn)
        leftInLine += 1
        try rows.insert(
            mail.row.id, mailID: waiting.id, dueAt: mail.row.dueAt, identity: mail.identity)
    }
}
