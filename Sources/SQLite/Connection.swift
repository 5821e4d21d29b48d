internal import CSQLite
internal import Glibc
internal import Synchronization

/// One SQLite connection, used by one thread at a time: it is not `Sendable`, and opened without
/// SQLite's own mutexes. https://sqlite.org/threadsafe.html
package final class Connection {
    package enum Mode: Sendable {
        /// Reads only; the file must exist.
        case readOnly
        /// Reads only, and takes the file for one that nobody changes: for a user who may not write beside it, where
        /// there is no write-ahead log. https://sqlite.org/uri.html#uriimmutable
        case unchanging
        /// Reads and writes; the file must exist.
        case readWrite
        /// Reads and writes; the file is made where there is none.
        case create
    }

    /// Once for the process; it fails where somebody has used SQLite before, and then counts on.
    private static let countsNoMemory = outboxd_sqlite_count_no_memory()

    let handle: OpaquePointer
    package let path: String
    private var statements = StatementCache()
    /// Asked every millisecond while another process has the lock; false gives up (SQLITE_BUSY).
    private var whileBusy: (Duration) -> Bool = { $0 < .seconds(30) }
    private var busySince: ContinuousClock.Instant?
    /// See ``withLimit(_:_:)``.
    var deadline: StatementDeadline?
    /// Whether a long statement may go on; nil: it may.
    var mayGoOn: (() -> Bool)?
    /// Thousands of SQLite's instructions so far: what statements did, whatever the machine did besides.
    package internal(set) var steps = 0
    /// Pages in the write-ahead log when this connection last committed; see ``watchLog()``.
    package internal(set) var logPages = 0

    /// - Throws: ``SQLiteError`` where the file cannot be opened. Whether it is a database shows at
    ///   the first statement only.
    package init(path: String, mode: Mode) throws(SQLiteError) {
        _ = Self.countsNoMemory
        var opened: OpaquePointer?
        let code = sqlite3_open_v2(mode.name(path), &opened, mode.flags | SQLITE_OPEN_NOMUTEX, nil)
        guard code == SQLITE_OK, let opened else {
            let message = opened.map { Self.message($0, code) } ?? "out of memory"
            sqlite3_close_v2(opened)
            throw SQLiteError(code: code, message: message, operation: "open \(path)")
        }
        handle = opened
        self.path = path
        sqlite3_extended_result_codes(handle, 1)
        // Nobody may write the schema or the shadow tables directly through us. The schema itself is
        // trusted, as it is by default: views are the API server's way to show us its tables, and
        // without trust SQLite 3.40 refuses json_extract in them. None of the functions that SQLite
        // brings has an effect outside the database; extensions can't be loaded.
        // https://sqlite.org/c3ref/c_dbconfig_defensive.html
        _ = outboxd_sqlite_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1)
        installBusyHandler()
        installProgressHandler()
    }

    /// The log that this process has open is not the database's any more: no connection copies it back when it is closed.
    ///
    /// Copied back, it would undo what others have written since.
    package static func leaveLogs() { leavesLogs.store(true, ordering: .relaxed) }

    private static let leavesLogs = Atomic(false)

    deinit {
        statements.removeAll()
        // https://sqlite.org/c3ref/c_dbconfig_defensive.html
        if Self.leavesLogs.load(ordering: .relaxed) {
            _ = outboxd_sqlite_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
        }
        sqlite3_close_v2(handle)
    }

    /// What to do while another process has the lock: `decide` gets how long we have waited and
    /// says whether to go on.
    ///
    /// The default gives up after 30 s.
    package func whileBusy(_ decide: @escaping (Duration) -> Bool) {
        whileBusy = decide
    }

    /// Runs `body` with a shorter patience, and puts the old one back.
    package func withPatience<T>(_ limit: Duration, _ body: () throws -> T) rethrows -> T {
        let before = whileBusy
        whileBusy = { $0 < limit }
        defer { whileBusy = before }
        return try body()
    }

    /// Runs one or more statements that return nothing of interest.
    package func execute(_ sql: String) throws(SQLiteError) {
        var message: UnsafeMutablePointer<CChar>?
        let code = sqlite3_exec(handle, sql, nil, nil, &message)
        defer { sqlite3_free(message) }
        guard code == SQLITE_OK else {
            throw SQLiteError(
                code: sqlite3_extended_errcode(handle),
                message: message == nil ? "unknown error" : Self.message(handle, code),
                operation: sql)
        }
    }

    /// The compiled statement, kept for the next time.
    ///
    /// It comes back reset and without values.
    package func statement(_ sql: String) throws(SQLiteError) -> Statement {
        if let kept = statements.find(sql) {
            kept.reset()
            return kept
        }
        let made = try Statement(connection: self, sql: sql)
        statements.keep(made)
        return made
    }

    /// Changes when another connection has committed; 1 to 3 µs.
    ///
    /// Comparable with earlier values of this connection only.
    /// https://sqlite.org/pragma.html#pragma_data_version
    package func dataVersion() throws(SQLiteError) -> Int64 {
        let statement = try statement("PRAGMA data_version")
        defer { statement.reset() }
        return try statement.step() ? statement.int(0) : 0
    }

    /// Rows that the last statement changed.
    package var changes: Int { Int(sqlite3_changes(handle)) }

    /// Another number once this connection has changed a row, whether it was committed or not.
    package var changeCount: Int32 { sqlite3_total_changes(handle) }
    package var lastInsertRowID: Int64 { sqlite3_last_insert_rowid(handle) }
    package var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    func error(_ code: Int32, _ operation: String) -> SQLiteError {
        var message = Self.message(handle, code)
        if code == SQLITE_INTERRUPT, let limit = deadline?.limit {
            message = "took longer than \(Int(limit / .milliseconds(1))) ms"
        }
        return SQLiteError(code: code, message: message, operation: operation)
    }

    /// SQLite's words, and the system's where a file was refused: "unable to open database file" may be a
    /// missing directory, or a process that has too many files open.
    private static func message(_ handle: OpaquePointer, _ code: Int32) -> String {
        let words = String(cString: sqlite3_errmsg(handle))
        let number = sqlite3_system_errno(handle)
        guard [SQLITE_CANTOPEN, SQLITE_IOERR].contains(code & 0xFF), number > 0,
            let reason = strerror(number)
        else { return words }
        return "\(words): \(String(cString: reason))"
    }

    /// Keeps ``logPages`` up to date.
    ///
    /// Takes the place of the automatic checkpoint, which is a hook of the same kind.
    /// https://sqlite.org/c3ref/wal_hook.html
    package func watchLog() {
        sqlite3_wal_hook(
            handle,
            { context, _, _, pages in
                guard let context else { return SQLITE_OK }
                Unmanaged<Connection>.fromOpaque(context).takeUnretainedValue().logPages =
                    Int(pages)
                return SQLITE_OK
            },
            Unmanaged.passUnretained(self).toOpaque())
    }

    /// A constant short sleep: the built-in handler grows to 100 ms and lets the newest waiter win.
    private func installBusyHandler() {
        sqlite3_busy_handler(
            handle,
            { context, count in
                guard let context else { return 0 }
                let connection = Unmanaged<Connection>.fromOpaque(context).takeUnretainedValue()
                return connection.waitForLock(tries: count) ? 1 : 0
            },
            Unmanaged.passUnretained(self).toOpaque())
    }

    private func waitForLock(tries: Int32) -> Bool {
        let now = ContinuousClock.now
        if tries == 0 { busySince = now }
        guard whileBusy(now - (busySince ?? now)) else { return false }
        sqlite3_sleep(1)
        return true
    }
}

extension Connection.Mode {
    /// What is opened: a path, or the same as a URI.
    fileprivate func name(_ path: String) -> String {
        guard case .unchanging = self else { return path }
        let escaped = path.replacing("%", with: "%25").replacing("?", with: "%3f")
            .replacing("#", with: "%23")
        return "file:\(escaped)?immutable=1"
    }

    fileprivate var flags: Int32 {
        switch self {
        case .readOnly: SQLITE_OPEN_READONLY
        case .unchanging: SQLITE_OPEN_READONLY | SQLITE_OPEN_URI
        case .readWrite: SQLITE_OPEN_READWRITE
        case .create: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
        }
    }
}
