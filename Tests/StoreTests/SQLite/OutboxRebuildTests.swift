import SQLite
import Store
import TestSupport
import Testing

/// A table `outbox` of an API server's own: the columns of the contract besides `id`.
private let columns = """
    helpdesk_id TEXT NOT NULL, conversation_id TEXT NOT NULL, message_id TEXT NOT NULL,
    audience TEXT NOT NULL DEFAULT 'visitor', recipient_email TEXT NOT NULL, recipient_name TEXT,
    author_name TEXT, subject TEXT, body_text TEXT NOT NULL, attachments TEXT, page_url TEXT,
    unsubscribe_url TEXT, in_reply_to TEXT, locale TEXT, instant INTEGER NOT NULL DEFAULT 0,
    cancelled_at INTEGER, created_at INTEGER NOT NULL DEFAULT 1700000000000
    """

private let row = """
    INSERT INTO outbox (id, helpdesk_id, conversation_id, message_id, recipient_email, body_text)
    VALUES
    """

/// How an API server may have made its table so that ids are used again.
struct OutboxCase: Sendable, CustomTestStringConvertible {
    var name: String
    var ddl: String
    var testDescription: String { name }

    static let all: [OutboxCase] = [
        OutboxCase(
            name: "no AUTOINCREMENT",
            ddl: "CREATE TABLE outbox (id INTEGER PRIMARY KEY, \(columns))"),
        OutboxCase(
            name: "a comment says it",
            ddl:
                "CREATE TABLE outbox (id INTEGER PRIMARY KEY /* AUTOINCREMENT, ( */, -- autoincrement (\n \(columns))"
        ),
        OutboxCase(
            name: "a column is called so",
            ddl:
                #"CREATE TABLE "outbox" ("id" INTEGER PRIMARY KEY, "autoincrement" TEXT DEFAULT 'PRIMARY KEY, (', \#(columns))"#
        ),
        OutboxCase(
            name: "a key of the table",
            ddl:
                "CREATE TABLE outbox (id INTEGER NOT NULL CHECK (id > 0), \(columns), CONSTRAINT pk PRIMARY KEY (id)) STRICT"
        ),
        OutboxCase(
            name: "another key",
            ddl: "CREATE TABLE outbox (uuid TEXT PRIMARY KEY DESC, id INTEGER UNIQUE, \(columns))"),
        OutboxCase(
            name: "a key of two",
            ddl:
                "CREATE TABLE outbox (id BIGINT, \(columns), PRIMARY KEY (helpdesk_id, id), UNIQUE (message_id))"
        ),
        OutboxCase(
            name: "without rowid",
            ddl:
                "CREATE TABLE outbox (id INTEGER CONSTRAINT k PRIMARY KEY ASC ON CONFLICT ABORT NOT NULL, \(columns)) WITHOUT ROWID, STRICT"
        ),
        OutboxCase(
            name: "a descending key",
            ddl: "CREATE TABLE OUTBOX ([ID] INTEGER PRIMARY KEY DESC, \(columns))"),
        OutboxCase(name: "no key at all", ddl: "CREATE TABLE outbox (\n  `id`,\n  \(columns)\n)"),
    ]
}

private final class Server {
    let directory: TemporaryDirectory
    let path: String
    let connection: Connection

    init(_ ddl: String) throws {
        directory = try TemporaryDirectory()
        path = directory.file("outbox.db")
        connection = try Connection(path: path, mode: .create)
        try connection.execute(ddl)
    }

    func failure() -> StoreError? {
        do throws(StoreError) {
            _ = try Database.migrate(path: path)
            return nil
        } catch {
            return error
        }
    }

    func rebuild() throws {
        try connection.execute(try Database.rebuildOfOutbox(path: path))
    }
}

struct OutboxRebuildTests {
    @Test(arguments: OutboxCase.all)
    func `an outbox that uses ids again is refused, and its rebuild is not`(_ table: OutboxCase)
        throws
    {
        let server = try Server(table.ddl)
        try server.connection.execute(
            "\(row) (7, 'h', 'c', 'm1', 'a@b.test', 'one'), (9, 'h', 'c', 'm2', 'a@b.test', 'two')")
        let before = try server.connection.texts(
            "SELECT id || message_id || body_text || instant FROM outbox ORDER BY id")
        let failure = server.failure()
        #expect(failure?.description.contains("outboxd schema --rebuild-outbox") == true)
        #expect(failure?.mayAppearLater == false)
        try server.rebuild()
        #expect(server.failure() == nil)
        let after = try server.connection.texts(
            "SELECT id || message_id || body_text || instant FROM outbox ORDER BY id")
        #expect(after == before)
        // The id of a deleted row does not come again.
        try server.connection.execute("DELETE FROM outbox WHERE id = 9")
        try server.connection.execute(
            "INSERT INTO outbox (helpdesk_id, conversation_id, message_id, recipient_email, body_text) VALUES ('h', 'c', 'm3', 'a@b.test', 'three')"
        )
        #expect(server.connection.lastInsertRowID == 10)
    }

    /// Else `run` would wait for a `migrate` that refuses it.
    @Test(arguments: [false, true])
    func `it is not opened either, whether outboxd's tables are there or not`(_ hasTables: Bool)
        throws
    {
        let ddl = Database.ddl.replacing(
            "id INTEGER PRIMARY KEY AUTOINCREMENT,\n    helpdesk_id",
            with: "id INTEGER PRIMARY KEY,\n    helpdesk_id")
        let server = try Server(hasTables ? ddl : OutboxCase.all[0].ddl)
        #expect {
            _ = try Database.open(path: server.path)
        } throws: { error in
            if case StoreError.outboxReusesIDs = error { true } else { false }
        }
    }

    @Test func `what belongs to the table comes along`() throws {
        let server = try Server(
            """
            CREATE TABLE tickets (id INTEGER PRIMARY KEY);
            CREATE TABLE outbox (id INTEGER PRIMARY KEY, \(columns),
                extra TEXT COLLATE NOCASE CHECK (extra <> 'bad'), ticket INTEGER REFERENCES tickets (id),
                twice INTEGER AS (id * 2) STORED, UNIQUE (helpdesk_id, message_id, recipient_email));
            CREATE INDEX by_extra ON outbox (extra) WHERE extra IS NOT NULL;
            CREATE TABLE log (text TEXT, row INTEGER REFERENCES outbox (id));
            CREATE TRIGGER logged AFTER INSERT ON outbox BEGIN INSERT INTO log VALUES ('new; row', new.id); END;
            CREATE TRIGGER other AFTER DELETE ON tickets BEGIN DELETE FROM outbox WHERE ticket = old.id; END;
            CREATE VIEW shown AS SELECT id, extra, twice FROM outbox;
            INSERT INTO tickets VALUES (5);
            \(row) (7, 'h', 'c', 'm1', 'a@b.test', 'one');
            UPDATE outbox SET extra = 'E', ticket = 5;
            """)
        let names =
            "SELECT type || ' ' || name || ' ' || tbl_name FROM sqlite_master WHERE name NOT LIKE 'sqlite%' ORDER BY 1"
        let before = try server.connection.texts(names)
        try server.rebuild()
        #expect(try server.connection.texts(names) == before)
        #expect(
            try server.connection.texts("SELECT extra || twice FROM shown WHERE extra = 'e'") == [
                "E14"
            ])
        #expect(try server.connection.texts("SELECT row FROM log") == ["7"])
        #expect(throws: SQLiteError.self) {
            try server.connection.execute("UPDATE outbox SET extra = 'bad'")
        }
        #expect(throws: SQLiteError.self) {
            try server.connection.execute("\(row) (8, 'h', 'c', 'm1', 'a@b.test', 'again')")
        }
        try server.connection.execute("\(row) (8, 'h', 'c', 'm2', 'a@b.test', 'two')")
        #expect(
            try server.connection.texts("SELECT text || row FROM log WHERE row = 8") == [
                "new; row8"
            ])
        #expect(try server.connection.texts("PRAGMA foreign_key_list(log)").count == 1)
        #expect(
            try server.connection.texts("SELECT \"table\" FROM pragma_foreign_key_list('log')") == [
                "outbox"
            ])
        try server.connection.execute("DELETE FROM tickets")
        #expect(try server.connection.texts("SELECT id FROM outbox") == ["8"])
        #expect(try server.connection.texts("PRAGMA integrity_check") == ["ok"])
        #expect(server.failure() == nil)
    }

    @Test func `ids that outboxd has seen and the API server deleted do not come again`() throws {
        let bed = try SQLiteBed()
        try bed.insert(3)
        try bed.ingest()
        try bed.api("DELETE FROM outbox WHERE id = 3")
        // As an API server may have rebuilt it.
        let text = try #require(
            try bed.api("SELECT sql FROM sqlite_master WHERE name = 'outbox'").first)
        try bed.server.execute(
            "PRAGMA legacy_alter_table = ON; ALTER TABLE outbox RENAME TO before; "
                + text.replacing(" AUTOINCREMENT", with: "")
                + "; INSERT INTO outbox SELECT * FROM before; DROP TABLE before")
        try bed.server.execute(try Database.rebuildOfOutbox(path: bed.path))
        #expect(try bed.insert(TestRow("m4")) == 4)
        #expect(try bed.state(4) == "pending/queued")
    }

    @Test func `what can't be rebuilt, or need not, is said`() throws {
        let good = try SQLiteBed()
        #expect(throws: OutboxRebuild.Refusal.notNeeded) {
            try Database.rebuildOfOutbox(path: good.path)
        }
        let empty = try Server("CREATE TABLE other (x)")
        #expect(throws: OutboxRebuild.Refusal.noOutbox) {
            try Database.rebuildOfOutbox(path: empty.path)
        }
        let texts = try Server("CREATE TABLE outbox (id TEXT PRIMARY KEY, \(columns))")
        try texts.connection.execute("\(row) ('a1b2', 'h', 'c', 'm1', 'a@b.test', 'one')")
        #expect(throws: OutboxRebuild.Refusal.otherIDs) {
            try Database.rebuildOfOutbox(path: texts.path)
        }
    }
}
