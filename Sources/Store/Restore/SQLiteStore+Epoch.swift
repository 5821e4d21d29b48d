internal import Crash
package import Delivery
internal import SQLite

/// How far the database is, and whether it was restored from an older state (``KeptEpoch``).
///
/// | the transaction | the number |
/// |---|---|
/// | claims mails | grows: from now on a dot may be announced that the table knows nothing of |
/// | notes that mails were sent, or may have been; an operator's word that one was | grows: a state from before would send them again |
/// | else; or everything is held | stays |
extension SQLiteStore {
    /// Whether the database stands before what this process has seen: it was restored in place.
    ///
    /// - Parameter latest: What stood beside it before the row was read: another process raises that after its commit.
    private func isBehind(_ row: EpochRow, _ latest: Epoch?) -> Bool {
        guard let latest else { return false }
        return latest.lineage != row.epoch.lineage || latest.number > row.epoch.number
    }

    package func isHeldAsRestored() throws -> Bool {
        let latest = epochNote?.latest
        guard let row = try connection.epochRow() else { return false }
        return row.heldSince != nil || isBehind(row, latest)
    }

    /// Whether nothing may be claimed.
    ///
    /// What was claimed before a database was restored in place goes no further either: its token stands in the
    /// restored one no more.
    func isEverythingHeld(but ignored: Set<String>) throws -> Bool {
        let latest = epochNote?.latest
        let found = try connection.statement(
            """
            SELECT lineage, number, held_since IS NOT NULL,
                EXISTS (SELECT 1 FROM outboxd_pauses WHERE helpdesk_id = '')
            FROM outboxd_epoch WHERE id = 1
            """
        ).first { row in
            let epoch = Epoch(lineage: row.int(0), stored: row.int(1))
            return (
                isHeld: row.bool(2)
                    || isBehind(EpochRow(epoch: epoch, isNoted: true), latest),
                isPaused: row.bool(3)
            )
        }
        guard let found else { return try isEverythingPaused(but: ignored) }
        return found.isHeld || (found.isPaused && !ignored.contains(""))
    }

    // MARK: Counting

    /// Before the commit.
    /// - Returns: the number that the transaction makes; nil if it stays.
    func advanceEpoch() throws -> Int64? {
        guard mayHaveSent else { return nil }
        let latest = epochNote?.latest
        // A restored database that went on counting would catch up with what stands beside it.
        guard let row = try connection.epochRow(), row.heldSince == nil, !isBehind(row, latest),
            row.epoch.number < Epoch.greatest
        else { return nil }
        let number = row.epoch.number + 1
        try connection.statement("UPDATE outboxd_epoch SET number = ? WHERE id = 1").bind(number)
            .run()
        return number
    }

    // MARK: Comparing

    package var notedEpoch: NotedEpoch? { epochNote?.look() }

    package func isEpochInDoubt() throws -> Bool {
        guard let epochNote else { return false }
        let latest = epochNote.latest
        guard let row = try connection.epochRow() else { return true }
        return row.heldSince == nil && (isBehind(row, latest) || !epochNote.isInPlace)
    }

    package func settleEpoch(isRunning: Bool, at now: WallTime) throws -> EpochNews? {
        let news = try inTransaction { try compareEpochs(isRunning: isRunning, at: now) }
        guard case .held(let restoration, _, let isNew) = news else { return news }
        return .held(restoration, rows: try heldRows(at: now), isNew: isNew)
    }

    private func compareEpochs(isRunning: Bool, at now: WallTime) throws -> EpochNews? {
        try connection.execute(EpochMigration.first)
        guard let row = try connection.epochRow() else { return nil }
        if row.heldSince != nil {
            return try SQLiteReader(connection).heldRestoration().map {
                .held($0, rows: nil, isNew: false)
            }
        }
        guard let epochNote else { return nil }
        if let sign = try connection.kept(row).sign(in: epochNote.look(), isRunning: isRunning) {
            let restoration = OutboxView.Restoration(
                since: now, sign: sign, lastSentAt: try SQLiteReader(connection).lastRowSentAt())
            try hold(restoration, at: now)
            return .held(restoration, rows: nil, isNew: true)
        }
        let problem = epochNote.write(row.epoch)
        CrashPoint.epochNoted.pass()
        // Where none can be made, its absence says nothing: each start would hold everything else.
        if row.isNoted != (problem == nil) {
            try connection.statement("UPDATE outboxd_epoch SET is_noted = ? WHERE id = 1")
                .bind(problem == nil).run()
        }
        return problem.map(EpochNews.unwritable)
    }

    private func hold(_ restoration: OutboxView.Restoration, at now: WallTime) throws {
        try connection.statement(
            "UPDATE outboxd_epoch SET held_since = ?, sign = ?, last_sent_at = ? WHERE id = 1"
        ).bind(now.milliseconds).bind(restoration.sign.rawValue)
            .bind(restoration.lastSentAt?.milliseconds).run()
        try record(.heldAsRestored, helpdesk: "", by: .outboxd, at: now)
    }

    private func heldRows(at now: WallTime) throws -> Int? {
        try SQLiteReader(connection).numbers(at: now, within: .seconds(2))
            .map { $0.waiting[.restored, default: 0] }
    }

    // MARK: Releasing

    package func releaseRestored(by note: OperatorNote, at now: WallTime) throws -> ReleaseResult {
        try inTransaction {
            guard let row = try connection.epochRow() else { return .notHeld }
            let noted = epochNote?.look() ?? .absent
            guard try row.heldSince != nil || connection.kept(row).sign(in: noted) != nil else {
                return .notHeld
            }
            let epoch = try released(row.epoch, beside: noted)
            // First, so that who is killed in between leaves everything held.
            let problem = epochNote?.write(epoch)
            CrashPoint.releaseNoted.pass()
            try connection.statement(
                """
                UPDATE outboxd_epoch SET lineage = ?, number = ?, is_noted = ?, held_since = NULL,
                    sign = NULL, last_sent_at = NULL
                WHERE id = 1
                """
            ).bind(epoch.lineage).bind(epoch.number).bind(problem == nil).run()
            // Who takes it over later sees no more that it was restored.
            try mails.disownSending()
            try record(.releasedAsRestored, helpdesk: "", by: note, at: now)
            return .released(problem: problem)
        }
    }

    /// Beyond all that was noted, so that whatever is restored next is noticed again.
    ///
    /// How far the database was that stood here before is not known where its file did not come along. Then this one
    /// has a lineage of its own from now on: every other copy of it is another database's.
    private func released(_ epoch: Epoch, beside noted: NotedEpoch) throws -> Epoch {
        var released = epoch
        switch noted {
        case .epoch(let other) where other.lineage == epoch.lineage:
            released.number = max(epoch.number, other.number)
        case .epoch, .absent, .damaged:
            let lineage = try connection.statement("SELECT random()").first { $0.int(0) }
            released.lineage = lineage ?? epoch.lineage &+ 1
        case .outOfReach: break
        }
        released.number = min(released.number, Epoch.greatest - 1) + 1
        return released
    }
}
