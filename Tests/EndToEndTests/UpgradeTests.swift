import Delivery
import Foundation
import Glibc
import SQLite
import TestSupport
import Testing

/// An upgrade as an operator makes it: `outboxd migrate` over a database that an older binary has left.
struct UpgradeTests {
    /// Nothing grows too old for being sent, or is pruned, however old the database is.
    private static let patient = [
        "OUTBOXD_EXPIRE_AFTER": "3650d", "OUTBOXD_RETENTION": "0", "OUTBOXD_ON_UNCERTAIN": "hold",
    ]

    private func database(ofStep step: Int) throws -> Outboxd {
        let outboxd = try Outboxd(Self.patient, migrated: false)
        let connection = try Connection(path: outboxd.database, mode: .create)
        try connection.execute(OldTables.sql(ofStep: step))
        // What stood beside it is gone: it would be taken for a restored backup, and held.
        if step >= 11 { try connection.execute("UPDATE outboxd_epoch SET is_noted = 0") }
        return outboxd
    }

    @Test(arguments: try OldTables.steps())
    func `what is pending in an old database is sent once`(step: Int) throws {
        let outboxd = try database(ofStep: step)
        defer { outboxd.end() }
        let frozen = try Connection(path: outboxd.database, mode: .readOnly)
            .statement("SELECT message FROM outboxd_frozen").first { $0.blob(0) }
        #expect(try outboxd.command("migrate").exit == .code(0))
        #expect(try !outboxd.command("check").output.contains("totals"))
        let all = try outboxd.counts()

        try outboxd.run()
        // What was under way when the old process was killed: its notes are gone, so nobody knows.
        let waiting =
            (1...2).map { _ in "new@example.test" } + (0...6).map { "blocked\($0)@example.test" }
        let sent = waiting + ["defer@example.test", "held@example.test"]
        #expect(outboxd.relay.waitForMails(sent.count, timeout: .seconds(30)))
        #expect(try outboxd.wait(for: (all["sent"] ?? 0) + sent.count, "sent"))
        #expect(try outboxd.counts()["pending"] == 5, "two paused, two and one uncertain")

        try outboxd.command("resume", "--helpdesk", "aside")
        try outboxd.sql("UPDATE helpdesks SET paused = 0")
        try outboxd.command("resolve", "--all", "--resend", "--yes")
        let released = [
            "apart@example.test", "aside@example.test", "uncertain@example.test",
            "stall@example.test",
        ]
        #expect(outboxd.relay.waitForMails(sent.count + released.count, timeout: .seconds(30)))
        #expect(try outboxd.wait(for: (all["sent"] ?? 0) + sent.count + 5, "sent"))
        #expect(outboxd.relay.mails.map(\.recipient).sorted() == (sent + released).sorted())
        #expect(
            outboxd.relay.mails.first { $0.recipient == "uncertain@example.test" }?.data == frozen)
        let ended = try outboxd.counts()
        #expect(ended["failed"] == all["failed"] && ended["skipped"] == all["skipped"])
        #expect(try !outboxd.command("check").output.contains("totals"))
    }

    @Test func `several processes that upgrade at once do it once`() throws {
        let outboxd = try database(ofStep: 1)
        defer { outboxd.end() }
        let lock = try Connection(path: outboxd.database, mode: .readWrite)
        try lock.execute("PRAGMA journal_mode = WAL; BEGIN IMMEDIATE")
        let all = try (1...4).map { _ in try outboxd.start("migrate") }
        // All of them wait for the lock, or will.
        usleep(200_000)
        try lock.execute("COMMIT")
        #expect(
            all.map { $0.waitForExit(timeout: .seconds(30)) } == [
                .code(0), .code(0), .code(0), .code(0),
            ])
        let upgrades = all.filter { $0.output.contains("applied step 2") }
        #expect(upgrades.count == 1)
        #expect(all.filter { $0.output.contains("nothing to do") }.count == 3)
    }

    /// When the log has grown to 1 MB, which is all it may have: the commit would be its last page.
    @Test func `an upgrade that fails half way leaves the old tables, and is made again`()
        throws
    {
        let outboxd = try database(ofStep: 1)
        defer { outboxd.end() }
        try outboxd.sql(
            """
            PRAGMA journal_mode = WAL;
            WITH RECURSIVE n (i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
            INSERT INTO outboxd_mails (id, helpdesk_id, conversation_id, recipient, audience, phase, due_at)
            SELECT i, 'acme', 'bulk' || i, 'ann@example.test', 'visitor', 0, 1795000000000 + i FROM n;
            INSERT INTO outbox (id, helpdesk_id, conversation_id, message_id, recipient_email, body_text)
            SELECT id, 'acme', conversation_id, 'bulk' || id, recipient, 'x' FROM outboxd_mails WHERE id >= 1000;
            INSERT INTO outboxd_rows (id, mail_id, state, due_at)
            SELECT id, id, 0, due_at FROM outboxd_mails WHERE id >= 1000;
            PRAGMA wal_checkpoint (TRUNCATE);
            """)
        let before = try outboxd.counts()
        let upgrade = try ChildProcess.run(
            "/bin/bash", ["-c", "ulimit -c 0; ulimit -f 1000; exec \(outboxd.binary) migrate"],
            environment: outboxd.environment)
        #expect(upgrade.exit == .code(74), "\(upgrade.errors)")
        #expect(upgrade.errors.contains("disk I/O error"), "\(upgrade.errors)")
        #expect(try outboxd.values("SELECT max(number) FROM outboxd_migrations") == ["1"])
        #expect(try outboxd.counts() == before)
        #expect(try outboxd.command("migrate").exit == .code(0))
        #expect(try outboxd.counts() == before)
        #expect(try outboxd.command("check").output.contains("tables of step"))
    }
}

/// A daemon beside which a newer outboxd upgrades the tables.
struct OldDaemonTests {
    private func upgrade(_ outboxd: Outboxd) throws {
        try outboxd.sql(
            """
            BEGIN IMMEDIATE; CREATE TABLE outboxd_future (a);
            INSERT INTO outboxd_migrations VALUES (99, 'from the future', 0); COMMIT
            """)
    }

    @Test func `it ends what is under way, writes nothing more, and says so`() throws {
        let gate = Gate()
        let relay = try ScriptedRelay(rules: [.first(1, .dot, .hold(gate))])
        let outboxd = try Outboxd(["OUTBOXD_SMTP_CONNECTIONS": "1"], relay: relay)
        defer { outboxd.end() }
        let daemon = try outboxd.run()
        let first = try outboxd.insert(Row(instant: true))[0]
        #expect(gate.waitForArrivals())
        try upgrade(outboxd)
        let second = try outboxd.insert(Row(conversation: "c2", instant: true))[0]
        #expect(daemon.waitForOutput("newer outboxd"))
        gate.open()
        #expect(daemon.waitForExit() == .code(75))
        #expect(daemon.errors.contains("step 99"))
        #expect(daemon.errors.contains("run the newer outboxd"))
        #expect(try outboxd.status(first).summary == "sending")
        #expect(try outboxd.status(second).state == "pending")

        // A new start of the old one mends nothing.
        #expect(try outboxd.command("run").exit == .code(74))
        #expect(try outboxd.command("status").exit == .code(74))

        // The newer one finds the reply in the notes.
        try outboxd.sql("DELETE FROM outboxd_migrations WHERE number = 99")
        try outboxd.run()
        #expect(try outboxd.status(first, after: "sent").uncertain == false)
        #expect(try outboxd.status(second, after: "sent").summary == "sent")
        #expect(relay.record.mailCount == 2)
    }

    @Test func `an idle daemon notices at once`() throws {
        let outboxd = try Outboxd(["OUTBOXD_POLL_INTERVAL": "1h"])
        defer { outboxd.end() }
        let daemon = try outboxd.run()
        try upgrade(outboxd)
        #expect(daemon.waitForExit() == .code(75))
    }

    @Test func `a drain ends too`() throws {
        let gate = Gate()
        let relay = try ScriptedRelay(rules: [.first(1, .dot, .hold(gate))])
        let outboxd = try Outboxd(relay: relay)
        defer { outboxd.end() }
        try outboxd.insert(Row(instant: true))
        let drain = try outboxd.start("drain")
        #expect(gate.waitForArrivals())
        try upgrade(outboxd)
        gate.open()
        #expect(drain.waitForExit() == .code(74))
        #expect(drain.errors.contains("newer outboxd"))
    }

    /// An in-flight journal of an edition that looks for no new tables has no step in its header.
    @Test func `beside a process that would not notice nothing is upgraded`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        let daemon = try outboxd.run()
        // Once it has sent a mail it has looked at the tables for the last time.
        let id = try outboxd.insert(Row(instant: true))[0]
        #expect(try outboxd.status(id, after: "sent").summary == "sent")
        let names = try FileManager.default.contentsOfDirectory(atPath: outboxd.directory.path)
        let journal = try #require(
            names.first { $0.hasPrefix("outbox.db-outboxd-") && !$0.hasSuffix("-epoch") })
        let takeBack = """
            BEGIN;
            DELETE FROM outboxd_migrations WHERE number >= 12;
            DROP TABLE outboxd_blocks;
            DROP TABLE outboxd_former_identities;
            ALTER TABLE outboxd_lines DROP COLUMN instant_mails;
            ALTER TABLE outboxd_lines DROP COLUMN first_mails;
            ALTER TABLE outboxd_lines DROP COLUMN retry_mails;
            COMMIT
            """
        try outboxd.sql(takeBack)
        #expect(try outboxd.command("migrate").exit == .code(0))
        try outboxd.sql(takeBack)
        let file = try #require(FileHandle(forUpdatingAtPath: outboxd.directory.file(journal)))
        try file.seek(toOffset: 112)
        try file.write(contentsOf: [0, 0, 0, 0])
        let refused = try outboxd.command("migrate")
        #expect(refused.exit == .code(75))
        #expect(refused.errors.contains("an older outboxd works on the database"))
        daemon.kill()
        #expect(daemon.waitForExit() == .signal(SIGKILL))
        // It is no longer in the way.
        #expect(try outboxd.command("migrate").exit == .code(0))
    }
}
