internal import Delivery
internal import SQLite

/// The small changes that several batches share. All are called within a transaction.
extension SQLiteStore {
    func skip(_ skips: [Skip], at now: WallTime) throws {
        for skip in skips { try rows.skip(skip.row, reason: skip.reason, at: now) }
    }

    /// The mail waits for its turn in its helpdesk's line.
    func putInLine(_ mailID: Int64, _ line: Int64, _ turn: TurnClass, dueAt: WallTime) throws {
        try mails.putInLine(mailID, turn, dueAt: dueAt)
        try lines.announce(line, turn, dueAt: dueAt)
    }

    /// Whether any mail waits in the line.
    func hasMails(_ line: Int64) throws -> Bool {
        try connection.statement(
            """
            SELECT 1 FROM outboxd_mails INDEXED BY outboxd_mails_due
            WHERE phase = \(phase: .waiting) AND wait = \(wait: .inLine) AND line = ? LIMIT 1
            """
        ).bind(line).first { _ in true } ?? false
    }

    /// Waiting mails that a statement has put in line.
    func announce(_ turns: [MailTable.Turn]) throws {
        for turn in turns {
            try lines.announce(turn.place.line, turn.place.turn, dueAt: turn.dueAt)
        }
    }

    /// Forgets rows that the API server deleted, and rows whose id another row has by now: that one is
    /// ingested as if it were new.
    func forgetRows(of candidate: Candidate, at now: WallTime) throws {
        if candidate.mayLackRows { try rows.forgetDeleted(mailID: candidate.mailID) }
        for id in candidate.replaced { try ingestAnew(id, at: now) }
    }

    /// The id is another row's by now.
    func ingestAnew(_ id: Int64, at now: WallTime) throws {
        try rows.delete(id)
        try connection.statement(
            "INSERT INTO outboxd_unread (id, retry_at) VALUES (?, ?) ON CONFLICT DO NOTHING"
        ).bind(id).bind(now.milliseconds).run()
    }

    private static let openRow =
        "SELECT 1 FROM outboxd_rows WHERE mail_id = ? AND state = \(row: .pending) LIMIT 1"

    func hasOpenRows(_ mailID: Int64) throws -> Bool {
        try connection.statement(Self.openRow).bind(mailID).first { _ in true } ?? false
    }

    /// Nothing of the mail is open any more.
    func close(_ mailID: Int64, key: MailKey, _ known: Closing = Closing()) throws {
        try mails.close(mailID)
        try rows.forgetCombined(mailID)
        if known.mayBeRead, try rows.wereAllRead(mailID) { totals.add(1, .savedByRead) }
        if known.mayBeKept { try forgetUnannouncedCopy(of: mailID) }
        if known.mayHaveOthersBehind { try releaseBehind(key) }
    }

    private static let anybodyBehind = """
        SELECT 1 FROM outboxd_mails INDEXED BY outboxd_mails_aside
        WHERE phase = \(phase: .waiting) AND wait = \(wait: .behind) AND wait > 0 LIMIT 1
        """

    /// Whether any mail waits for another: nearly never, so it is asked once for a batch.
    func isAnybodyBehind() throws -> Bool {
        try connection.statement(Self.anybodyBehind).first { _ in true } ?? false
    }

    /// Lets go those that waited for a mail of the same conversation and recipient.
    func releaseBehind(_ key: MailKey) throws {
        try announce(mails.releaseBehind(key))
    }

    /// What belongs together is one mail again: rows that came while this one was being sent join it.
    ///
    /// A frozen mail takes none: its copy goes out without them.
    func mergeOpenMails(into mailID: Int64, key: MailKey) throws {
        let others = try connection.statement(
            """
            SELECT id, class FROM outboxd_mails
            WHERE \(MailTable.takesRows) AND id <> ?
                AND (SELECT copies FROM outboxd_mails WHERE id = ?) = 0
            """
        ).bind(key.recipient).bind(key.conversationID).bind(key.helpdeskID).bind(key.audience)
            .bind(mailID).bind(mailID).all { ($0.int(0), $0.int(1)) }
        if let turn = others.map(\.1).min(), turn < TurnClass.retry.rawValue {
            try mails.improve(mailID, to: TurnClass(rawValue: turn) ?? .first)
        }
        for (other, _) in others {
            try rows.moveOpen(from: other, to: mailID)
            try mails.merge(other)
            try rows.forgetCombined(other)
        }
    }
}
