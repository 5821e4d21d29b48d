package import Delivery
internal import SQLite

/// What the file needs besides its rows.
extension SQLiteStore {
    package func whileBusy(_ decide: @escaping (Duration) -> Bool) {
        connection.whileBusy(decide)
    }

    package func checkIdentity() throws {
        for path in paths where try FileIdentity(of: path) != identity {
            throw StoreError.replaced
        }
        for end in Self.logEnds {
            let path = connection.path + end
            let found = try? FileIdentity(of: path)
            guard let opened = logIdentities[end] else {
                logIdentities[end] = found
                continue
            }
            // SQLite deletes them only where nobody has them open.
            guard found == opened else {
                Connection.leaveLogs()
                throw StoreError.logReplaced(path: path)
            }
        }
    }

    private static let logEnds = ["-wal", "-shm"]

    /// Writes as much as a batch would, and takes it away again: a full disk often has room for a page
    /// or two.
    package func proveWritable() throws {
        try setMeta("proof", String(repeating: "x", count: 65_536))
        try inTransaction {
            try connection.statement("DELETE FROM outboxd_meta WHERE key = 'proof'").run()
        }
    }

    /// The log is copied back when nothing else is to be done, or when it has grown large; blocks of rows are noted.
    ///
    /// Never for long: whoever reads or writes goes first.
    package func maintain(isBusy: Bool, isShared: Bool, at now: SteadyTime) throws -> Bool {
        try forgetShifts()
        let hasRecorded = try recordBlocks(isBusy: isBusy, at: now)
        return try copyLogBack(isBusy: isBusy, isShared: isShared, at: now) || hasRecorded
    }

    private func copyLogBack(isBusy: Bool, isShared: Bool, at now: SteadyTime) throws -> Bool {
        guard now >= checkpointAt else { return false }
        let policy = CheckpointPolicy(sqliteVersion: Connection.libraryVersion)
        let kind: Connection.Checkpoint
        switch policy.step(pages: connection.logPages, isBusy: isBusy, isShared: isShared) {
        case .nothing: return false
        case .passive: kind = .passive
        case .restart: kind = .restart
        case .truncate: kind = .truncate
        }
        checkpointAt = now + CheckpointPolicy.pause(isShared: isShared)
        _ = try connection.checkpoint(kind, patience: .milliseconds(isBusy ? 20 : 100))
        return true
    }

    package func finalCheckpoint() throws {
        _ = try connection.checkpoint(.truncate, patience: .milliseconds(100))
    }
}
