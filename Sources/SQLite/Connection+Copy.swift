internal import CSQLite

extension Connection {
    /// Copies the whole database as it is now into another, page by page.
    ///
    /// All within one read transaction, so that what others commit meanwhile neither shows nor makes it begin
    /// anew, as it does where the steps have a transaction each: beside a daemon that commits all the time
    /// such a copy of a large file never ends. Nobody waits for it; but the log can't start from its beginning
    /// before it is through. `watch` says whether that takes too long.
    /// https://sqlite.org/c3ref/backup_finish.html
    ///
    /// - Parameters:
    ///   - destination: Nobody else's, with nothing in it.
    ///   - watch: Called after each step with the pages that are copied and all there are; what it throws ends
    ///     the copy.
    package func copy(
        to destination: Connection, pagesAtOnce: Int32 = 256,
        watch: (_ copied: Int, _ all: Int) throws -> Void
    ) throws {
        try snapshot {
            // The transaction begins with the first read.
            _ = try statement("SELECT count(*) FROM sqlite_schema").first { $0.int(0) }
            guard let backup = sqlite3_backup_init(destination.handle, "main", handle, "main")
            else {
                throw destination.error(sqlite3_errcode(destination.handle), "sqlite3_backup_init")
            }
            var result = SQLITE_OK
            do {
                defer { sqlite3_backup_finish(backup) }
                while result == SQLITE_OK {
                    result = sqlite3_backup_step(backup, pagesAtOnce)
                    let all = Int(sqlite3_backup_pagecount(backup))
                    try watch(all - Int(sqlite3_backup_remaining(backup)), all)
                }
            }
            guard result == SQLITE_DONE else {
                throw SQLiteError(
                    code: result, message: String(cString: sqlite3_errstr(result)),
                    operation: "sqlite3_backup_step")
            }
        }
    }

    /// What `PRAGMA integrity_check` finds, at most one fault; nil if all is well.
    ///
    /// - Parameter mayGoOn: Asked now and then; false ends it with ``SQLiteError/isOverdue``.
    package func integrityFault(while mayGoOn: @escaping () -> Bool) throws -> String? {
        self.mayGoOn = mayGoOn
        defer { self.mayGoOn = nil }
        let text = try statement("PRAGMA integrity_check(1)").first { $0.text(0) } ?? "no answer"
        return text == "ok" ? nil : text
    }
}
