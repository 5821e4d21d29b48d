internal import CSQLite

/// Long values: their length is asked before their bytes are read.
///
/// `length()` of a text, `substr` and CAST all read the whole value into memory first. Two things do
/// not: a limit of the connection, which SQLite compares with the length in the record's header, and
/// the incremental blob interface, which walks the overflow pages. A body of 300 MB costs 4 kB of
/// memory with either (measured with 3.40.1).
extension Connection {
    /// No statement reads, binds or builds a value, or a row, of more than `octets` from now on: it
    /// fails with ``SQLiteError/isTooBig`` instead, before memory is taken for it.
    /// https://sqlite.org/c3ref/c_limit_attached.html#sqlitelimitlength
    package func limitValues(to octets: Int) {
        sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, Int32(clamping: octets))
    }

    /// Runs `body` with another limit, and puts the old one back; 20 ns.
    package func withValues<T>(upTo octets: Int, _ body: () throws -> T) rethrows -> T {
        let before = sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, Int32(clamping: octets))
        defer { sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, before) }
        return try body()
    }

    /// The first octets of a text or blob, however long it is; 5 µs and what the overflow pages up to
    /// there take.
    ///
    /// - Parameters:
    ///   - table: A real table with rowids: there is no such access to a view.
    ///   - column: No generated column.
    ///   - limit: The most octets that are read. A character at the end may be cut in two.
    /// - Throws: where the value is neither a text nor a blob, or the row is gone.
    package func prefix(
        of column: String, in table: String, rowID: Int64, limit: Int
    ) throws(SQLiteError) -> [UInt8] {
        var opened: OpaquePointer?
        let code = sqlite3_blob_open(handle, "main", table, column, rowID, 0, &opened)
        defer { sqlite3_blob_close(opened) }
        guard code == SQLITE_OK, let opened else {
            throw error(code, "sqlite3_blob_open \(table).\(column)")
        }
        let count = min(Int(sqlite3_blob_bytes(opened)), limit)
        var read = SQLITE_OK
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            read = sqlite3_blob_read(opened, buffer.baseAddress, Int32(clamping: count), 0)
            initialized = read == SQLITE_OK ? count : 0
        }
        guard read == SQLITE_OK else { throw error(read, "sqlite3_blob_read \(table).\(column)") }
        return bytes
    }

    /// The same of a text, in whatever encoding the file keeps it.
    ///
    /// What is no UTF-8 or UTF-16 is repaired. https://sqlite.org/pragma.html#pragma_encoding
    package func textPrefix(
        of column: String, in table: String, rowID: Int64, limit: Int
    ) throws -> String {
        let bytes = try prefix(of: column, in: table, rowID: rowID, limit: limit)
        switch try encoding() {
        case "UTF-16le": return Self.utf16(bytes) { UInt16($0) | UInt16($1) << 8 }
        case "UTF-16be": return Self.utf16(bytes) { UInt16($1) | UInt16($0) << 8 }
        default: return String(decoding: bytes, as: UTF8.self)
        }
    }

    private func encoding() throws -> String {
        try statement("PRAGMA encoding").first { $0.text(0) } ?? "UTF-8"
    }

    private static func utf16(_ bytes: [UInt8], _ unit: (UInt8, UInt8) -> UInt16) -> String {
        let units = stride(from: 0, to: bytes.count - 1, by: 2).map {
            unit(bytes[$0], bytes[$0 + 1])
        }
        return String(decoding: units, as: UTF16.self)
    }
}
