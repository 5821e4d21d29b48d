internal import CSQLite

extension Connection {
    package enum Checkpoint: Sendable {
        /// Copies everything back and lets the next writer start the log from its beginning.
        case restart
        /// Like `restart`, and cuts the log file to nothing. https://sqlite.org/c3ref/wal_checkpoint_v2.html
        case truncate
    }

    /// Copies the write-ahead log back into the database, waiting at most `patience` for readers and
    /// writers.
    ///
    /// Never PASSIVE: that mode runs beside a writer, where versions before 3.51.3 can lose the log's
    /// reset. https://sqlite.org/wal.html#walresetbug
    /// - Returns: false where somebody was in the way; nothing is lost then.
    package func checkpoint(_ kind: Checkpoint, patience: Duration) throws(SQLiteError) -> Bool {
        let mode = kind == .restart ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_TRUNCATE
        let code = withPatience(patience) {
            sqlite3_wal_checkpoint_v2(handle, nil, mode, nil, nil)
        }
        if code & 0xFF == SQLITE_BUSY { return false }
        guard code == SQLITE_OK else { throw error(code, "wal_checkpoint") }
        logPages = 0
        return true
    }
}
