internal import CSQLite

extension Connection {
    package enum Checkpoint: Sendable {
        /// Copies back what it can, beside readers and writers, and waits for nobody.
        ///
        /// Only with a SQLite that is repaired: before 3.51.3 it can lose the log's reset.
        /// https://sqlite.org/wal.html#walresetbug
        case passive
        /// Copies everything back and lets the next writer start the log from its beginning.
        case restart
        /// Like `restart`, and cuts the log file to nothing. https://sqlite.org/c3ref/wal_checkpoint_v2.html
        case truncate
    }

    /// 3040001 is 3.40.1. https://sqlite.org/c3ref/libversion.html
    package static var libraryVersion: Int { Int(sqlite3_libversion_number()) }

    /// Copies the write-ahead log back into the database, waiting at most `patience` for readers and
    /// writers.
    ///
    /// - Returns: false if somebody was in the way; nothing is lost then.
    package func checkpoint(_ kind: Checkpoint, patience: Duration) throws(SQLiteError) -> Bool {
        let mode =
            switch kind {
            case .passive: SQLITE_CHECKPOINT_PASSIVE
            case .restart: SQLITE_CHECKPOINT_RESTART
            case .truncate: SQLITE_CHECKPOINT_TRUNCATE
            }
        let code = withPatience(patience) {
            sqlite3_wal_checkpoint_v2(handle, nil, mode, nil, nil)
        }
        if code & 0xFF == SQLITE_BUSY { return false }
        guard code == SQLITE_OK else { throw error(code, "wal_checkpoint") }
        logPages = 0
        return true
    }
}
