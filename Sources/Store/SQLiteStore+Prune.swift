internal import Crash
package import Delivery
internal import SQLite

/// Rows that ended long ago are forgotten, with all that belongs to them, and deleted from `outbox`: by `run`
/// as they grow old (`OUTBOXD_RETENTION`), and by `outboxd prune`.
///
/// | the row | |
/// |---|---|
/// | in both tables | it is deleted from both in one transaction, so that it is never taken for a new one |
/// | deleted from `outbox` by the API server | what outboxd knows of it is deleted |
/// | a reference of the API server's (`FOREIGN KEY`) or a trigger keeps it | it stays whole, with its story |
/// | deleting it takes longer than ``StatementLimit/first`` | the same |
/// | waits again, since it was looked for | it stays |
///
/// Nothing is lost if a power failure undoes the last steps, so they don't wait for the disk.
///
/// The mail goes with its last row. Attempts, copies, strikes and what operators did go with it.
extension SQLiteStore {
    /// One short transaction, over rows that were looked for before it in an index: a step costs what it finds.
    ///
    /// - Parameters:
    ///   - place: Where the last step ended.
    ///   - patience: How long another process's lock is waited for.
    ///   - goesOn: Asked when the lock is there, and after each row; false ends the transaction.
    package func prune(
        endedBefore before: WallTime, from place: PrunePlace, limit: Int, patience: Duration,
        goesOn: () -> Bool
    ) throws -> PruneStep {
        let found = try ended(before: before, from: place, limit: limit)
        var step = try prune(
            found, endedBefore: before, from: place, patience: patience, goesOn: goesOn)
        step.isThrough = !step.isLocked && step.looked == found.count && found.count < limit
        return step
    }

    package func prune(
        _ ids: [Int64], endedBefore before: WallTime, patience: Duration, goesOn: () -> Bool
    ) throws -> PruneStep {
        let rows = ids.map { Ended(id: $0, state: .sent, finishedAt: 0) }
        return try prune(
            rows, endedBefore: before, from: PrunePlace(), patience: patience, goesOn: goesOn)
    }

    /// What `status` tells of rows that are kept; written only where it is another than before.
    package func noteKept(rows: Int, text: String?) throws {
        let note = rows > 0 ? "\(rows) \(text ?? "")" : nil
        guard try meta(Self.keptKey) != note else { return }
        guard let note else {
            return try inTransaction {
                try connection.statement("DELETE FROM outboxd_meta WHERE key = ?")
                    .bind(Self.keptKey).run()
            }
        }
        try setMeta(Self.keptKey, note)
    }

    static let keptKey = "kept_rows"

    // MARK: Which

    private struct Ended {
        var id: Int64
        var state: RowState
        var finishedAt: Int64
    }

    /// The first that ended before a time: by state, in the order in which they ended.
    private func ended(
        before: WallTime, from place: PrunePlace, limit: Int
    ) throws -> [Ended] {
        var found: [Ended] = []
        for state in RowState.ended where found.count < limit {
            let mark = place[state]
            found += try connection.statement(EndedMigration.ended(as: state))
                .bind(mark.finishedAt).bind(mark.finishedAt).bind(mark.id)
                .bind(before.milliseconds).bind(limit - found.count)
                .all { Ended(id: $0.int(0), state: state, finishedAt: $0.int(1)) }
        }
        return found
    }

    // MARK: Deleting

    private func prune(
        _ found: [Ended], endedBefore before: WallTime, from place: PrunePlace,
        patience: Duration, goesOn: () -> Bool
    ) throws -> PruneStep {
        var step = PruneStep(place: place)
        guard !found.isEmpty else { return step }
        do {
            try connection.withPatience(patience) {
                try connection.withoutSyncing {
                    try inTransaction {
                        step = PruneStep(place: place)
                        _ = goesOn()
                        for row in found {
                            try prune(row, endedBefore: before, into: &step)
                            guard goesOn() else { break }
                        }
                        CrashPoint.pruneWritten.pass(if: step.rows > 0)
                    }
                }
            }
            CrashPoint.pruned.pass(if: step.rows > 0)
        } catch let error as SQLiteError where error.isBusy {
            step = PruneStep(place: place)
            step.isLocked = true
        }
        return step
    }

    private func prune(_ row: Ended, endedBefore before: WallTime, into step: inout PruneStep)
        throws
    {
        var isGone = false
        // Alone, since what the API server has against one row says nothing of the next.
        let fault = try isolated(.row(row.id), always: true) {
            isGone = try connection.withLimit(StatementLimit.first) {
                try forget(row.id, endedBefore: before)
            }
        }
        step.looked += 1
        if let fault {
            step.kept.append(
                .init(id: row.id, text: faultText(fault), isSlow: Isolation.isOverdue(fault)))
            step.place[row.state] = .init(finishedAt: row.finishedAt, id: row.id)
        } else if isGone {
            step.rows += 1
        }
    }

    /// - Returns: false if it has not ended before the time, or is gone.
    private func forget(_ id: Int64, endedBefore before: WallTime) throws -> Bool {
        let mail = try connection.statement(
            """
            SELECT mail_id FROM outboxd_rows
            WHERE id = ? AND state <> \(row: .pending) AND finished_at < ?
            """
        ).bind(id).bind(before.milliseconds).first { $0.int(0) }
        guard let mail else { return false }
        try rows.prune(id)
        try connection.statement("DELETE FROM outboxd_deeds WHERE row_id = ?").bind(id).run()
        try deleteFromOutbox(id)
        if try forgetEmpty(mail) { try forgetEmptyNeighbours(of: mail, endedBefore: before) }
        return true
    }

    private func deleteFromOutbox(_ id: Int64) throws {
        let delete = "DELETE FROM outbox WHERE id = ?"
        try connection.statement(delete).bind(id).run()
        if connection.changes == 0 {
            let isThere = try connection.statement("SELECT 1 FROM outbox WHERE id = ?").bind(id)
                .first { _ in true }
            // It would be taken for a new one, and sent again.
            if isThere != nil { throw SQLiteError.ignored(delete) }
        }
        // A reference that is checked at the commit only would fail it, for all.
        if connection.hasOpenReferences { throw SQLiteError.referenced(delete) }
    }

    /// A mail goes with its last row.
    ///
    /// - Returns: false if it has rows.
    @discardableResult
    func forgetEmpty(_ mail: Int64) throws -> Bool {
        guard try !rows.exist(in: mail) else { return false }
        try mails.prune(mail)
        try connection.statement("DELETE FROM outboxd_attempts WHERE mail_id = ?").bind(mail).run()
        try connection.statement("DELETE FROM outboxd_frozen WHERE mail_id = ?").bind(mail).run()
        try rows.forgetCombined(mail)
        try connection.statement("DELETE FROM outboxd_strikes WHERE mail_id = ?").bind(mail).run()
        return true
    }

    /// Mails whose rows went into others, or were deleted by the API server, have no row that could take them
    /// along: they go with the mails that were made before or after them.
    private func forgetEmptyNeighbours(of mail: Int64, endedBefore before: WallTime) throws {
        for (step, most) in [(Int64(-1), 8), (1, 8)] {
            var next = mail + step
            for _ in 0..<most {
                guard try mails.isOver(next, dueBefore: before), try forgetEmpty(next) else {
                    break
                }
                next += step
            }
        }
    }
}
