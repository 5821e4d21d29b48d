import Glibc
import TestSupport
import Testing

extension RestoreTests {
    /// A process that stood still had mails when the database was copied; another took them over and sent them.
    ///
    /// Neither the notes of the one nor what it does when it goes on may say that they were not sent.
    @Test(arguments: ["goes on", "is killed"], ["mv", ".restore"])
    func `what another process took over after the backup is uncertain`(
        _ end: String, _ how: String
    ) throws {
        let bed = try FrozenDaemon(at: .data)
        let (outboxd, relay) = (bed.outboxd, bed.relay)
        defer { outboxd.end() }
        let (frozen, ids) = try bed.freeze()
        let copy = try backup(outboxd)
        let other = try outboxd.run()
        #expect(try outboxd.wait(for: 3, "sent"))
        bed.gate.open()
        stop(other)
        if end == "is killed" { frozen.kill() }
        if how == "mv" {
            restore(copy, outboxd)
        } else {
            try restoreInPlace(copy, outboxd)
        }
        if end == "goes on" { frozen.send(SIGCONT) }
        try outboxd.run()
        for id in ids {
            #expect(try outboxd.status(id, after: "pending", "restored").uncertain)
        }
        #expect(relay.record.mailCount == 3)
        #expect(try outboxd.command("resume", "--restored").exit == .code(0))
        #expect(relay.waitForMails(6))
        for id in ids {
            let sent = try outboxd.status(id, after: "sent")
            #expect(sent.summary == "sent" && sent.uncertain)
        }
        #expect(Set(relay.mails.map(\.messageID)).count == 3)
    }
}
