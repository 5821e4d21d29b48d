import SQLite
import TestSupport
import Testing

/// Whose fault an SQL error is: the statement's, and so one mail's, or the store's.
struct SQLiteErrorTests {
    /// Every primary code of https://sqlite.org/rescode.html, by number.
    @Test(
        arguments: [
            (1, true), (2, false), (3, false), (4, false), (5, false), (6, false), (7, true),
            (8, false), (9, true), (10, false), (11, false), (13, false), (14, false), (15, false),
            (17, false), (18, true), (19, true), (20, true), (21, false), (22, false), (23, false),
            (24, false), (25, true), (26, false),
        ] as [(Int32, Bool)])
    func `a code is the statement's or the store's`(code: Int32, isAboutTheStatement: Bool) {
        for extended in [code, code | 3 << 8] {
            let error = SQLiteError(code: extended, message: "", operation: "")
            #expect(error.isAboutTheStatement == isAboutTheStatement)
        }
    }

    @Test func `a view that raises for one row is about the statement`() throws {
        let directory = try TemporaryDirectory()
        let connection = try Connection(path: directory.file("test.db"), mode: .create)
        try connection.execute(
            """
            CREATE TABLE t (id, n);
            INSERT INTO t VALUES (1, -1), (2, -9223372036854775808);
            CREATE VIEW v AS SELECT id, abs(n) AS a FROM t
            """)
        let select = "SELECT a FROM v WHERE id = ?"
        #expect(try connection.statement(select).bind(Int64(1)).first { $0.int(0) } == 1)
        let error = #expect(throws: SQLiteError.self) {
            try connection.statement(select).bind(Int64(2)).first { $0.int(0) }
        }
        #expect(error?.isAboutTheStatement == true)
    }

    @Test func `a lock of another process is not`() throws {
        let directory = try TemporaryDirectory()
        let one = try Connection(path: directory.file("test.db"), mode: .create)
        try one.execute("CREATE TABLE t (id); BEGIN IMMEDIATE")
        let other = try Connection(path: directory.file("test.db"), mode: .readWrite)
        other.whileBusy { _ in false }
        let error = #expect(throws: SQLiteError.self) { try other.execute("BEGIN IMMEDIATE") }
        #expect(error?.isAboutTheStatement == false)
    }
}
