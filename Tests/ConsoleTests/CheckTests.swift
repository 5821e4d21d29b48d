import Delivery
import SQLite
import Service
@testable import Store
import TestSupport
import Testing

@testable import Console

struct CheckTests {
    @Test func `A relay that answers is ok, and gets no mail`() throws {
        let outbox = try Outbox()
        let relay = try ScriptedRelay()
        let result = try outbox.run(
            "check",
            environment: [
                "OUTBOXD_SMTP_URL": "smtp://127.0.0.1:\(relay.port)",
                "OUTBOXD_FROM": "Acme <support@acme.test>",
            ])
        #expect(result.exit == .code(0), "\(result.output)")
        for part in ["settings", "clock", "database", "relay", "TLS", "credentials"] {
            #expect(result.output.contains("ok    \(part) "), "\(part)")
        }
        #expect(relay.mails.isEmpty)
        #expect(relay.commands.contains { $0.line == "QUIT" })
    }

    @Test func `A relay that is not there is 69`() throws {
        let outbox = try Outbox()
        let result = try outbox.run(
            "check", environment: ["OUTBOXD_SMTP_URL": "smtp://127.0.0.1:1"])
        #expect(result.exit == .code(69))
        #expect(result.output.contains("FAIL  relay        connect: "))
        #expect(result.output.contains("skip  TLS"))
        #expect(result.output.contains("all mail will wait for a sender"))
    }

    private func relayWithLogin() throws -> ScriptedRelay {
        var configuration = RelayConfiguration()
        configuration.credentials = .init(user: "alice", password: "right one")
        return try ScriptedRelay(configuration)
    }

    @Test(arguments: [
        ("right one", 0, "ok    credentials"), ("wrong one", 69, "FAIL  credentials"),
    ])
    func `Credentials are tried`(password: String, code: Int32, line: String) throws {
        let outbox = try Outbox()
        let relay = try relayWithLogin()
        let result = try outbox.run(
            "check",
            environment: [
                "OUTBOXD_SMTP_URL": "smtp://alice@127.0.0.1:\(relay.port)",
                "OUTBOXD_SMTP_PASSWORD": password,
            ])
        #expect(result.exit == .code(code) && result.output.contains(line), "\(result.output)")
        #expect(result.output.contains("ok    relay"))
        #expect(!(result.output + result.errors).contains(password))
    }

    @Test func `TLS that is required and not offered fails as TLS`() throws {
        let outbox = try Outbox()
        let relay = try ScriptedRelay()
        let result = try outbox.run(
            "check",
            environment: [
                "OUTBOXD_SMTP_URL": "smtp://127.0.0.1:\(relay.port)",
                "OUTBOXD_SMTP_TLS": "required",
            ])
        #expect(result.exit == .code(69), "\(result.output)")
        #expect(result.output.contains("ok    relay") && result.output.contains("FAIL  TLS"))
        #expect(result.output.contains("skip  credentials"))
    }

    @Test func `The first failure decides: settings, then the database, then the relay`() throws {
        let nowhere = [
            "OUTBOXD_DATABASE": "/nowhere/x.db", "OUTBOXD_SMTP_URL": "smtp://127.0.0.1:1",
        ]
        let database = try OutboxdBinary.run(["check"], environment: nowhere)
        #expect(database.exit == .code(74))
        #expect(
            database.output.contains("FAIL  database") && database.output.contains("FAIL  relay"))
        let settings = try OutboxdBinary.run(
            ["check"], environment: nowhere.merging(["OUTBOXD_HOLD": "soon"]) { $1 })
        #expect(settings.exit == .code(78))
        #expect(settings.output.contains("FAIL  settings     OUTBOXD_HOLD \"soon\""))
        #expect(
            settings.output.contains("skip  database") && !settings.output.contains("FAIL  rel"))
    }

    @Test func `An outbox that is not as it should be is a warning`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("outbox.db")
        _ = try ChildProcess.tool(
            "sqlite3",
            [
                path,
                """
                CREATE TABLE outbox (id INTEGER PRIMARY KEY AUTOINCREMENT, helpdesk_id, conversation_id,
                    message_id, audience, recipient_email, recipient_name, author_name, subject,
                    body_text, attachments, page_url, unsubscribe_url, in_reply_to, locale, instant,
                    cancelled_at, created_at INTEGER)
                """,
            ], package: "sqlite3")
        _ = try Database.migrate(path: path)
        let reader = SQLiteReader(try Database.open(path: path))
        let facts = try reader.facts()
        #expect(!facts.outboxHasUniqueReplies)
        let good = try Outbox().reader.facts()
        #expect(good.outboxHasUniqueReplies)
        #expect(good.journalMode == "wal" && good.newestCreatedAt == nil)
    }

    @Test func `a key that stands twice is told, also where another is wrong`() throws {
        let outbox = try Outbox()
        let text = "OUTBOXD_HOLD=60s\nOUTBOXD_RETRY_BASE=1s\nOUTBOXD_HOLD=soon\n"
        let file = try outbox.directory.write(text, to: "outboxd.env")
        let result = try outbox.run("check", "--config", file)
        #expect(result.exit == .code(78))
        #expect(result.output.contains("FAIL  settings     OUTBOXD_HOLD"))
        #expect(result.output.contains("warn  settings     OUTBOXD_HOLD is set twice: \(file):1"))
    }

    @Test(arguments: [
        (-1, CheckReport.Result.fail, "before this outboxd was made"), (0, .ok, "it is 2026-11-01"),
        (400 * 86_400, .ok, "it is"), (3_651 * 86_400, .warn, "more than ten years"),
    ])
    func `a clock that can't be right`(seconds: Int64, result: CheckReport.Result, words: String) {
        let check = ClockCheck(now: Program.made + .seconds(seconds), made: Program.made)
        #expect(check.finding.result == result && check.finding.text.contains(words))
    }

    @Test func `keys that are too long are counted, in bounded time`() throws {
        let outbox = try Outbox()
        #expect(try outbox.reader.longKeys().isEmpty)
        try outbox.connection.execute(
            """
            INSERT INTO suppressions VALUES ('', printf('%.1100c', 'a'), 'x', 1, NULL),
                ('h', printf('%.1025c', 'b'), 'x', 1, NULL), ('', printf('%.1024c', 'c'), 'x', 1, NULL);
            INSERT INTO helpdesks (id, name, from_address) VALUES ('h', printf('%.2000c', 'n'), 'x');
            """)
        try Connection(path: outbox.path, mode: .readWrite).execute(
            "INSERT INTO read_markers VALUES ('h', 'c', hex(zeroblob(300000)), 1)")
        let expected = [
            OutboxView.LongKeys(table: "suppressions", count: 2, isMore: false),
            OutboxView.LongKeys(table: "read_markers", count: 1, isMore: true),
        ]
        #expect(try outbox.reader.longKeys() == expected)
        let text = try outbox.run("check").output
        #expect(text.contains("warn  database     suppressions has 2 rows with a key of more than"))
        try outbox.connection.execute(
            """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 150000)
            INSERT INTO suppressions SELECT 'h' || i, 'a', 'x', 1, NULL FROM n
            """)
        let steps = outbox.connection.steps
        #expect(try outbox.reader.longKeys().first?.isMore == true)
        // A few instructions for each row that is looked at, whatever stands behind them.
        #expect(outbox.connection.steps - steps < 2_000)
    }

    @Test(arguments: [
        ("3.6.23", false), ("3.7.0", true), ("3.40.1", true), ("3.44.5", true), ("3.44.6", false),
        ("3.45.0", true), ("3.50.6", true), ("3.50.7", false), ("3.51.2", true), ("3.51.3", false),
        ("3.52.0", false), ("4.0.0", false),
    ])
    func `Versions with the WAL-reset bug`(version: String, hasBug: Bool) throws {
        #expect(try #require(SQLiteVersion(version)).hasResetBug == hasBug)
    }

    private static let mounts = """
        22 1 254:0 / / rw,relatime - ext4 /dev/root rw
        30 22 0:40 / /srv/my\\040mail rw shared:5 - nfs4 server:/x rw
        31 30 0:41 / /srv/my\\040mail/local rw - tmpfs tmpfs rw
        32 22 0:42 / /mnt rw - fuse.something x rw
        """

    @Test(arguments: [
        ("/var/lib", "ext4", CheckReport.Result?.none), ("/srv/my mail", "nfs4", .fail),
        ("/srv/my mail/db", "nfs4", .fail), ("/srv/my mail/local/db", "tmpfs", nil),
        ("/srv/my mailbox", "ext4", nil), ("/mnt/x", "fuse.something", .warn),
    ])
    func `The file system that a path is on`(
        path: String, kind: String, fault: CheckReport.Result?
    ) throws {
        let found = try #require(FileSystem.find(path, in: Self.mounts))
        #expect(found.kind == kind)
        #expect(found.fault?.result == fault)
    }
}
