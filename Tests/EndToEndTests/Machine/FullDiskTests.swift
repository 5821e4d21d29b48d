import Foundation
import Glibc
import TestSupport
import Testing

/// A disk that has room for something and not for the rest (Operating.md, "The machine's faults").
@Suite(.enabled(if: MountNamespace.isPossible, "only root can mount a small disk"))
struct FullDiskTests {
    @Test func `a disk without room for the tables is waited for`() throws {
        let disk = try #require(try SmallDisk(kilobytes: 8_192))
        defer { disk.unmount() }
        let outboxd = try Outboxd(migrated: false, directory: disk.directory)
        defer { outboxd.end() }
        // Some of the steps fit in.
        try disk.fill(sparing: 120)
        let migrate = try outboxd.command("migrate")
        #expect(migrate.exit == .code(74))
        #expect(
            migrate.errors.contains("database or disk is full (SQLite 13); make room on its disk"))
        let daemon = try outboxd.start("run")
        #expect(daemon.waitForOutput("waiting for the database"))
        try disk.makeRoom()
        #expect(daemon.waitForOutput("outboxd runs", timeout: .seconds(20)))
        let id = try outboxd.insert(Row(instant: true))[0]
        #expect(try outboxd.status(id, after: "sent").summary == "sent")
        #expect(try outboxd.values("PRAGMA integrity_check") == ["ok"])
    }

    @Test func `a disk without room for the notes is waited for, and a drain says so`() throws {
        let disk = try #require(try SmallDisk(kilobytes: 8_192))
        defer { disk.unmount() }
        let outboxd = try Outboxd(directory: disk.directory)
        defer { outboxd.end() }
        let id = try outboxd.insert(Row(instant: true))[0]
        try disk.fill(sparing: 400)
        let drain = try outboxd.command("drain")
        #expect(drain.exit == .code(74))
        #expect(drain.errors.contains("No space left on device"))
        let daemon = try outboxd.run()
        #expect(daemon.waitForOutput("the database can't be used; nothing is sent meanwhile"))
        #expect(outboxd.relay.record.connections.isEmpty)
        #expect(try outboxd.command("check").output.contains("0 MiB are free"))
        let health = try outboxd.command("health")
        #expect(health.exit == .code(1) && health.output.contains(" is full ("), "\(health)")
        #expect(try outboxd.command("status").output.hasPrefix("the disk of "))
        try disk.makeRoom()
        #expect(try outboxd.status(id, after: "sent").summary == "sent")
        #expect(daemon.errors.contains("the database can be used again"))
        #expect(try outboxd.command("health").exit == .code(0))
    }

    /// The reply stands in the in-flight journal, whose room was taken at the start.
    @Test(arguments: [false, true])
    func `what is accepted while the disk is full is written down later, and sent once`(
        isKilled: Bool
    ) throws {
        let disk = try #require(try SmallDisk(kilobytes: 12_288))
        defer { disk.unmount() }
        let gate = Gate()
        let relay = try ScriptedRelay(rules: [
            .on(.dot, .hold(gate, then: .replyThenClose(250, "2.0.0 Ok")))
        ])
        let outboxd = try Outboxd(relay: relay, directory: disk.directory)
        defer { outboxd.end() }
        let daemon = try outboxd.run()
        try outboxd.insert((0..<4).map { Row(conversation: "c\($0)", instant: true) })
        #expect(gate.waitForArrivals(4))
        try disk.fill()
        gate.open()
        #expect(relay.waitForMails(4))
        // By then it has read the replies.
        #expect(try daemon.waitUntilDisconnected())
        #expect(daemon.waitForOutput("database or disk is full", timeout: .seconds(20)))
        #expect(try outboxd.counts() == ["sending": 4])
        if isKilled {
            daemon.kill()
            #expect(daemon.waitForExit() == .signal(SIGKILL))
        }
        try disk.makeRoom()
        if isKilled { try outboxd.run() }
        #expect(try outboxd.wait(for: 4, "sent"))
        #expect(relay.record.mailCount == 4)
        #expect(try outboxd.values("SELECT id FROM outbox_status WHERE uncertain").isEmpty)
    }
}
