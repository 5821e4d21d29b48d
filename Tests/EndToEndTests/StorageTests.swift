import Delivery
import Glibc
import TestSupport
import Testing

/// "What can't be recorded is not sent".
///
/// "A full disk or a read-only database stops delivery before the relay is contacted."
struct StorageTests {
    @Test(.enabled(if: MountNamespace.isPossible, "only root can mount"))
    func `on a full disk nothing is sent, and everything once there is room`() throws {
        let disk = try #require(try SmallDisk(kilobytes: 4_096))
        defer { disk.unmount() }
        let outboxd = try Outboxd(directory: disk.directory)
        defer { outboxd.end() }
        // Under way in the write-ahead log before the disk is full.
        let ids = try outboxd.insert((0..<5).map { Row(conversation: "c\($0)", instant: true) })
        try disk.fill()
        let daemon = try outboxd.start("run")
        #expect(daemon.waitForOutput("can't be used", timeout: .seconds(10)))
        #expect(outboxd.relay.record.mailCount == 0)
        try disk.makeRoom()
        #expect(try outboxd.wait(for: ids.count, "sent", timeout: .seconds(60)), "\(daemon.errors)")
        #expect(outboxd.relay.record.mailCount == ids.count)
    }

    @Test(.enabled(if: MountNamespace.isPossible, "only root can mount"))
    func `a disk that fills up while it runs stops delivery, and nothing is sent twice`() throws {
        let disk = try #require(try SmallDisk(kilobytes: 8_192))
        defer { disk.unmount() }
        let outboxd = try Outboxd(directory: disk.directory)
        defer { outboxd.end() }
        let daemon = try outboxd.run()
        try outboxd.insert(Row(instant: true))
        #expect(outboxd.relay.waitForMails(1))
        let ids = try outboxd.insert(
            (1...5).map {
                Row(conversation: "c\($0)", createdAt: TestClock.wall.milliseconds + 700)
            })
        try disk.fill()
        let isFull = daemon.waitForOutput("the database can't be used", timeout: .seconds(20))
        #expect(isFull, "\(daemon.errors)")
        let before = outboxd.relay.record.transfers.count
        try disk.makeRoom()
        #expect(try outboxd.wait(for: ids.count + 1, "sent", timeout: .seconds(60)))
        #expect(outboxd.relay.record.mailCount == ids.count + 1)
        #expect(before <= 1)
    }

    @Test(.enabled(if: MountNamespace.isPossible, "only root can mount"))
    func `a read-only database is an error of the database`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        try outboxd.insert(Row(instant: true))
        // Root may write what is read-only: a view of the file system that nobody may write to.
        let disk = try ReadOnlyDisk(outboxd.directory.path)
        defer { disk.unmount() }
        let drain = try outboxd.command("drain", "--now")
        #expect(drain.exit == .code(74), "\(drain.errors)")
        #expect(drain.errors.split(separator: "\n").count == 1, "\(drain.errors)")
        #expect(outboxd.relay.record.connections.isEmpty)
    }

    /// "`never`: it waits and says for what".
    @Test func `run waits until there is a database`() throws {
        let outboxd = try Outboxd(["OUTBOXD_MIGRATE": "never"], migrated: false)
        defer { outboxd.end() }
        let daemon = try outboxd.start("run")
        #expect(daemon.waitForOutput("there is no database"))
        try outboxd.command("migrate")
        #expect(daemon.waitForOutput("outboxd runs"))
        let id = try outboxd.insert(Row(instant: true))[0]
        #expect(try outboxd.status(id, after: "sent").summary == "sent")
    }
}
