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

    /// The row stands in a mail that never waits; both are written with others of the batch.
    func insertSkipped(
        _ row: OutboxRow, _ key: MailKey, _ identity: RowIdentity, _ reason: SkipReason,
        dueAt: WallTime, at now: WallTime
    ) throws -> Skip {
        let (mailID, isNew) = try finishedMail(key, reason)
        skippedRows.append(
            SkippedRow(
                id: row.id, mailID: mailID, mail: isNew ? key : nil,
                line: try lines.line(of: key.helpdeskID), dueAt: dueAt, identity: identity.number,
                reason: reason))
        if isolation.isCareful { try writeAlone(of: key, isNew: isNew, at: now) }
        return Self.placed(
            Skip(row: row.id, reason: reason), in: mailID, key,
            traceparent: try row.hasTexts ? row.traceparent : traceparent(of: row.id))
    }

    /// Read rows of one conversation would have been one mail, and count as one that was saved.
    private func finishedMail(_ key: MailKey, _ reason: SkipReason) throws -> (Int64, isNew: Bool) {
        if reason == .read, let mailID = readMails[key] { return (mailID, false) }
        let mailID = try mailIDs.next(connection)
        if reason == .read {
            readMails[key] = mailID
            totals.add(1, .savedByRead)
        }
        return (mailID, true)
    }

    /// In a careful repetition a statement that fails costs this row only.
    ///
    /// What it has written is undone then: the next row of the conversation needs a mail of its own.
    private func writeAlone(of key: MailKey, isNew: Bool, at now: WallTime) throws {
        do {
            try writeSkipped(at: now)
        } catch {
            if isNew { readMails[key] = nil }
            throw error
        }
    }

    /// Their mails as well.
    func writeSkipped(at now: WallTime) throws {
        guard !skippedRows.isEmpty else { return }
        let skipped = skippedRows
        skippedRows = []
        try connection.withLateLimit(StatementLimit.most) {
            try mails.insertFinished(skipped.compactMap(\.newMail))
            try rows.insertSkipped(skipped, at: now)
        }
    }
}
