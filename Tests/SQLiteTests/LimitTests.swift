import SQLite
import TestSupport
import Testing

/// ``Connection/withLimit(_:_:)``: statements that take too long are ended.
struct LimitTests {
    private let directory: TemporaryDirectory
    private let connection: Connection

    init() throws {
        directory = try TemporaryDirectory()
        connection = try Connection(path: directory.file("test.db"), mode: .create)
        try connection.execute("CREATE TABLE t (n)")
    }

    private func count(to steps: Int) throws -> Int64? {
        try connection.statement(
            """
            WITH RECURSIVE q(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM q WHERE n < ?)
            SELECT max(n) FROM q
            """
        ).bind(Int64(steps)).first { $0.int(0) }
    }

    @Test func `a statement that takes too long is ended, and the next one is not`() throws {
        let error = #expect(throws: SQLiteError.self) {
            try connection.withLimit(.milliseconds(20)) { try count(to: 1_000_000_000_000) }
        }
        #expect(error?.isOverdue == true && error?.isAboutTheStatement == true)
        #expect(error?.message == "took longer than 20 ms")
        #expect(try count(to: 100_000) == 100_000)
    }

    @Test func `without a limit a statement takes its time`() throws {
        #expect(try count(to: 1_000_000) == 1_000_000)
    }

    /// As if the machine had stood still before it.
    @Test func `a statement that does little is not ended`() throws {
        #expect(try connection.withLimit(.zero) { try count(to: 100) } == 100)
    }

    @Test func `the limit is for all statements of the body together`() throws {
        let error = #expect(throws: SQLiteError.self) {
            try connection.withLimit(.milliseconds(20)) {
                while true { _ = try count(to: 1_000) }
            }
        }
        #expect(error?.isOverdue == true)
    }

    @Test func `a late limit ends what goes on, and begins with what it is about`() throws {
        let endless = 1_000_000_000_000
        let error = #expect(throws: SQLiteError.self) {
            try connection.withLateLimit(.milliseconds(20)) { try count(to: endless) }
        }
        #expect(error?.isOverdue == true && error?.message == "took longer than 20 ms")
        // What stands around it has begun, and ends first; or has not, and says nothing.
        let outer = #expect(throws: SQLiteError.self) {
            try connection.withLimit(.milliseconds(20)) {
                try connection.withLateLimit(.seconds(100)) { try count(to: endless) }
            }
        }
        #expect(outer?.isOverdue == true)
        let between = #expect(throws: SQLiteError.self) {
            try connection.withLimit(.milliseconds(20)) {
                try connection.withLateLimit(.seconds(100)) {
                    // Some seconds: with the inner limit alone it would come to its end.
                    try connection.withLimit(.seconds(100)) { try count(to: 20_000_000) }
                }
            }
        }
        #expect(between?.isOverdue == true)
        let inner = #expect(throws: SQLiteError.self) {
            try connection.withLateLimit(.seconds(100)) {
                try connection.withLateLimit(.milliseconds(20)) { try count(to: endless) }
            }
        }
        #expect(inner?.message == "took longer than 20 ms")
        #expect(try connection.withLateLimit(.zero) { try count(to: 1_000) } == 1_000)
    }

    @Test func `what is done within a late limit is no part of the one around it`() throws {
        try connection.withLateLimit(.zero) {
            for _ in 0..<4 {
                let counted = try connection.withLateLimit(.seconds(100)) { try count(to: 200_000) }
                #expect(counted == 200_000)
            }
            #expect(try count(to: 1_000) == 1_000)
        }
        let error = #expect(throws: SQLiteError.self) {
            try connection.withLateLimit(.milliseconds(20)) {
                _ = try connection.withLateLimit(.seconds(100)) { try count(to: 1_000) }
                _ = try count(to: 1_000_000_000_000)
            }
        }
        #expect(error?.message == "took longer than 20 ms")
    }

    @Test func `within another limit the earlier end holds`() throws {
        let error = #expect(throws: SQLiteError.self) {
            try connection.withLimit(.milliseconds(20)) {
                try connection.withLimit(.seconds(100)) { try count(to: 1_000_000_000_000) }
            }
        }
        #expect(error?.message == "took longer than 20 ms")
        let inner = #expect(throws: SQLiteError.self) {
            try connection.withLimit(.seconds(100)) {
                try connection.withLimit(.milliseconds(20)) { try count(to: 1_000_000_000_000) }
            }
        }
        #expect(inner?.message == "took longer than 20 ms")
    }

    @Test func `a transaction whose writing statement is ended is rolled back`() throws {
        try connection.execute("BEGIN; INSERT INTO t VALUES (1)")
        #expect(throws: SQLiteError.self) {
            try connection.withLimit(.milliseconds(20)) {
                try connection.execute(
                    """
                    INSERT INTO t WITH RECURSIVE q(n) AS
                        (SELECT 1 UNION ALL SELECT n + 1 FROM q) SELECT max(n) FROM q
                    """)
            }
        }
        #expect(!connection.isInTransaction)
        #expect(try connection.statement("SELECT count(*) FROM t").first { $0.int(0) } == 0)
    }
}
