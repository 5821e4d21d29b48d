internal import Delivery
internal import SQLite

/// New rows that end as they are ingested, and never wait: those that the API server took back before anybody
/// saw them, stale ones, and, of a backlog in which rows were read, those that were read and are due.
extension SQLiteStore {
    /// What the API server or the reader has said about a stale row goes before its age.
    func reasonAgainst(_ row: OutboxRow, _ key: MailKey, at now: WallTime) throws -> SkipReason {
        if row.isCancelled { return .cancelled }
        return try isRead(row, key, at: now) ? .read : .stale
    }

    func isRead(_ row: OutboxRow, _ key: MailKey, at now: WallTime) throws -> Bool {
        let marker = try ReadMarkers.newest(connection, key)
        return ReadCheck.isRead(createdAt: row.createdAt, marker: marker, now: now)
    }

    /// The row stands in a mail that never waits.
    func insertSkipped(
        _ row: OutboxRow, _ key: MailKey, _ identity: RowIdentity, _ reason: SkipReason,
        dueAt: WallTime, at now: WallTime
    ) throws -> Skip {
        let mailID = try finishedMail(of: row, key, reason, dueAt: dueAt)
        try rows.insertSkipped(
            row.id, mailID: mailID, dueAt: dueAt, identity: identity.number, reason, at: now)
        return Self.placed(
            Skip(row: row.id, reason: reason), in: mailID, key,
            traceparent: try traceparent(of: row.id))
    }

    /// Read rows of one conversation would have been one mail, and count as one that was saved.
    private func finishedMail(
        of row: OutboxRow, _ key: MailKey, _ reason: SkipReason, dueAt: WallTime
    ) throws -> Int64 {
        if reason == .read, let mailID = readMails[key] { return mailID }
        let mailID = try insertMail(key, dueAt: dueAt, .first, isFinished: true)
        if reason == .read {
            readMails[key] = mailID
            totals.add(1, .savedByRead)
        }
        return mailID
    }
}
