package import Delivery
internal import SQLite

/// What the file needs besides its rows.
extension SQLiteStore {
    package func whileBusy(_ decide: @escaping (Duration) -> Bool) {
        connection.whileBusy(decide)
    }

    package func checkIdentity() throws {
        guard try FileIdentity(of: connection.path) == identity else { throw StoreError.replaced }
    }

    /// Writes as much as a batch would, and takes it away again: a full disk often has room for a page
    /// or two.
    package func proveWritable() throws {
        try setMeta("proof", String(repeating: "x", count: 65_536))
        try inTransaction {
            try connection.statement("DELETE FROM outboxd_meta WHERE key = 'proof'").run()
        }
    }

    /// The log is copied back when nothing else is to be done, or when it has grown large.
    ///
    /// Never for long: whoever reads or writes goes first.
    package func maintain(isBusy: Bool, at now: SteadyTime) throws {
        try forgetShifts()
        let pages = connection.logPages
        guard pages > (isBusy ? 8_192 : 1_000), now >= checkpointAt else { return }
        checkpointAt = now + .seconds(1)
        let kind: Connection.Checkpoint = !isBusy && pages > 16_384 ? .truncate : .restart
        _ = try connection.checkpoint(kind, patience: .milliseconds(isBusy ? 20 : 100))
    }

    package func rest() throws {
        _ = try connection.checkpoint(.truncate, patience: .milliseconds(100))
    }
}
