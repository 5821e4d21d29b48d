internal import CSQLite
internal import Glibc

/// A compiled statement of one connection.
///
/// Values are bound, stepped through and read by position, parameters from 1 as in SQL, columns
/// from 0.
package final class Statement {
    private let handle: OpaquePointer
    private unowned let connection: Connection
    package let sql: String
    private var nextParameter: Int32 = 1
    private var isRunning = false

    init(connection: Connection, sql: String) throws(SQLiteError) {
        var prepared: OpaquePointer?
        let code = sqlite3_prepare_v3(
            connection.handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
        guard code == SQLITE_OK, let prepared else { throw connection.error(code, sql) }
        handle = prepared
        self.connection = connection
        self.sql = sql
    }

    deinit { sqlite3_finalize(handle) }

    // MARK: Values, bound from left to right

    @discardableResult
    package func bind(_ value: Int64?) throws(SQLiteError) -> Statement {
        try put(value)
        return self
    }

    @discardableResult
    package func bind(_ value: Int?) throws(SQLiteError) -> Statement {
        try bind(value.map(Int64.init))
    }

    @discardableResult
    package func bind(_ value: Bool) throws(SQLiteError) -> Statement {
        try bind(value ? Int64(1) : 0)
    }

    @discardableResult
    package func bind(_ value: String?) throws(SQLiteError) -> Statement {
        try put(value)
        return self
    }

    @discardableResult
    package func bind(_ value: [UInt8]?) throws(SQLiteError) -> Statement {
        guard let value else { return try bind(nil as Int64?) }
        let position = next()
        let code = value.withUnsafeBytes {
            $0.isEmpty
                ? sqlite3_bind_zeroblob(handle, position, 0)
                : sqlite3_bind_blob64(
                    handle, position, $0.baseAddress, UInt64($0.count), outboxd_sqlite_transient())
        }
        try check(code)
        return self
    }

    // The same for statements that run for every mail. Returning a reference costs a retain and a release: with some
    // forty values a mail that was 2 % of the storing thread's time.

    package func put(_ value: Int64?) throws(SQLiteError) {
        let position = next()
        guard let value else { return try check(sqlite3_bind_null(handle, position)) }
        try check(sqlite3_bind_int64(handle, position, value))
    }

    package func put(_ value: String?) throws(SQLiteError) {
        let position = next()
        guard let value else { return try check(sqlite3_bind_null(handle, position)) }
        let code = value.utf8.span.withUnsafeBufferPointer { bytes in
            bytes.withMemoryRebound(to: CChar.self) {
                guard let start = $0.baseAddress else {
                    return sqlite3_bind_text64(
                        handle, position, "", 0, outboxd_sqlite_transient(), UInt8(SQLITE_UTF8))
                }
                return sqlite3_bind_text64(
                    handle, position, start, UInt64($0.count), outboxd_sqlite_transient(),
                    UInt8(SQLITE_UTF8))
            }
        }
        try check(code)
    }

    // MARK: Running

    /// True if there is a row to read.
    package func step() throws(SQLiteError) -> Bool {
        isRunning = true
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default:
            let failure = connection.error(sqlite3_extended_errcode(connection.handle), sql)
            reset()
            throw failure
        }
    }

    /// Runs a statement that returns no rows, and resets it: an open statement holds its snapshot.
    package func run() throws(SQLiteError) {
        _ = try step()
        reset()
    }

    /// Runs an INSERT or UPDATE of exactly one row.
    ///
    /// - Throws: also if nothing was changed: a trigger has said RAISE(IGNORE), which SQLite does not
    ///   report. https://sqlite.org/lang_createtrigger.html#the_raise_function
    package func runForOneRow() throws(SQLiteError) { try run(forRows: 1) }

    /// Runs an INSERT or UPDATE of exactly so many rows, as ``runForOneRow()`` does of one.
    package func run(forRows count: Int) throws(SQLiteError) {
        try run()
        guard connection.changes != count else { return }
        throw .ignored(sql)
    }

    /// Every row, as `read` makes it, then resets.
    package func all<T>(_ read: (Statement) throws -> T) throws -> [T] {
        defer { reset() }
        var rows: [T] = []
        while try step() { rows.append(try read(self)) }
        return rows
    }

    /// The first row, then resets.
    package func first<T>(_ read: (Statement) throws -> T) throws -> T? {
        defer { reset() }
        return try step() ? try read(self) : nil
    }

    /// Ends the run and forgets the values.
    package func reset() {
        // Nearly every statement was reset after its last run.
        if isRunning { sqlite3_reset(handle) }
        if nextParameter > 1 { sqlite3_clear_bindings(handle) }
        isRunning = false
        nextParameter = 1
    }

    // MARK: Columns

    package func isNull(_ column: Int32) -> Bool {
        sqlite3_column_type(handle, column) == SQLITE_NULL
    }

    package func int(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

    package func optionalInt(_ column: Int32) -> Int64? { isNull(column) ? nil : int(column) }

    package func bool(_ column: Int32) -> Bool { int(column) != 0 }

    /// Text; "" for NULL.
    ///
    /// Bytes that are no UTF-8 are repaired: the file is another program's too.
    package func text(_ column: Int32) -> String {
        guard let start = sqlite3_column_text(handle, column) else { return "" }
        let count = Int(sqlite3_column_bytes(handle, column))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    package func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }

    /// Whether ``text(_:)`` would return this; nothing is copied, however long the value is.
    package func hasText(_ column: Int32, _ expected: String) -> Bool {
        guard let start = sqlite3_column_text(handle, column) else { return expected.isEmpty }
        let count = Int(sqlite3_column_bytes(handle, column))
        var expected = expected
        return expected.withUTF8 { expected in
            // Repairing makes a text longer, never shorter.
            guard count <= expected.count, let bytes = expected.baseAddress else {
                return count == expected.count
            }
            if count == expected.count, memcmp(start, bytes, count) == 0 { return true }
            let found = UnsafeBufferPointer(start: start, count: count)
            return expected.elementsEqual(String(decoding: found, as: UTF8.self).utf8)
        }
    }

    /// Text, of which no more than `limit` octets are copied; a character at the end may be cut in two
    /// and is then repaired.
    package func text(_ column: Int32, limit: Int) -> String {
        guard let start = sqlite3_column_text(handle, column) else { return "" }
        let count = min(Int(sqlite3_column_bytes(handle, column)), limit)
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    package func optionalText(_ column: Int32, limit: Int) -> String? {
        isNull(column) ? nil : text(column, limit: limit)
    }

    package func blob(_ column: Int32) -> [UInt8] {
        guard let start = sqlite3_column_blob(handle, column) else { return [] }
        return [UInt8](
            UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column))))
    }

    // MARK: -

    private func next() -> Int32 {
        defer { nextParameter += 1 }
        return nextParameter
    }

    private func check(_ code: Int32) throws(SQLiteError) {
        guard code == SQLITE_OK else { throw connection.error(code, sql) }
    }
}
