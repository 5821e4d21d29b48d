import Foundation
import Glibc
import TestSupport
import Testing

/// What an API server leaves beside the database that is killed.
struct LeftBehindTests {
    /// Writes three rows, in one transaction each, and ends without closing the database.
    private static func die(_ outboxd: Outboxd, _ preparation: String, isCommitted: Bool) throws {
        let result = try ChildProcess.run(
            try Executable.find("python3", package: "python3"),
            [
                "-c",
                """
                import os, sqlite3, sys
                c = sqlite3.connect(sys.argv[1], isolation_level=None)
                \(preparation)
                for i in range(3):
                    c.execute("INSERT INTO outbox (helpdesk_id, conversation_id, message_id, recipient_email,"
                        " body_text, instant) VALUES ('h1', ?, ?, 'left@example.test', ?, 1)",
                        ("c%d" % i, "m%d" % i, "x" * 100000))
                os._exit(0)
                """, outboxd.database,
            ])
        guard result.exit == .code(0) else { throw Unexpected(result.errors) }
        let name = outboxd.database + (isCommitted ? "-wal" : "-journal")
        guard access(name, F_OK) == 0 else { throw Unexpected("there is no \(name)") }
    }

    @Test(arguments: [false, true])
    func `a write-ahead log that was left behind is read, with its -shm or without`(
        hasIndex: Bool
    ) throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        try Self.die(outboxd, "", isCommitted: true)
        if !hasIndex { unlink(outboxd.database + "-shm") }
        try outboxd.run()
        #expect(try outboxd.wait(for: 3, "sent"))
        #expect(outboxd.relay.mails.map(\.recipient).count { $0 == "left@example.test" } == 3)
    }

    /// Its rows were in the file already, and never committed.
    @Test func `a hot journal is rolled back, and nothing of its transaction is sent`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        try outboxd.sql("PRAGMA journal_mode = DELETE")
        try outboxd.insert(Row(instant: true))
        try Self.die(
            outboxd, "c.execute('PRAGMA cache_size = 1'); c.execute('BEGIN IMMEDIATE')",
            isCommitted: false)
        try outboxd.run()
        #expect(try outboxd.wait(for: 1, "sent"))
        #expect(outboxd.relay.mails.map(\.recipient) == ["ann@example.test"])
        #expect(try outboxd.values("SELECT count(*) FROM outbox") == ["1"])
        #expect(try outboxd.values("PRAGMA integrity_check") == ["ok"])
    }

    @Test
    func `a database that is deleted at the dot ends the process, and the mail is taken once`()
        throws
    {
        let gate = Gate()
        let relay = try ScriptedRelay(rules: [.on(.dot, .hold(gate))])
        let outboxd = try Outboxd(relay: relay)
        defer { outboxd.end() }
        let daemon = try outboxd.run()
        try outboxd.insert(Row(instant: true))
        #expect(gate.waitForArrivals())
        for end in ["", "-wal", "-shm"] { unlink(outboxd.database + end) }
        #expect(daemon.waitForOutput("the database can't be used; nothing is sent meanwhile"))
        gate.open()
        #expect(daemon.waitForExit(timeout: .seconds(20)) == .code(74))
        #expect(daemon.errors.contains("there is no database at \(outboxd.database)"))
        // It sent nothing of the new one, and knows nothing of the old one.
        let again = try outboxd.run()
        #expect(again.errors.contains("made what the database lacked"))
        let id = try outboxd.insert(Row(conversation: "new", instant: true))[0]
        #expect(try outboxd.status(id, after: "sent").summary == "sent")
        #expect(relay.record.mailCount == 2)
    }
}
