import Delivery
import SQLite
@testable import Store
import TestSupport
import Testing

/// A database that a binary of an older step has left, with rows in every state that it knew.
private struct OldDatabase {
    let directory: TemporaryDirectory
    let path: String
    let connection: Connection

    init(step: Int) throws {
        directory = try TemporaryDirectory()
        path = directory.file("outbox.db")
        connection = try Connection(path: path, mode: .create)
        try connection.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF")
        try connection.execute(OldTables.sql(ofStep: step))
    }

    func texts(_ sql: String) throws -> [String] { try connection.texts(sql) }

    /// How outboxd's own tables, indexes and its view are made; the others are the API server's.
    static let schema = """
        SELECT name || ' ' || coalesce(sql, '') FROM sqlite_master
        WHERE name LIKE 'outboxd%' OR name = 'outbox_status' ORDER BY 1
        """

    /// Every column of every table, but for those that steps give another meaning.
    ///
    /// From a table to its columns.
    func columns() throws -> [String: [String]] {
        let tables = try texts(
            """
            SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'
                AND name NOT IN ('outboxd_migrations', 'outboxd_strikes', 'outboxd_lines', 'outboxd_totals')
            """)
        return try Dictionary(
            uniqueKeysWithValues: tables.map { table in
                let names = try texts("SELECT name FROM pragma_table_info('\(table)') ORDER BY cid")
                let changed = table == "outboxd_mails" ? ["wait", "line", "class"] : []
                return (table, names.filter { !changed.contains($0) })
            })
    }

    /// What stands in these columns.
    func contents(of columns: [String: [String]]) throws -> [String: [String]] {
        try Dictionary(
            uniqueKeysWithValues: columns.map { table, names in
                let row = names.map { "quote(\($0))" }.joined(separator: " || ' ' || ")
                return (table, try texts("SELECT \(row) FROM \(table) ORDER BY 1"))
            })
    }

    /// What the API server is told of each row; of what waits not why, which time changes too.
    func outcomes() throws -> [String] {
        try texts(
            """
            SELECT id || ' ' || state || ' ' || iif(state = 'pending' AND reason IN ('hold', 'queued',
                'deferred', 'sender'), 'waits', coalesce(reason, '-')) || ' ' || uncertain || ' ' || attempts
                || ' ' || due_at || ' ' || coalesce(sent_at, '-') || ' ' || coalesce(email_message_id, '-')
                || ' ' || coalesce(last_error, '-')
            FROM outbox_status ORDER BY id
            """)
    }
}

/// "A test migrates a database of every released schema version".
struct UpgradeTests {
    @Test func `there is a database of every step before the newest`() throws {
        let steps = try OldTables.steps()
        #expect(steps.starts(with: 1..<Migration.newest))
    }

    @Test(arguments: try OldTables.steps())
    func `an upgrade loses nothing`(step: Int) throws {
        let old = try OldDatabase(step: step)
        let columns = try old.columns()
        let (contents, outcomes) = (try old.contents(of: columns), try old.outcomes())
        // The database is worth the test.
        #expect(
            Set(try old.texts("SELECT state || coalesce('/' || reason, '') FROM outbox_status"))
                .isSuperset(of: [
                    "sent", "sending", "failed/rejected", "failed/invalid_address",
                    "failed/invalid_row", "skipped/read", "skipped/cancelled", "skipped/suppressed",
                    "pending/paused", "pending/uncertain", "pending/deferred",
                ]))
        #expect(contents["outboxd_frozen"]?.count == 1)

        let done = try Database.migrate(path: old.path)
        #expect(done.count == Migration.newest - step)
        #expect(try old.contents(of: columns) == contents)
        #expect(try old.outcomes() == outcomes)
        #expect(try Database.migrate(path: old.path) == [])
        #expect(try old.texts("PRAGMA integrity_check") == ["ok"])
        #expect(try SQLiteReader(old.connection).totalsAreRight())
    }

    @Test(arguments: try OldTables.steps())
    func `how many rows an upgrade goes through is known before`(step: Int) throws {
        let old = try OldDatabase(step: step)
        let rows = try old.texts("SELECT max(id) - min(id) + 1 FROM outboxd_rows")
        // Steps 13 and 14 make a table, and look at no row.
        let expected = step < 12 ? rows.first.flatMap { Int($0) } : nil
        #expect(try Database.rowsToUpgrade(path: old.path) == expected)
        _ = try Database.migrate(path: old.path)
        #expect(try Database.rowsToUpgrade(path: old.path) == nil)
    }

    /// Where there are none nobody looks for them: the look is at random in an index of millions.
    @Test func `replies of former editions are looked for while rows of theirs are left`() throws {
        let old = try OldDatabase(step: 8)
        _ = try Database.migrate(path: old.path)
        #expect(try old.texts(FormerIdentities.areLeft) == ["1"])
        let newest = try old.texts("SELECT max(id) FROM outboxd_rows")[0]
        try old.connection.execute(
            """
            DELETE FROM outboxd_rows WHERE id < \(newest);
            INSERT INTO outboxd_rows (id, mail_id, due_at) VALUES (\(newest) + 1, 1, 0)
            """)
        #expect(try old.texts(FormerIdentities.areLeft) == ["1"])
        try old.connection.execute("DELETE FROM outboxd_rows WHERE id = \(newest)")
        #expect(try old.texts(FormerIdentities.areLeft) == ["0"])
        let directory = try TemporaryDirectory()
        _ = try Database.migrate(path: directory.file("new.db"))
        let new = try Connection(path: directory.file("new.db"), mode: .readWrite)
        try new.execute("INSERT INTO outboxd_rows (id, mail_id, due_at) VALUES (1, 1, 0)")
        #expect(try new.texts(FormerIdentities.areLeft) == ["0"])
    }

    @Test(arguments: try OldTables.steps())
    func `upgraded tables are those of a new database`(step: Int) throws {
        let old = try OldDatabase(step: step)
        _ = try Database.migrate(path: old.path)
        let directory = try TemporaryDirectory()
        _ = try Database.migrate(path: directory.file("new.db"))
        let new = try Connection(path: directory.file("new.db"), mode: .readOnly)
        #expect(try old.texts(OldDatabase.schema) == new.texts(OldDatabase.schema))
    }

    /// A process notices new tables by `PRAGMA schema_version`, which only DDL changes.
    @Test func `each step changes the schema`() {
        for migration in Migration.all {
            #expect(
                migration.ddl.contains { $0.hasPrefix("CREATE ") || $0.hasPrefix("ALTER ") },
                "step \(migration.number)")
        }
    }
}

/// An old process beside an upgrade.
struct NewerTablesTests {
    /// As a newer outboxd's upgrade does: in one transaction.
    private func upgrade(_ bed: SQLiteBed) throws {
        try bed.server.execute(
            """
            BEGIN IMMEDIATE; CREATE TABLE outboxd_future (a);
            INSERT INTO outboxd_migrations VALUES (99, 'from the future', 0); COMMIT
            """)
    }

    @Test func `nothing is written into newer tables`() throws {
        let bed = try SQLiteBed()
        let (claim, _) = try bed.claimOne()
        try upgrade(bed)
        let finished = FinishedMail(
            mail: InFlightMail(claim), outcome: .failed(.rejected), error: .noSuchMailbox,
            at: seconds(61))
        for _ in 1...2 {
            let error = #expect(throws: StoreError.self) { try bed.store.finish([finished]) }
            #expect(error?.description.contains("step 99") == true)
        }
        #expect(try bed.api("SELECT state FROM outbox_status") == ["sending"])
    }

    @Test func `a process that has nothing to write notices too`() throws {
        let bed = try SQLiteBed()
        _ = try bed.store.othersHaveCommitted()
        #expect(try !bed.store.othersHaveCommitted())
        try upgrade(bed)
        #expect(throws: StoreError.self) { try bed.store.othersHaveCommitted() }
    }

    @Test func `another table of the API server's is nobody's upgrade`() throws {
        let bed = try SQLiteBed()
        try bed.server.execute("CREATE TABLE tickets (a); DROP TABLE tickets")
        #expect(try bed.store.othersHaveCommitted())
        #expect(try bed.store.hasNewRows() == false)
    }

    @Test func `an upgrade is refused beside processes that would not notice`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("outbox.db")
        try Connection(path: path, mode: .create).execute(OldTables.sql(ofStep: 6))
        let error = #expect(throws: StoreError.self) {
            try Database.migrate(path: path, unaware: { 2 })
        }
        #expect(error?.description.hasPrefix("2 older outboxd work on the database") == true)
        #expect(error?.mayAppearLater == true)
        let steps = "SELECT max(number) FROM outboxd_migrations"
        #expect(try Connection(path: path, mode: .readOnly).texts(steps) == ["6"])
        #expect(try Database.migrate(path: path, unaware: { 0 }).count == Migration.newest - 6)
        // Nothing is upgraded, nobody is asked.
        #expect(try Database.migrate(path: path, unaware: { 2 }) == [])
    }
}
