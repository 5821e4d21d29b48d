import CSQLite
import Foundation
import Testing

@testable import SQLite

/// A database in memory with one row whose text has so many octets.
private func database(holding octets: Int, encoding: String = "UTF-8") throws -> Connection {
    let connection = try Connection(path: ":memory:", mode: .create)
    try connection.execute("PRAGMA encoding = '\(encoding)'")
    try connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT, after INTEGER)")
    try connection.statement("INSERT INTO t VALUES (1, ?, 7)")
        .bind(String(repeating: "ä", count: octets / 2)).run()
    try connection.execute("INSERT INTO t VALUES (2, NULL, 8)")
    return connection
}

struct LengthTests {
    @Test(arguments: [
        "SELECT text FROM t", "SELECT length(text) FROM t", "SELECT substr(text, 1, 10) FROM t",
        "SELECT substr(CAST(text AS BLOB), 1, 10) FROM t", "SELECT text || 'x' FROM t",
    ])
    func `a value beyond the limit is an error, and no memory`(_ sql: String) throws {
        let connection = try database(holding: 100_000)
        connection.limitValues(to: 50_000)
        let error = #expect(throws: SQLiteError.self) {
            try connection.statement(sql).all { $0.text(0) }
        }
        #expect(error?.isTooBig == true)
        // What lies behind it can be read, and so can it with another limit.
        #expect(try connection.statement("SELECT after FROM t").first { $0.int(0) } == 7)
        let count = try connection.withValues(upTo: 200_000) {
            try connection.statement("SELECT text FROM t").first { $0.text(0).utf8.count }
        }
        #expect(count == 100_000)
        #expect(sqlite3_limit(connection.handle, SQLITE_LIMIT_LENGTH, -1) == 50_000)
    }

    @Test func `the old limit comes back after an error`() throws {
        let connection = try database(holding: 100)
        connection.limitValues(to: 50_000)
        #expect(throws: SQLiteError.self) {
            try connection.withValues(upTo: 10) {
                try connection.statement("SELECT text FROM t").all { $0.text(0) }
            }
        }
        #expect(sqlite3_limit(connection.handle, SQLITE_LIMIT_LENGTH, -1) == 50_000)
    }

    @Test(arguments: ["UTF-8", "UTF-16le", "UTF-16be"])
    func `the start of a long text is read whatever the limit`(_ encoding: String) throws {
        let connection = try database(holding: 100_000, encoding: encoding)
        connection.limitValues(to: 1_000)
        let text = try connection.textPrefix(of: "text", in: "t", rowID: 1, limit: 100)
        #expect(text == String(repeating: "ä", count: 50))
        #expect(
            try connection.textPrefix(of: "text", in: "t", rowID: 1, limit: 1_000_000)
                .unicodeScalars.count == 50_000)
    }

    @Test(arguments: [(1, "none"), (2, "text"), (3, "text")])
    func `what is no long text is an error`(_ id: Int64, _ column: String) throws {
        let connection = try database(holding: 100)
        #expect(throws: SQLiteError.self) {
            try connection.prefix(of: column, in: "t", rowID: id, limit: 10)
        }
    }

    @Test(arguments: [(0, ""), (2, "ä"), (3, "ä\u{FFFD}"), (99, "ää")])
    func `a column's text is copied up to a limit`(_ limit: Int, _ expected: String) throws {
        let connection = try database(holding: 4)
        let text = try connection.statement("SELECT text FROM t").first {
            $0.text(0, limit: limit)
        }
        #expect(text == expected)
        let none = try connection.statement("SELECT text FROM t WHERE id = 2").first {
            $0.optionalText(0, limit: limit)
        }
        #expect(none == .some(nil))
    }
}
