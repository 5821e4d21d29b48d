extension Connection {
    /// Runs `body` in one `BEGIN IMMEDIATE` transaction: the write lock is taken at the start, so that
    /// what was read in it is still true when it commits, and a busy database is waited for instead
    /// of failing half-way. https://sqlite.org/lang_transaction.html
    ///
    /// Rolls back where `body` or the commit throws.
    package func transaction<T>(_ body: () throws -> T) throws -> T {
        try begin("BEGIN IMMEDIATE", body)
    }

    /// Runs `body` on one snapshot of the database, for several reads that must agree.
    package func snapshot<T>(_ body: () throws -> T) throws -> T {
        try begin("BEGIN", body)
    }

    /// Runs `body` with commits that don't wait for the disk: a power failure may undo the last of them, whole and
    /// in order, unless another commit has followed meanwhile.
    ///
    /// The write lock is free some milliseconds sooner. https://sqlite.org/pragma.html#pragma_synchronous
    package func withoutSyncing<T>(_ body: () throws -> T) throws -> T {
        // Both are carried out when they are compiled, so that a statement that is kept would do nothing.
        let before = try Statement(connection: self, sql: "PRAGMA synchronous").first { $0.int(0) }
        guard let before, before > 1, !isInTransaction else { return try body() }
        try execute("PRAGMA synchronous = NORMAL")
        let result = Result { try body() }
        try execute("PRAGMA synchronous = \(before)")
        return try result.get()
    }

    private func begin<T>(_ sql: String, _ body: () throws -> T) throws -> T {
        try run(sql)
        do {
            let result = try body()
            try run("COMMIT")
            return result
        } catch {
            // Some errors (disk full, I/O) have rolled back already; a second ROLLBACK is then the
            // only thing that can fail here. https://sqlite.org/lang_transaction.html#immediate
            if isInTransaction { try run("ROLLBACK") }
            throw error
        }
    }

    private func run(_ sql: String) throws(SQLiteError) {
        let statement = try statement(sql)
        defer { statement.reset() }
        _ = try statement.step()
    }
}
