import Delivery
import Glibc
import TestSupport
import Testing

/// "Any number of `outboxd run` and `outboxd drain` processes may work on one database".
///
/// "No row is sent by two of them."
struct SeveralTests {
    @Test(.timeLimit(.minutes(5)))
    func `two daemons and two drains send each row once`() throws {
        let rows = CrashTests.isSoak ? 4_000 : 1_000
        let outboxd = try Outboxd(["OUTBOXD_LOG_LEVEL": "info"])
        defer { outboxd.end() }
        try outboxd.insert((0..<rows).map { Row(conversation: "c\($0)", instant: true) })
        let daemons = [try outboxd.start("run"), try outboxd.start("run")]
        let drains = [try outboxd.start("drain", "--now"), try outboxd.start("drain", "--now")]
        #expect(try outboxd.wait(for: rows, "sent", timeout: .seconds(120)))
        for drain in drains { #expect(drain.waitForExit(timeout: .seconds(30)) == .code(0)) }
        for daemon in daemons { daemon.terminate() }
        for daemon in daemons { #expect(daemon.waitForExit() == .code(0)) }
        let twice = Dictionary(grouping: outboxd.relay.mails) { $0.messageID ?? "" }
            .filter { $0.value.count > 1 }.keys.sorted()
        let logs = (daemons + drains).map { child in
            child.errors.split(separator: "\n").filter { line in
                !line.contains("status=sent") || twice.contains { line.contains($0) }
            }.joined(separator: "\n")
        }
        #expect(twice.isEmpty, "\(logs.joined(separator: "\n\n"))")
        #expect(outboxd.relay.record.mailCount == rows)
        #expect(Set(outboxd.relay.mails.map(\.messageID)).count == rows)
        #expect(try outboxd.values("SELECT id FROM outbox_status WHERE uncertain").isEmpty)
    }

    /// "A process that freezes past its lease loses its rows to another; only mails whose final dot it had announced can
    /// go out twice, at most one for each connection".
    @Test func `a frozen process loses its mails, and finishes none of them later`() throws {
        let bed = try FrozenDaemon(at: .rcpt)
        let (outboxd, relay) = (bed.outboxd, bed.relay)
        defer { outboxd.end() }
        let (frozen, ids) = try bed.freeze()
        let other = try outboxd.run()
        #expect(other.waitForOutput("took over the mails of an outboxd that does not move"))
        #expect(try outboxd.wait(for: 3, "sent"))
        bed.gate.open()
        frozen.send(SIGCONT)
        // It is alive again when it has stopped in good order.
        frozen.terminate()
        #expect(frozen.waitForExit(timeout: .seconds(20)) == .code(0))
        let copies = Dictionary(grouping: relay.mails) { $0.messageID ?? "" }
        #expect(copies.count == 3)
        // At most one for each connection, and then under one Message-ID.
        #expect(relay.record.mailCount <= 4)
        for id in ids { #expect(try outboxd.status(id).summary == "sent") }
    }

    /// `OUTBOXD_SOAK=1` holds the lock for 30 s, as long as the lease.
    @Test func `a slow writer is waited for`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        let daemon = try outboxd.run()
        let id = try outboxd.insert(Row(instant: true))[0]
        let lock = try DatabaseLock(outboxd.database)
        #expect(daemon.waitForOutput("another process keeps the database locked"))
        #expect(daemon.waitForOutput("holder=\"\(getpid()) ("))
        if CrashTests.isSoak { sleep(30) }
        try lock.release()
        #expect(try outboxd.status(id, after: "sent").summary == "sent")
        #expect(outboxd.relay.record.mailCount == 1)
    }
}
