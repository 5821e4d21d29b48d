import Foundation
import SQLite
import Testing

/// A database file of its own, removed with the value.
private final class Scratch {
    let directory: URL
    var path: String { directory.appendingPathComponent("t.db").path }

    init() throws {
        directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("outboxd-sqlite-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: directory) }

    func open() throws -> Connection {
        let connection = try Connection(path: path, mode: .create)
        try connection.execute("PRAGMA journal_mode=WAL")
        return connection
    }
}

@Test func `values come back as they were bound`() throws {
    let scratch = try Scratch()
    let connection = try scratch.open()
    try connection.execute("CREATE TABLE t(a INTEGER, b TEXT, c BLOB) STRICT")
    try connection.statement("INSERT INTO t VALUES(?,?,?)")
        .bind(Int64.min).bind("naïve \u{0} text").bind([0, 255, 1]).run()
    try connection.statement("INSERT INTO t VALUES(?,?,?)")
        .bind(nil as Int64?).bind("").bind([] as [UInt8]).run()
    let rows = try connection.statement("SELECT a, b, c FROM t ORDER BY rowid").all {
        ($0.optionalInt(0), $0.text(1), $0.blob(2), $0.isNull(1))
    }
    #expect(rows.count == 2)
    #expect(rows[0].0 == .min && rows[0].1 == "naïve \u{0} text" && rows[0].2 == [0, 255, 1])
    #expect(rows[1].0 == nil && rows[1].1 == "" && rows[1].2 == [] && rows[1].3 == false)
}

@Test func `a transaction that throws leaves nothing behind`() throws {
    struct Stop: Error {}
    let scratch = try Scratch()
    let connection = try scratch.open()
    try connection.execute("CREATE TABLE t(a)")
    #expect(throws: Stop.self) {
        try connection.transaction {
            try connection.execute("INSERT INTO t VALUES(1)")
            throw Stop()
        }
    }
    #expect(!connection.isInTransaction)
    #expect(try connection.statement("SELECT count(*) FROM t").first { $0.int(0) } == 0)
}

@Test func `data_version moves with the commits of others only`() throws {
    let scratch = try Scratch()
    let ours = try scratch.open()
    try ours.execute("CREATE TABLE t(a)")
    let other = try scratch.open()
    let before = try ours.dataVersion()
    try ours.transaction { try ours.execute("INSERT INTO t VALUES(1)") }
    #expect(try ours.dataVersion() == before)
    try other.execute("INSERT INTO t VALUES(2)")
    #expect(try ours.dataVersion() != before)
}

@Test func `a slow writer is waited for as long as the owner says`() throws {
    let scratch = try Scratch()
    let ours = try scratch.open()
    try ours.execute("CREATE TABLE t(a)")
    let other = try scratch.open()
    try other.execute("BEGIN IMMEDIATE")
    var asked = 0
    ours.whileBusy { _ in
        asked += 1
        // The other writer is done at last; nobody had given up on it.
        if asked == 20 { try? other.execute("COMMIT") }
        return true
    }
    try ours.transaction { try ours.execute("INSERT INTO t VALUES(1)") }
    #expect(asked >= 20)

    try other.execute("BEGIN IMMEDIATE")
    ours.whileBusy { _ in false }
    let error = #expect(throws: SQLiteError.self) { try ours.transaction {} }
    #expect(error?.isBusy == true)
}

@Test func `a checkpoint that somebody holds up is no error`() throws {
    let scratch = try Scratch()
    let ours = try scratch.open()
    try ours.execute("CREATE TABLE t(a); INSERT INTO t VALUES(1)")
    let reader = try Connection(path: scratch.path, mode: .readOnly)
    try reader.execute("BEGIN")
    _ = try reader.statement("SELECT * FROM t").first { $0.int(0) }
    try ours.execute("INSERT INTO t VALUES(2)")
    #expect(try ours.checkpoint(.truncate, patience: .milliseconds(5)) == false)
    try reader.execute("COMMIT")
    #expect(try ours.checkpoint(.truncate, patience: .milliseconds(500)))
}

@Test func `errors name the operation and never a value`() throws {
    let scratch = try Scratch()
    let connection = try scratch.open()
    try connection.execute("CREATE TABLE t(a TEXT UNIQUE)")
    let insert = "INSERT INTO t VALUES(?)"
    try connection.statement(insert).bind("secret text").run()
    let error = #expect(throws: SQLiteError.self) {
        try connection.statement(insert).bind("secret text").run()
    }
    #expect(error?.primaryCode == 19)
    #expect(error?.description.contains(insert) == true)
    #expect(error?.description.contains("secret") == false)
}

@Test(arguments: [
    ("missing/x.db", Connection.Mode.create), ("none.db", .readWrite), ("none.db", .readOnly),
])
func `a file that cannot be opened is an error with its path`(name: String, mode: Connection.Mode)
    throws
{
    let scratch = try Scratch()
    let path = scratch.directory.appendingPathComponent(name).path
    let error = #expect(throws: SQLiteError.self) { _ = try Connection(path: path, mode: mode) }
    #expect(error?.isStorageTrouble == true)
    #expect(error?.operation.contains(path) == true)
}

@Test func `a file that is no database says so`() throws {
    let scratch = try Scratch()
    try Data(repeating: 0x41, count: 4096).write(to: URL(fileURLWithPath: scratch.path))
    let error = #expect(throws: SQLiteError.self) {
        let connection = try Connection(path: scratch.path, mode: .readWrite)
        try connection.execute("SELECT * FROM sqlite_master")
    }
    #expect(error?.isDamage == true)
}

@Test(arguments: [
    ("'abc'", "abc", true), ("'abc'", "abd", false), ("'abc'", "ab", false),
    ("'abc'", "abcd", false),
    ("''", "", true), ("NULL", "", true), ("NULL", "a", false), ("''", "a", false),
    ("'a'", "", false),
    ("'ä'", "ä", true), ("'ä'", "a\u{308}", false), ("CAST(x'61ff62' AS TEXT)", "a\u{FFFD}b", true),
    ("CAST(x'61ff62' AS TEXT)", "a\u{FFFD}c", false), ("'a' || char(0) || 'b'", "a\0b", true),
    ("17", "17", true), ("CAST(zeroblob(1000000) AS TEXT)", "\0", false),
])
func `a text is compared where it lies`(value: String, expected: String, isSame: Bool) throws {
    let connection = try Connection(path: ":memory:", mode: .create)
    let statement = try connection.statement("SELECT \(value)")
    #expect(try statement.step())
    #expect(statement.hasText(0, expected) == isSame)
    #expect((Array(statement.text(0).utf8) == Array(expected.utf8)) == isSame)
}

@Test func `statements of the same length are told apart, and kept`() throws {
    let connection = try Connection(path: ":memory:", mode: .create)
    let texts = (0..<9).map { "SELECT \($0)" }
    let statements = try texts.map { try connection.statement($0) }
    for (text, statement) in zip(texts, statements) {
        #expect(statement.sql == text)
        #expect(try connection.statement(String(decoding: text.utf8, as: UTF8.self)) === statement)
    }
}

@Test func `commits that need not last don't wait for the disk, and the next ones do again`() throws
{
    let scratch = try Scratch()
    let connection = try scratch.open()
    try connection.execute("PRAGMA synchronous = FULL; CREATE TABLE t (a INTEGER)")
    /// A statement that is kept would tell the value of when it was compiled.
    func level(_ name: String) throws -> Int64? {
        try connection.statement("PRAGMA synchronous /* \(name) */").first { $0.int(0) }
    }
    struct Failure: Error {}
    let within = try connection.withoutSyncing {
        try connection.transaction { try connection.execute("INSERT INTO t VALUES (1)") }
        return try level("within")
    }
    #expect(within == 1)
    #expect(try level("after") == 2)
    #expect(throws: Failure.self) { try connection.withoutSyncing { throw Failure() } }
    #expect(try level("after a failure") == 2)
    let inTransaction = try connection.transaction {
        // It can't be changed here.
        try connection.withoutSyncing { try level("in a transaction") }
    }
    #expect(inTransaction == 2)
}
