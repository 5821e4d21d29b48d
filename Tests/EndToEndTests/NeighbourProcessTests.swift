import Delivery
import Foundation
import Glibc
import SQLite
import TestSupport
import Testing

/// "A row, mail, recipient, sender, helpdesk, table, lock, process or file that misbehaves harms nobody
/// else's mail": here another process, another user, another program's lock, and a file.
struct NeighbourProcessTests {
    // MARK: Another user

    @Test(.enabled(if: AnotherUser.isPossible, "only root can start processes of others"))
    func `the daemon of another user takes over what root's drain had under way`() throws {
        let gate = Gate()
        let relay = try ScriptedRelay(rules: [.first(1, .rcpt, .hold(gate))])
        let user = try AnotherUser(relay: relay)
        defer { user.outboxd.end() }
        let id = try user.outboxd.insert(Row(instant: true))[0]
        let drain = try user.drainAsRoot()
        #expect(gate.waitForArrivals())
        drain.kill()
        #expect(drain.waitForExit() == .signal(SIGKILL))
        let daemon = try user.run()
        #expect(daemon.waitForOutput("took over the mails of an outboxd that died"))
        #expect(try user.outboxd.status(id, after: "sent").summary == "sent")
        gate.open()
    }

    /// Such a file the first edition made; the notes of a dead process need only be read.
    @Test(.enabled(if: AnotherUser.isPossible, "only root can start processes of others"))
    func `notes that can only be read are taken over from a dead process`() throws {
        let gate = Gate()
        let relay = try ScriptedRelay(rules: [.first(1, .rcpt, .hold(gate))])
        let user = try AnotherUser(relay: relay)
        defer { user.outboxd.end() }
        let id = try user.outboxd.insert(Row(instant: true))[0]
        let drain = try user.drainAsRoot()
        #expect(gate.waitForArrivals())
        let file = try #require(try user.outboxd.journalFiles().first)
        #expect(chown(file, 0, 0) == 0 && chmod(file, 0o644) == 0)
        drain.kill()
        #expect(drain.waitForExit() == .signal(SIGKILL))
        let daemon = try user.run()
        #expect(daemon.waitForOutput("took over the mails of an outboxd that died"))
        #expect(try user.outboxd.status(id, after: "sent").summary == "sent")
        #expect(try user.outboxd.status(id).uncertain == false)
        #expect(!FileManager.default.fileExists(atPath: file))
        gate.open()
    }

    @Test(.enabled(if: AnotherUser.isPossible, "only root can start processes of others"))
    func `notes that can't be read are told, and taken over once they can be`() throws {
        let gate = Gate()
        let relay = try ScriptedRelay(rules: [.first(1, .rcpt, .hold(gate))])
        let user = try AnotherUser(relay: relay)
        defer { user.outboxd.end() }
        let id = try user.outboxd.insert(Row(instant: true))[0]
        let drain = try user.drainAsRoot()
        #expect(gate.waitForArrivals())
        let file = try #require(try user.outboxd.journalFiles().first)
        #expect(chown(file, 0, 0) == 0 && chmod(file, 0o600) == 0)
        drain.kill()
        #expect(drain.waitForExit() == .signal(SIGKILL))
        let daemon = try user.run()
        #expect(daemon.waitForOutput("another outboxd's notes are out of reach"))
        #expect(daemon.errors.contains(file) && daemon.errors.contains("owner=root"))
        let status = try user.command("status")
        #expect(status.output.contains("\(file) of root can't be read (Permission denied)"))
        #expect(try user.command("status", "--json").output.contains("\"unreadable\": [{"))
        let check = try user.command("check")
        #expect(check.exit == .code(74))
        #expect(check.output.contains("FAIL  database     \(file) of root can't be read"))
        // Another mail is none the worse for it.
        let other = try user.outboxd.insert(Row(conversation: "c2", instant: true))[0]
        #expect(try user.outboxd.status(other, after: "sent").summary == "sent")
        #expect(try user.outboxd.status(id).summary == "sending")
        #expect(chown(file, AnotherUser.id, AnotherUser.id) == 0)
        #expect(try user.outboxd.status(id, after: "sent").summary == "sent")
        gate.open()
    }

    // MARK: Another program's lock

    @Test func `a process that can't renew its lease keeps its mails`() throws {
        let gate = Gate()
        let relay = try ScriptedRelay(rules: [.on(.dot, .hold(gate))])
        let outboxd = try Outboxd(["OUTBOXD_LEASE": "1s"], relay: relay)
        defer { outboxd.end() }
        try outboxd.run()
        try outboxd.insert((0..<8).map { Row(conversation: "c\($0)", instant: true) })
        #expect(gate.waitForArrivals(4))
        let other = try outboxd.run()
        for _ in 1...3 {
            let lock = try DatabaseLock(outboxd.database)
            #expect(try outboxd.waitForLease(isOver: true))
            // Within a second the other notices; then both wait for the lock, and either may be first.
            sleep(2)
            try lock.release()
            #expect(try outboxd.waitForLease(isOver: false))
        }
        gate.open()
        #expect(try outboxd.wait(for: 8, "sent"))
        #expect(!other.errors.contains("took over"))
        #expect(relay.record.mailCount == 8)
        #expect(try outboxd.values("SELECT id FROM outbox_status WHERE uncertain").isEmpty)
    }

    // MARK: A process that freezes

    @Test func `the reply that a frozen process reads late settles its mail`() throws {
        let gate = Gate()
        let relay = try ScriptedRelay(rules: [.first(1, .dot, .hold(gate))])
        let outboxd = try Outboxd(
            ["OUTBOXD_LEASE": "1s", "OUTBOXD_ON_UNCERTAIN": "hold"], relay: relay)
        defer { outboxd.end() }
        let frozen = try outboxd.run()
        let id = try outboxd.insert(Row(instant: true))[0]
        #expect(gate.waitForArrivals())
        try outboxd.freeze(frozen)
        let other = try outboxd.run()
        #expect(other.waitForOutput("took over the mails of an outboxd that does not move"))
        #expect(try outboxd.status(id).summary == "pending/uncertain")
        gate.open()
        frozen.send(SIGCONT)
        let status = try outboxd.status(id, after: "sent")
        #expect(status.summary == "sent" && !status.uncertain)
        #expect(relay.record.mailCount == 1)
    }

    // MARK: A file

    @Test func `a process whose notes are cut short ends, and another goes on`() throws {
        let gate = Gate()
        let relay = try ScriptedRelay(rules: [.first(4, .dot, .hold(gate))])
        let outboxd = try Outboxd(relay: relay)
        defer { outboxd.end() }
        let hit = try outboxd.run()
        try outboxd.insert((0..<100).map { Row(conversation: "c\($0)", instant: true) })
        #expect(gate.waitForArrivals(4))
        let file = try #require(try outboxd.journalFiles().first)
        #expect(truncate(file, 0) == 0)
        gate.open()
        #expect(hit.waitForExit(timeout: .seconds(20)) == .code(74))
        #expect(hit.errors.contains("somebody cut short the notes that outboxd keeps"))
        try outboxd.run()
        #expect(try outboxd.wait(for: 100, "sent"))
        #expect(Set(relay.mails.map(\.messageID)).count == 100)
        #expect(try outboxd.journalFiles().count == 1)
    }

    @Test func `a copy of the notes is left alone`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        let daemon = try outboxd.run()
        let id = try outboxd.insert(Row(instant: true))[0]
        #expect(try outboxd.status(id, after: "sent").summary == "sent")
        let copy = outboxd.database + "-outboxd-backup"
        let file = try #require(try outboxd.journalFiles().first)
        try FileManager.default.copyItem(atPath: file, toPath: copy)
        daemon.kill()
        #expect(daemon.waitForExit() == .signal(SIGKILL))
        // It tidies up as it starts.
        try outboxd.run()
        #expect(try eventually { try !outboxd.journalFiles().contains(file) })
        #expect(FileManager.default.fileExists(atPath: copy))
    }
}

extension Outboxd {
    /// The paths of the in-flight journals beside the database.
    func journalFiles() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory.path)
            .filter { name in
                name.contains("-outboxd-")
                    && !["-backup", "-epoch"].contains(where: name.hasSuffix)
            }
            .map { directory.file($0) }
    }

    /// Stops a process outside of any transaction of its own: one that is stopped within one keeps the
    /// lock, and everybody waits for it.
    func freeze(_ process: ChildProcess) throws {
        let lock = try DatabaseLock(database)
        process.send(SIGSTOP)
        // The signal is only sent by now: a thread that still runs would take the lock with it.
        let hasStopped = try eventually { try Self.hasStopped(process.processID) }
        try lock.release()
        guard hasStopped else { throw Unexpected("process \(process.processID) does not stop") }
    }

    /// Whether each thread is in state T (proc_pid_stat(5)): the third field, behind the name in
    /// parentheses.
    private static func hasStopped(_ process: Int32) throws -> Bool {
        let tasks = "/proc/\(process)/task"
        return try FileManager.default.contentsOfDirectory(atPath: tasks).allSatisfy { thread in
            let stat = try String(contentsOfFile: "\(tasks)/\(thread)/stat", encoding: .utf8)
            return stat.split(separator: ")").last?.dropFirst().first == "T"
        }
    }

    /// Waits until the lease of whoever has mails under way is over, or stands.
    fileprivate func waitForLease(isOver: Bool) throws -> Bool {
        try eventually(timeout: .seconds(10)) {
            try values(
                """
                SELECT 1 FROM outboxd_instances WHERE lease_until > 0
                    AND (lease_until < \(TestClock.steady.milliseconds)) = \(isOver)
                """
            ).count == 1
        }
    }
}
