import Foundation
import Glibc
import TestSupport
import Testing

/// Pages of the database that can't be read, and rows that its own check finds fault with.
struct DamagedFileTests {
    /// Writes zeros over the root page of a table.
    ///
    /// - Returns: what puts it back.
    private func damage(_ table: String, _ outboxd: Outboxd) throws -> () throws -> Void {
        try outboxd.sql("PRAGMA wal_checkpoint(TRUNCATE)")
        let size = try #require(Int(try outboxd.values("PRAGMA page_size")[0]))
        let page = try #require(
            Int(
                try outboxd.values("SELECT rootpage FROM sqlite_schema WHERE name = '\(table)'")[0]
            ))
        let start = UInt64((page - 1) * size)
        let before = try FileHandle(forUpdating: URL(filePath: outboxd.database))
        defer { try? before.close() }
        try before.seek(toOffset: start)
        let octets = try #require(try before.read(upToCount: size))
        try before.seek(toOffset: start)
        try before.write(contentsOf: Data(count: size))
        return {
            let file = try FileHandle(forUpdating: URL(filePath: outboxd.database))
            try file.seek(toOffset: start)
            try file.write(contentsOf: octets)
            try file.close()
        }
    }

    @Test(arguments: ["outbox", "outboxd_mails", "outboxd_rows", "outboxd_lines"])
    func `a damaged page stops delivery, check names it, and mended nothing is lost`(
        table: String
    ) throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        try outboxd.insert((0..<3).map { Row(conversation: "c\($0)", instant: true) })
        let mend = try damage(table, outboxd)
        let daemon = try outboxd.start("run")
        #expect(daemon.waitForOutput("database disk image is malformed"))
        let check = try outboxd.command("check")
        #expect(check.exit == .code(74))
        #expect(check.output.contains("FAIL  database     the "), "\(check.output)")
        #expect(check.output.contains("restore it from a backup"))
        #expect(outboxd.relay.record.mailCount == 0)
        daemon.kill()
        _ = daemon.waitForExit()
        try mend()
        try outboxd.run()
        #expect(try outboxd.wait(for: 3, "sent"))
        #expect(outboxd.relay.record.mailCount == 3)
        #expect(try !outboxd.command("check").output.contains("damaged"))
    }

    /// The API server's own index: nothing of it is outboxd's, and so nobody's mail waits for it.
    @Test func `rows that an index lacks are sent, and check says so until it is built anew`()
        throws
    {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        try outboxd.sql("CREATE INDEX by_subject ON outbox (subject)")
        _ = try Python.run(
            """
            import sqlite3, sys
            def change(*statements):
                c = sqlite3.connect(sys.argv[1], isolation_level=None)
                c.execute("PRAGMA writable_schema = ON")
                rows = [c.execute(s).fetchall() for s in statements]
                c.close()
                return rows
            find = "SELECT * FROM sqlite_schema WHERE name = 'by_subject'"
            row = change(find, "DELETE FROM sqlite_schema WHERE name = 'by_subject'")[0][0]
            c = sqlite3.connect(sys.argv[1], isolation_level=None)
            for i in range(3):
                c.execute("INSERT INTO outbox (helpdesk_id, conversation_id, message_id, recipient_email, body_text,"
                    " instant) VALUES ('h1', ?, ?, 'ann@example.test', 'x', 1)", ("c%d" % i, "m%d" % i))
            c.close()
            c = sqlite3.connect(sys.argv[1], isolation_level=None)
            c.execute("PRAGMA writable_schema = ON")
            c.execute("INSERT INTO sqlite_schema VALUES (?, ?, ?, ?, ?)", row)
            c.close()
            """, [outboxd.database])
        #expect(try outboxd.command("check").output.contains("missing from index by_subject"))
        try outboxd.run()
        #expect(outboxd.relay.waitForMails(3))
        // Before that, who counts the rows may be led by the index.
        try outboxd.sql("REINDEX by_subject")
        #expect(try outboxd.wait(for: 3, "sent"))
        #expect(try !outboxd.command("check").output.contains("damaged"))
    }

    /// As an API server leaves it that has changed its schema behind SQLite's back.
    @Test func `a row with a NULL where none may be costs no other row`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        _ = try Python.run(
            """
            import sqlite3, sys
            c = sqlite3.connect(sys.argv[1], isolation_level=None)
            sql = c.execute("SELECT sql FROM sqlite_schema WHERE name = 'outbox'").fetchone()[0]
            def write(text):
                c = sqlite3.connect(sys.argv[1], isolation_level=None)
                c.execute("PRAGMA writable_schema = ON")
                c.execute("UPDATE sqlite_schema SET sql = ? WHERE name = 'outbox'", (text,))
                c.close()
            c.close()
            write(sql.replace("NOT NULL", ""))
            c = sqlite3.connect(sys.argv[1], isolation_level=None)
            c.execute("INSERT INTO outbox (helpdesk_id, conversation_id, message_id, recipient_email, body_text,"
                " instant) VALUES ('h1', 'bad', 'bad', NULL, NULL, 1)")
            c.close()
            write(sql)
            """, [outboxd.database])
        try outboxd.insert((0..<3).map { Row(conversation: "c\($0)", instant: true) })
        #expect(try outboxd.command("check").output.contains("NULL value in outbox."))
        try outboxd.run()
        #expect(try outboxd.wait(for: 3, "sent"))
        #expect(try outboxd.status(1, after: "failed").state == "failed")
    }
}
