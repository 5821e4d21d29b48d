import Delivery
import Foundation
import SQLite
import Store
import TestSupport
import Testing

/// A file that is no database of outboxd's yet.
private struct Scratch {
    let directory: TemporaryDirectory
    let path: String

    init(_ sql: String = "") throws {
        directory = try TemporaryDirectory()
        path = directory.file("outbox.db")
        if !sql.isEmpty { try execute(sql) }
    }

    func execute(_ sql: String) throws {
        try Connection(path: path, mode: .create).execute(sql)
    }

    func texts(_ sql: String) throws -> [String] {
        try Connection(path: path, mode: .readWrite).texts(sql)
    }

    /// The schema as SQLite keeps it, with white space evened out.
    func schema() throws -> [String] {
        try texts(
            "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_master ORDER BY 1"
        ).map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
    }
}

/// An API server's own tables: the contract's columns and nothing else of it.
private let bareOutbox = """
    CREATE TABLE Outbox (
        ID INTEGER PRIMARY KEY AUTOINCREMENT, helpdesk_id TEXT, conversation_id TEXT, message_id TEXT,
        audience TEXT DEFAULT 'visitor', recipient_email TEXT, recipient_name TEXT,
        author_name TEXT, subject TEXT, body_text TEXT, attachments TEXT, page_url TEXT,
        unsubscribe_url TEXT, in_reply_to TEXT, locale TEXT, instant INTEGER DEFAULT 0,
        cancelled_at INTEGER, created_at INTEGER, extra TEXT);
    """
private let bareOthers = """
    CREATE TABLE helpdesks (
        id TEXT, name TEXT, from_address TEXT, reply_to TEXT, bounce_address TEXT,
        ticket_center_url TEXT, dashboard_url TEXT, allowed_domains TEXT, locale TEXT,
        paused INTEGER);
    CREATE TABLE suppressions (
        helpdesk_id TEXT, address TEXT, reason TEXT, created_at INTEGER, expires_at INTEGER);
    CREATE TABLE read_markers (
        helpdesk_id TEXT, conversation_id TEXT, raw TEXT, last_read_at INTEGER,
        reader_email TEXT AS (lower(raw)));
    """

@Test func `migrating makes everything once, and nothing when it is run again`() throws {
    let scratch = try Scratch()
    let done = try Database.migrate(path: scratch.path)
    #expect(done.filter { $0.hasPrefix("made the table") }.count == 4)
    let schema = try scratch.schema()
    #expect(try Database.migrate(path: scratch.path) == [])
    #expect(try scratch.schema() == schema)
    #expect(try scratch.texts("PRAGMA journal_mode") == ["wal"])
    _ = try SQLiteStore(connection: Database.open(path: scratch.path))
}

@Test func `the printed DDL makes the very same schema`() throws {
    let migrated = try Scratch()
    _ = try Database.migrate(path: migrated.path)
    let printed = try Scratch(Database.ddl)
    #expect(try printed.schema() == migrated.schema())
    #expect(try Database.migrate(path: printed.path) == [])
    _ = try Database.open(path: printed.path)
}

@Test func `everything but the API server's tables begins with outboxd_`() throws {
    let scratch = try Scratch()
    _ = try Database.migrate(path: scratch.path)
    let names = try scratch.texts(
        """
        SELECT name FROM sqlite_master WHERE name NOT LIKE 'outboxd\\_%' ESCAPE '\\'
            AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name
        """)
    #expect(names == ["helpdesks", "outbox", "outbox_status", "read_markers", "suppressions"])
    #expect(try scratch.texts("SELECT name FROM sqlite_master WHERE type = 'trigger'") == [])
}

@Test func `user_version is the API server's`() throws {
    let scratch = try Scratch("PRAGMA user_version = 42; PRAGMA application_id = 7")
    _ = try Database.migrate(path: scratch.path)
    #expect(try scratch.texts("PRAGMA user_version") == ["42"])
    #expect(try scratch.texts("PRAGMA application_id") == ["7"])
}

@Test func `tables that are there are used as they are`() throws {
    let scratch = try Scratch(bareOutbox + bareOthers)
    let done = try Database.migrate(path: scratch.path)
    #expect(!done.contains { $0.hasPrefix("made the table") })
    #expect(
        try scratch.texts(
            "SELECT name FROM sqlite_master WHERE tbl_name = 'outbox' AND type = 'index'")
            == [])
    let store = try SQLiteStore(connection: Database.open(path: scratch.path))
    try scratch.execute(
        """
        INSERT INTO outbox (helpdesk_id, conversation_id, message_id, recipient_email, body_text,
            created_at)
        VALUES ('h', 'c', 'm', 'ann@example.test', 'Hi', \(epoch.milliseconds));
        INSERT INTO read_markers (helpdesk_id, conversation_id, raw, last_read_at)
        VALUES ('h', 'c', 'BOB@example.test', \(epoch.milliseconds));
        """)
    #expect(try store.ingest(limit: 10, at: epoch, rules: .usual).rows == 1)
    let request = ClaimRequest(now: seconds(60), limit: 1, owner: 1)
    let claim = try #require(
        try store.claim(request, decide: RealRules(at: seconds(60)).decide).claims.first)
    _ = try store.finish([
        FinishedMail(
            mail: InFlightMail(claim), outcome: .failed(.rejected), error: .noSuchMailbox,
            at: seconds(61))
    ])
    #expect(try scratch.texts("SELECT address FROM suppressions") == ["ann@example.test"])
    #expect(try scratch.texts("SELECT state FROM outbox_status") == ["failed"])
}

@Test func `an index that an earlier outboxd made on outbox goes`() throws {
    let scratch = try Scratch(
        bareOutbox + "CREATE INDEX outboxd_replies ON outbox (helpdesk_id, message_id)")
    _ = try Database.migrate(path: scratch.path)
    #expect(
        try scratch.texts(
            "SELECT name FROM sqlite_master WHERE tbl_name = 'outbox' AND type = 'index'")
            == [])
}

@Test func `views serve for all tables but outbox`() throws {
    let scratch = try Scratch(
        """
        CREATE TABLE seen (h TEXT, c TEXT, who TEXT, upto INTEGER);
        CREATE VIEW read_markers AS SELECT h AS helpdesk_id, c AS conversation_id,
            who AS reader_email, upto AS last_read_at FROM seen;
        CREATE VIEW helpdesks AS SELECT 'h' AS id, 'Acme' AS name, 'a@acme.test' AS from_address,
            NULL AS reply_to, NULL AS bounce_address, NULL AS ticket_center_url,
            NULL AS dashboard_url, '' AS allowed_domains, 'en' AS locale, 0 AS paused;
        CREATE VIEW suppressions AS SELECT '' AS helpdesk_id, 'x@example.test' AS address,
            'gone' AS reason, 0 AS created_at, NULL AS expires_at;
        INSERT INTO seen VALUES ('h', 'c', 'ann@example.test', \(epoch.milliseconds));
        """)
    _ = try Database.migrate(path: scratch.path)
    let store = try SQLiteStore(connection: Database.open(path: scratch.path))
    try scratch.execute(
        """
        INSERT INTO outbox (helpdesk_id, conversation_id, message_id, recipient_email, body_text,
            created_at)
        VALUES ('h', 'c', 'm1', 'ann@example.test', 'Hi', \(epoch.milliseconds)),
            ('h', 'c', 'm2', 'x@example.test', 'Hi', \(epoch.milliseconds)),
            ('h', 'c', 'm3', 'bob@example.test', 'Hi', \(epoch.milliseconds));
        """)
    _ = try store.ingest(limit: 10, at: epoch, rules: .usual)
    let batch = try store.claim(
        ClaimRequest(now: seconds(60), limit: 9, owner: 1),
        decide: RealRules(at: seconds(60)).decide
    )
    #expect(batch.skipped.map(\.reason) == [.read, .suppressed])
    #expect(batch.claims.first?.sender == "a@acme.test")
    let claim = try #require(batch.claims.first)
    let finished = try store.finish([
        FinishedMail(
            mail: InFlightMail(claim), outcome: .failed(.rejected), error: .noSuchMailbox,
            at: seconds(61))
    ])
    #expect(finished.lost.isEmpty)
}

/// SQLite has every text stand behind every number.
@Test func `a number that a view gives as a text is a number`() throws {
    let scratch = try Scratch(
        """
        CREATE VIEW helpdesks AS SELECT column1 AS id, 'Acme' AS name, 'a@acme.test' AS from_address,
            NULL AS reply_to, NULL AS bounce_address, NULL AS ticket_center_url,
            NULL AS dashboard_url, '' AS allowed_domains, 'en' AS locale, column2 AS paused
            FROM (VALUES ('h', '0'), ('paused', '1'));
        CREATE VIEW suppressions AS SELECT '' AS helpdesk_id, column1 AS address,
            'gone' AS reason, 0 AS created_at, column2 AS expires_at
            FROM (VALUES ('over@x.test', '5'), ('gone@x.test', '\(seconds(999).milliseconds)'));
        """)
    _ = try Database.migrate(path: scratch.path)
    let store = try SQLiteStore(connection: Database.open(path: scratch.path))
    for (desk, address) in [("h", "over@x.test"), ("h", "gone@x.test"), ("paused", "over@x.test")] {
        try scratch.execute(
            """
            INSERT INTO outbox (helpdesk_id, conversation_id, message_id, recipient_email, body_text,
                created_at)
            VALUES ('\(desk)', 'c', 'm', '\(address)', 'Hi', \(epoch.milliseconds))
            """)
    }
    _ = try store.ingest(limit: 10, at: epoch, rules: .usual)
    let batch = try store.claim(
        ClaimRequest(now: seconds(60), limit: 9, owner: 1),
        decide: RealRules(at: seconds(60)).decide)
    let claim = try #require(batch.claims.first)
    #expect(batch.claims.count == 1 && claim.key.recipient == "over@x.test")
    #expect(batch.skipped.map(\.reason) == [.suppressed] && batch.parked == 1)
    let check = SQLitePreSendCheck(
        connection: try Database.open(path: scratch.path, readOnly: true), ignoredPauses: [:])
    #expect(try check.check(CheckedMail(claim), at: seconds(60)) == .go)
}

@Test func `an outbox that is a view is refused`() throws {
    let scratch = try Scratch("CREATE VIEW outbox AS SELECT 1 AS id")
    let error = #expect(throws: StoreError.self) { try Database.migrate(path: scratch.path) }
    #expect(error?.description.contains("outbox is a view") == true)
    #expect(try scratch.schema().count == 1)
}

@Test func `a missing column is named, and nothing is changed`() throws {
    let scratch = try Scratch("CREATE TABLE read_markers (helpdesk_id TEXT, last_read_at INTEGER)")
    let error = #expect(throws: StoreError.self) { try Database.migrate(path: scratch.path) }
    #expect(
        error?.description.contains("read_markers lacks conversation_id, reader_email") == true)
    #expect(try scratch.schema().count == 1)
}

@Test func `a database of a newer outboxd is refused`() throws {
    let scratch = try Scratch()
    _ = try Database.migrate(path: scratch.path)
    try scratch.execute("INSERT INTO outboxd_migrations VALUES (99, 'from the future', 0)")
    for attempt in [
        { _ = try Database.migrate(path: scratch.path) },
        { _ = try Database.open(path: scratch.path) },
    ] {
        let error = #expect(throws: StoreError.self) { try attempt() }
        #expect(error?.mayAppearLater == false)
        #expect(error?.description.contains("step 99") == true)
    }
}

@Test func `what is not there or not ready is told apart, and waited for`() throws {
    let scratch = try Scratch()
    func failure() -> StoreError? {
        #expect(throws: StoreError.self) { _ = try Database.open(path: scratch.path) }
    }
    guard case .missing = failure() else {
        Issue.record("no file: not told as missing")
        return
    }
    try scratch.execute("CREATE TABLE other (a)")
    guard case .notMigrated = failure() else {
        Issue.record("no tables: not told as not migrated")
        return
    }
    _ = try Database.migrate(path: scratch.path)
    try scratch.execute("ALTER TABLE outbox DROP COLUMN audience")
    guard case .missingColumns(table: "outbox", columns: ["audience"]) = failure() else {
        Issue.record("no column: not told as missing")
        return
    }
}

/// "A directory that can't be read is not `there is no database`"; here for whoever runs the test, and
/// with the modes of files in `UnreachableDatabaseTests`.
@Test func `what stands in the way of the file is named`() throws {
    let directory = try TemporaryDirectory()
    try directory.write("text", to: "file")
    for fifo in ["fifo", "file-journal"] { #expect(mkfifo(directory.file(fifo), 0o600) == 0) }
    let cases = [
        (directory.file("fifo"), "\(directory.path)/fifo can't be reached: it is a FIFO"),
        (directory.file("file"), "\(directory.path)/file-journal can't be reached: it is a FIFO"),
        (directory.path, "\(directory.path) can't be reached: it is a directory"),
        (directory.file("file/x"), "can't be reached: Not a directory"),
        (directory.file("no/x.db"), "no database at \(directory.path)/no/x.db, nor a directory"),
    ]
    for (path, words) in cases {
        for attempt in [
            { _ = try Database.migrate(path: path) }, { _ = try Database.open(path: path) },
            { _ = try Database.rebuildOfOutbox(path: path) },
            { _ = try Database.prepare(path: path) },
        ] {
            let error = #expect(throws: StoreError.self) { try attempt() }
            #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
            // As before: somebody may put it right, and `run` goes on.
            #expect(error?.mayAppearLater == true)
        }
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
    #expect(Set(names) == ["file", "fifo", "file-journal"])
}

@Test func `a file that is no database is damage, not something to wait for`() throws {
    let scratch = try Scratch()
    try scratch.directory.write(String(repeating: "no database ", count: 500), to: "outbox.db")
    let error = #expect(throws: StoreError.self) { _ = try Database.open(path: scratch.path) }
    #expect(error?.mayAppearLater == false)
}

/// Those that the contract marks with a circle.
@Test func `optional columns may be absent, and are read once they are there`() throws {
    let bed = try SQLiteBed()
    let optional = [
        "recipient_name", "author_name", "subject", "attachments", "page_url", "unsubscribe_url",
        "in_reply_to", "locale", "not_before", "traceparent",
    ]
    for column in optional { try bed.api("ALTER TABLE outbox DROP COLUMN \(column)") }
    for column in ["reply_to", "locale"] {
        try bed.api("ALTER TABLE helpdesks DROP COLUMN \(column)")
    }
    try bed.api("INSERT INTO helpdesks (id, name, from_address) VALUES ('h', 'H', 'h@acme.test')")
    _ = try Database.migrate(path: bed.path)
    #expect(throws: Never.self) { _ = try Database.open(path: bed.path) }
    let (first, _) = try bed.claimOne()
    #expect(try bed.state(first.rows[0].id) == "sending")
    #expect(first.rows[0].subject == nil && first.rows[0].traceparent == nil)
    #expect(first.helpdesk?.locale == "en" && first.helpdesk?.replyTo == nil)
    let reader = SQLiteReader(bed.server)
    #expect(try reader.story(of: first.rows[0].id, at: epoch)?.subject == nil)

    // The API server adds one, and the daemon goes on.
    for column in optional {
        try bed.api(
            "ALTER TABLE outbox ADD COLUMN \(column) \(column == "not_before" ? "INTEGER" : "TEXT")"
        )
    }
    try bed.insert(1, conversation: "next")
    try bed.api("UPDATE outbox SET subject = 'S', traceparent = 'T', not_before = 1 WHERE id = 2")
    try bed.api("UPDATE outbox SET not_before = \(seconds(100).milliseconds) WHERE id = 2")
    try bed.ingest(at: seconds(90))
    #expect(try bed.claim(at: seconds(90)).claims.isEmpty)
    try bed.ingest(at: seconds(100))
    let second = try #require(try bed.claim(at: seconds(100)).claims.first)
    #expect(second.rows[0].subject == "S" && second.rows[0].traceparent == "T")
}
