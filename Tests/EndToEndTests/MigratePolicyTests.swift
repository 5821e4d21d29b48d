import Foundation
import SQLite
import TestSupport
import Testing

/// "`auto`: `run` makes tables in a file that has no `outbox`; `never`: it waits and says for what".
struct MigratePolicyTests {
    /// The log lines that an operator sees, without the time.
    private static func lines(_ daemon: ChildProcess, with word: String) -> [String] {
        daemon.errors.split(separator: "\n").map(String.init).filter { $0.contains(word) }
    }

    @Test(arguments: ["", "CREATE TABLE mine (a)"])
    func `run makes what a file without an outbox lacks`(ddl: String) throws {
        let outboxd = try Outboxd(migrated: false)
        defer { outboxd.end() }
        if !ddl.isEmpty {
            try Connection(path: outboxd.database, mode: .create).execute(ddl)
        }
        let daemon = try outboxd.run()
        let id = try outboxd.insert(Row(instant: true))[0]
        #expect(try outboxd.status(id, after: "sent").summary == "sent")
        #expect(Self.lines(daemon, with: "made what the database lacked").count == 1)
        #expect(!daemon.errors.contains("waiting"))
    }

    /// Whoever has made the outbox is in the middle of its own migration.
    @Test func `an outbox without outboxd's tables is waited for, in one error line`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        let own = try outboxd.values(
            "SELECT 'DROP ' || type || ' ' || name FROM sqlite_master WHERE type IN ('view', 'table') "
                + "AND (name LIKE 'outboxd_%' OR name = 'outbox_status') ORDER BY type DESC")
        for statement in own { try outboxd.sql(statement) }
        let daemon = try outboxd.start("run")
        #expect(daemon.waitForOutput("the database \(outboxd.database) lacks"))
        let tables = try outboxd.values("SELECT name FROM sqlite_master WHERE type = 'table'")
        #expect(tables.contains("outbox") && !tables.contains { $0.hasPrefix("outboxd_") })
        try outboxd.command("migrate")
        #expect(daemon.waitForOutput("outboxd runs"))
        let waits = Self.lines(daemon, with: "waiting")
        #expect(waits.count == 1 && waits[0].contains("error"), "\(daemon.errors)")
    }

    /// As an older outboxd left it: what `outboxd schema` prints, up to one of its steps.
    @Test func `outboxd's own tables are brought up to date`() throws {
        let outboxd = try Outboxd(migrated: false)
        defer { outboxd.end() }
        let ddl = try outboxd.command("schema").output
        let step = try #require(ddl.range(of: "VALUES (5,"))
        let end = try #require(ddl[step.upperBound...].range(of: ";\n"))
        try Connection(path: outboxd.database, mode: .create)
            .execute(String(ddl[..<end.upperBound]))
        let never = try outboxd.start("run", settings: ["OUTBOXD_MIGRATE": "never"])
        #expect(never.waitForOutput("are those of step 5"), "\(never.errors)")
        let daemon = try outboxd.run()
        let id = try outboxd.insert(Row(instant: true))[0]
        #expect(try outboxd.status(id, after: "sent").summary == "sent")
        #expect(daemon.errors.contains("applied step 6: "))
        #expect(never.waitForOutput("outboxd runs"))
    }
}
