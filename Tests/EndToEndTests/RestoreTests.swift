import Foundation
import Glibc
import TestSupport
import Testing

/// "What restoring means" (Operating.md): outboxd does not notice, so what it says there must be so.
struct RestoreTests {
    @Test func `what was sent after the backup goes out again, once nobody holds it`() throws {
        let gate = Gate()
        let relay = try ScriptedRelay(rules: [
            .at(recipient: "slow@example.test", .hold(gate))
        ])
        let outboxd = try Outboxd(["OUTBOXD_HOLD": "1h"], relay: relay)
        defer { outboxd.end() }
        let daemon = try outboxd.run()
        let sent = try outboxd.insert(Row(instant: true))[0]
        #expect(try outboxd.status(sent, after: "sent").summary == "sent")
        let held = try outboxd.insert(Row(to: "held@example.test", conversation: "c2"))[0]
        let slow = try outboxd.insert(
            Row(to: "slow@example.test", conversation: "c3", instant: true))[0]
        #expect(gate.waitForArrivals())
        let copy = outboxd.directory.file("copy.db")
        #expect(try outboxd.command("backup", copy).exit == .code(0))
        gate.open()
        try outboxd.sql("UPDATE outbox SET instant = 1")
        for row in [held, slow] {
            #expect(try outboxd.status(row, after: "sent").summary == "sent")
        }
        let late = try outboxd.insert(Row(conversation: "c4", instant: true))[0]
        #expect(try outboxd.status(late, after: "sent").summary == "sent")
        daemon.terminate()
        #expect(daemon.waitForExit() == .code(0))

        for end in ["-wal", "-shm"] { unlink(outboxd.database + end) }
        #expect(rename(copy, outboxd.database) == 0)
        #expect(try outboxd.values("SELECT count(*) FROM outbox WHERE id = \(late)") == ["0"])
        try outboxd.command("pause", "--why", "restored, looking")
        try outboxd.run()
        #expect(try outboxd.status(slow, after: "pending").uncertain)
        try outboxd.sql("UPDATE outbox SET instant = 1")
        #expect(relay.record.mailCount == 4)
        try outboxd.command("resume")
        for row in [held, slow] {
            #expect(try outboxd.status(row, after: "sent").summary == "sent")
        }
        #expect(relay.mails.map(\.recipient).filter { $0.hasPrefix("ann") }.count == 2)
        for name in ["held", "slow"] {
            let mails = relay.mails.filter { $0.recipient == "\(name)@example.test" }
            #expect(mails.count == 2)
            #expect((mails.first?.messageID == mails.last?.messageID) == (name == "slow"))
        }
    }
}
