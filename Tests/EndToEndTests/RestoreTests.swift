import Foundation
import Glibc
import SQLite
import TestSupport
import Testing

/// "What restoring means" (Operating.md): what was sent after a backup does not go out again unasked.
struct RestoreTests {
    /// The names of files beside the database.
    static let epoch = "outbox.db-outboxd-epoch"

    func stop(_ daemon: ChildProcess) {
        daemon.terminate()
        #expect(daemon.waitForExit() == .code(0))
    }

    /// Puts a copy in the place of the database, as the page says.
    func restore(_ copy: String, _ outboxd: Outboxd) {
        for end in ["-wal", "-shm"] { unlink(outboxd.database + end) }
        #expect(rename(copy, outboxd.database) == 0)
    }

    /// As `.restore` of the sqlite3 shell does: the file stays, its contents are others.
    func restoreInPlace(_ copy: String, _ outboxd: Outboxd) throws {
        try ChildProcess.tool(
            "python3",
            [
                "-c",
                "import sqlite3,sys; sqlite3.connect(sys.argv[1]).backup(sqlite3.connect(sys.argv[2], timeout=20))",
                copy, outboxd.database,
            ], package: "python3")
    }

    func backup(_ outboxd: Outboxd) throws -> String {
        let copy = outboxd.directory.file("copy \(UInt32.random(in: .min ... .max)).db")
        #expect(try outboxd.command("backup", copy).exit == .code(0))
        return copy
    }

    /// A mail to each of these is sent, in the daemon that runs.
    @discardableResult
    func send(_ names: String..., by outboxd: Outboxd) throws -> [Int64] {
        let ids = try outboxd.insert(
            names.map { Row(to: "\($0)@example.test", conversation: $0, instant: true) })
        for id in ids { #expect(try outboxd.status(id, after: "sent").summary == "sent") }
        return ids
    }

    /// A daemon that runs, and a copy from between the two mails that it has sent.
    func sendsOnAfterBackup(
        _ outboxd: Outboxd
    ) throws -> (daemon: ChildProcess, copy: String) {
        let daemon = try outboxd.run()
        try send("before", by: outboxd)
        let copy = try backup(outboxd)
        try send("after", by: outboxd)
        return (daemon, copy)
    }

    /// What a restored database of two mails that were sent after it leaves behind: nothing runs.
    private func restored(_ outboxd: Outboxd) throws -> [Int64] {
        let daemon = try outboxd.run()
        try send("before", by: outboxd)
        try outboxd.command("pause")
        let ids = try outboxd.insert(
            Row(to: "one@example.test", conversation: "one", instant: true),
            Row(to: "two@example.test", conversation: "two", instant: true))
        for id in ids {
            #expect(try outboxd.status(id, after: "pending", "paused").reason == "paused")
        }
        let copy = try backup(outboxd)
        try outboxd.command("resume")
        for id in ids { #expect(try outboxd.status(id, after: "sent").summary == "sent") }
        stop(daemon)
        restore(copy, outboxd)
        try outboxd.sql("DELETE FROM outboxd_pauses")
        return ids
    }

    @Test func `what was sent after the backup is held, everything says so, and a word lets it go`()
        throws
    {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        let ids = try restored(outboxd)
        #expect(outboxd.relay.record.mailCount == 3)
        // Before anybody who may write has looked.
        #expect(try outboxd.command("health").exit == .code(1))
        #expect(
            try outboxd.command("status").output.hasPrefix(
                "the database was restored from an older state: everything is held"))

        let daemon = try outboxd.run()
        for id in ids {
            #expect(
                try outboxd.status(id, after: "pending", "restored").summary == "pending/restored")
        }
        let late = try outboxd.insert(Row(conversation: "late", instant: true))[0]
        #expect(daemon.waitForOutput("everything is held, and nothing is sent"))
        #expect(daemon.errors.contains("reason=newer count=2 last_sent="))
        #expect(daemon.errors.contains("outboxd resume --restored"))
        usleep(500_000)
        #expect(try outboxd.status(late).summary == "pending/restored", "it is taken in, and waits")
        let status = try outboxd.command("status").output
        #expect(status.contains("everything is held") && status.contains("3 restored"))
        #expect(status.contains("the last mail that it knows of was sent at "))
        let health = try outboxd.command("health")
        #expect(health.exit == .code(1) && health.output.contains("outboxd resume --restored"))
        #expect(try outboxd.command("health", "--live").exit == .code(0))
        #expect(try outboxd.command("check").output.contains("FAIL  database     the database was"))
        let list = try outboxd.command("list", "--reason", "restored", "--json").output
        #expect(list.count(of: "\"reason\": \"restored\"") == 3)
        let show = try outboxd.command("show", "\(ids[0])").output
        #expect(show.contains("held: the database was restored"))

        // No drain sends it, and no plain resume.
        let drain = try outboxd.command("drain")
        #expect(drain.exit == .code(75))
        #expect(drain.errors.contains("rows that still wait: 3"))
        #expect(try outboxd.command("drain", "--dry-run").output.contains("3 mails would be sent"))
        let plain = try outboxd.command("resume")
        #expect(plain.exit == .code(0) && plain.output.contains("still held: everything"))
        stop(daemon)
        let again = try outboxd.run()
        #expect(again.waitForOutput("everything is held, and nothing is sent"))
        #expect(outboxd.relay.record.mailCount == 3)

        #expect(try outboxd.command("cancel", "\(ids[0])", "--why", "sent").exit == .code(0))
        #expect(try outboxd.command("resume", "--restored", "--helpdesk", "h1").exit == .code(64))
        let release = try outboxd.command("resume", "--restored", "--why", "looked")
        #expect(release.exit == .code(0) && release.output.contains("is released"))
        for id in [ids[1], late] {
            #expect(try outboxd.status(id, after: "sent").summary == "sent")
        }
        #expect(try outboxd.status(ids[0]).summary == "skipped/cancelled")
        #expect(again.waitForOutput("the restored database was released"))
        #expect(try outboxd.command("health").exit == .code(0))
        #expect(
            try outboxd.values("SELECT who || why FROM outboxd_deeds WHERE why = 'looked'").count
                == 1)
        stop(again)
        let last = try outboxd.run()
        try send("after", by: outboxd)
        #expect(!last.errors.contains("restored"))
        #expect(
            outboxd.relay.mails.map(\.recipient).filter { $0.hasPrefix("one") }.count == 1)
    }

    /// The database is replaced under a daemon that runs: it ends, and the next start holds everything.
    @Test func `a daemon under which another file is put ends, and the next one holds everything`()
        throws
    {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        let (daemon, copy) = try sendsOnAfterBackup(outboxd)
        restore(copy, outboxd)
        #expect(daemon.waitForExit() == .code(74))
        #expect(daemon.errors.contains("another database file has taken the place"))
        let id = try outboxd.insert(Row(conversation: "late", instant: true))[0]
        try outboxd.run()
        #expect(
            try outboxd.status(id, after: "pending", "restored").summary == "pending/restored")
        #expect(outboxd.relay.record.mailCount == 2)
    }

    @Test func `a database that is restored in place under a daemon is held within a second`()
        throws
    {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        let (daemon, copy) = try sendsOnAfterBackup(outboxd)
        try restoreInPlace(copy, outboxd)
        let id = try outboxd.insert(Row(conversation: "late", instant: true))[0]
        #expect(daemon.waitForOutput("everything is held, and nothing is sent"))
        // What it has in memory is of another database now.
        #expect(daemon.waitForExit() == .code(74))
        #expect(daemon.errors.contains("was restored under this outboxd; start outboxd again"))
        try outboxd.run()
        #expect(
            try outboxd.status(id, after: "pending", "restored").summary == "pending/restored")
        #expect(outboxd.relay.record.mailCount == 2)
        #expect(try outboxd.command("resume", "--restored").exit == .code(0))
        #expect(try outboxd.status(id, after: "sent").summary == "sent")
    }

    @Test func `a copy at another place is held until it is released`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        let daemon = try outboxd.run()
        try send("before", by: outboxd)
        let copy = try backup(outboxd)
        stop(daemon)
        let drill = try Outboxd(["OUTBOXD_DATABASE": copy], relay: outboxd.relay, migrated: false)
        defer { drill.end() }
        let id = try drill.insert(Row(conversation: "late", instant: true))[0]
        let held = try drill.run()
        #expect(held.waitForOutput("reason=missing count="))
        #expect(try drill.status(id, after: "pending", "restored").summary == "pending/restored")
        #expect(try drill.command("resume", "--restored").exit == .code(0))
        #expect(try drill.status(id, after: "sent").summary == "sent")
        stop(held)
        let again = try drill.run()
        #expect(!again.errors.contains("restored"))
    }

    @Test func `a directory that is moved as a whole goes on`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        let daemon = try outboxd.run()
        try send("before", by: outboxd)
        stop(daemon)
        let other = try TemporaryDirectory()
        for name in ["outbox.db", Self.epoch] {
            try FileManager.default.copyItem(
                atPath: outboxd.directory.file(name), toPath: other.file(name))
        }
        let moved = try Outboxd(relay: outboxd.relay, migrated: false, directory: other)
        defer { moved.end() }
        try moved.run()
        try send("after", by: moved)
        #expect(try moved.command("health").exit == .code(0))
    }

    @Test func `neither a restart nor SIGKILL in the midst of sending holds anything`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        for round in 1...20 {
            let daemon = try outboxd.run()
            try outboxd.insert(
                (1...20).map { Row(conversation: "r\(round) \($0)", instant: true) })
            _ = outboxd.relay.waitForMails(
                outboxd.relay.record.mailCount + Int.random(in: 1...20), timeout: .seconds(5))
            daemon.kill()
            #expect(daemon.waitForExit() == .signal(SIGKILL))
            #expect(!daemon.errors.contains("restored"), "round \(round)")
        }
        try outboxd.run()
        // What was cut off three times is held as uncertain.
        let left =
            "SELECT count(*) FROM outbox_status WHERE state <> 'sent' AND reason <> 'uncertain'"
        #expect(try eventually(timeout: .seconds(30)) { try outboxd.values(left) == ["0"] })
        #expect(
            try outboxd.values("SELECT count(*) FROM outboxd_epoch WHERE held_since > 0") == ["0"])
    }

    @Test func `an upgraded database goes on, with a file from then on`() throws {
        let outboxd = try Outboxd(["OUTBOXD_RETENTION": "0"], migrated: false)
        defer { outboxd.end() }
        try outboxd.sqlMaking(try OldTables.sql(ofStep: 10))
        #expect(try outboxd.command("migrate").exit == .code(0))
        let daemon = try outboxd.run()
        try send("after", by: outboxd)
        #expect(!daemon.errors.contains("restored"))
        #expect(access(outboxd.directory.file(Self.epoch), R_OK) == 0)
    }

    /// The file of the one that was there says nothing about it.
    @Test func `a new database in the place of one that is gone goes on`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        let daemon = try outboxd.run()
        try send("before", by: outboxd)
        stop(daemon)
        for end in ["", "-wal", "-shm"] { unlink(outboxd.database + end) }
        #expect(try outboxd.command("migrate").exit == .code(0))
        let new = try outboxd.run()
        try send("first", by: outboxd)
        #expect(!new.errors.contains("restored"))
        stop(new)
        // And that one's is its own from then on.
        #expect(try outboxd.command("health").exit == .code(0))
    }

    @Test func `where the file can't be written mail goes on, and log and check say so`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        #expect(mkdir(outboxd.directory.file(Self.epoch), 0o700) == 0)
        let daemon = try outboxd.run()
        #expect(daemon.waitForOutput("a restored backup would not be noticed"))
        try send("one", by: outboxd)
        let check = try outboxd.command("check").output
        #expect(check.contains("warn  database     a restored backup would not be noticed"))
        stop(daemon)
        try send(
            "two",
            by: {
                try outboxd.run(); return outboxd
            }())
        #expect(try outboxd.command("health").exit == .code(0))
    }

    /// Also where the process that had it went on and was killed then: its notes say nothing of that mail any more.
    @Test(arguments: ["stopped", "killed", "killed, released before one runs"])
    func `what was under way at the backup is uncertain, and goes under its Message-ID`(
        _ end: String
    ) throws {
        let gate = Gate()
        let relay = try ScriptedRelay(rules: [.at(recipient: "slow@example.test", .hold(gate))])
        let outboxd = try Outboxd(relay: relay)
        defer { outboxd.end() }
        let daemon = try outboxd.run()
        let slow = try outboxd.insert(
            Row(to: "slow@example.test", conversation: "slow", instant: true))[0]
        #expect(gate.waitForArrivals())
        let copy = try backup(outboxd)
        gate.open()
        #expect(try outboxd.status(slow, after: "sent").summary == "sent")
        #expect(try isNumberBeside(outboxd))
        if end == "stopped" {
            stop(daemon)
        } else {
            daemon.kill()
            _ = daemon.waitForExit()
        }
        restore(copy, outboxd)
        if end == "killed, released before one runs" {
            #expect(try outboxd.command("resume", "--restored").exit == .code(0))
            try outboxd.run()
        } else {
            try outboxd.run()
            #expect(try outboxd.status(slow, after: "pending", "restored").uncertain)
            #expect(relay.record.mailCount == 1)
            #expect(try outboxd.command("resume", "--restored").exit == .code(0))
        }
        #expect(relay.waitForMails(2))
        let sent = try outboxd.status(slow, after: "sent")
        #expect(sent.summary == "sent" && sent.uncertain)
        #expect(Set(relay.mails.map(\.messageID)).count == 1 && relay.record.mailCount == 2)
    }
}

extension Outboxd {
    /// Runs SQL on a database that is made by it.
    fileprivate func sqlMaking(_ text: String) throws {
        try Connection(path: database, mode: .create).execute(text)
    }
}
