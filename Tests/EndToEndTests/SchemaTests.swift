import SQLite
import TestSupport
import Testing

/// "`outboxd migrate` creates them, is safe to run again … `outboxd schema` prints the DDL".
struct SchemaTests {
    private static let master = """
        SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_master ORDER BY type, name
        """

    @Test func `what schema prints makes what migrate makes`() throws {
        let migrated = try Outboxd()
        let printed = try Outboxd(migrated: false)
        defer {
            migrated.end()
            printed.end()
        }
        let ddl = try printed.command("schema")
        #expect(ddl.exit == .code(0))
        try Connection(path: printed.database, mode: .create).execute(ddl.output)
        #expect(try printed.values(Self.master) == migrated.values(Self.master))
        // And outboxd takes it for its own.
        #expect(try printed.command("migrate").output.contains("nothing to do"))
        let id = try printed.insert(Row())[0]
        #expect(try printed.command("drain", "--now").exit == .code(0))
        #expect(try printed.status(id).summary == "sent")
    }

    @Test func `to migrate again changes nothing`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        let before = try outboxd.values(Self.master)
        #expect(try outboxd.command("migrate").exit == .code(0))
        #expect(try outboxd.values(Self.master) == before)
    }

    /// "outboxd leaves `user_version` alone and prefixes whatever else it keeps with `outboxd_`".
    @Test func `it keeps to its own names`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        #expect(try outboxd.values("PRAGMA user_version") == ["0"])
        let names = try outboxd.values(
            "SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite%' ORDER BY name")
        let contracts = ["helpdesks", "outbox", "outbox_status", "read_markers", "suppressions"]
        #expect(names.filter { !$0.hasPrefix("outboxd_") } == contracts)
    }

    /// "A view will do for all but `outbox`".
    @Test func `a view of the API server's own is used`() throws {
        let outboxd = try Outboxd(migrated: false)
        defer { outboxd.end() }
        try Connection(path: outboxd.database, mode: .create).execute(
            """
            CREATE TABLE seen (desk TEXT, talk TEXT, who TEXT, upto INTEGER);
            CREATE VIEW read_markers AS SELECT desk AS helpdesk_id, talk AS conversation_id,
                who AS reader_email, upto AS last_read_at FROM seen;
            """)
        #expect(try outboxd.command("migrate").exit == .code(0))
        let ids = try outboxd.insert(Row(), Row(conversation: "c2"))
        try outboxd.sql(
            "INSERT INTO seen SELECT 'h1', 'c1', 'ann@example.test', max(created_at) FROM outbox")
        #expect(try outboxd.command("drain", "--now").exit == .code(0))
        #expect(try outboxd.status(ids[0]).summary == "skipped/read")
        #expect(try outboxd.status(ids[1]).summary == "sent")
    }
}

/// "An `outbox` whose ids may be used again (no AUTOINCREMENT) is refused, in a line that names the
/// command which prints its rebuild".
struct ReusedIDTests {
    private func made() throws -> Outboxd {
        let outboxd = try Outboxd(migrated: false)
        let ddl = try outboxd.command("schema").output
        try Connection(path: outboxd.database, mode: .create).execute(
            ddl.replacing(
                "id INTEGER PRIMARY KEY AUTOINCREMENT,\n    helpdesk_id",
                with: "id INTEGER PRIMARY KEY,\n    helpdesk_id"))
        return outboxd
    }

    @Test(arguments: ["migrate", "run", "drain"])
    func `it is refused`(_ command: String) throws {
        let outboxd = try made()
        defer { outboxd.end() }
        try outboxd.insert(Row(instant: true))
        // It would go on if it were not refused.
        let process = try outboxd.start(command)
        #expect(process.waitForExit(timeout: .seconds(20)) == .code(65))
        #expect(process.errors.split(separator: "\n").count == 1)
        #expect(process.errors.contains("outboxd schema --rebuild-outbox"))
        #expect(outboxd.relay.record.mailCount == 0)
    }

    @Test func `what the command prints is applied, and all goes on`() throws {
        let outboxd = try made()
        defer { outboxd.end() }
        let ids = try outboxd.insert(Row(), Row(conversation: "c2"))
        let rebuild = try outboxd.command("schema", "--rebuild-outbox")
        #expect(rebuild.exit == .code(0))
        try outboxd.sql(rebuild.output)
        #expect(try outboxd.command("migrate").exit == .code(0))
        #expect(try outboxd.command("drain", "--now").exit == .code(0))
        #expect(try ids.map { try outboxd.status($0).summary } == ["sent", "sent"])
        #expect(try outboxd.command("schema", "--rebuild-outbox").output.hasPrefix("-- "))
    }
}
