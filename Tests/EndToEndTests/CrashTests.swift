import Foundation
import Glibc
import TestSupport
import Testing

/// "A mail is sent exactly once unless outboxd or the connection dies after the final dot was
/// announced and before the relay's reply is noted".
///
/// "Nothing is ever lost."
struct CrashTests {
    /// `OUTBOXD_SOAK=1` runs the figures.
    static var isSoak: Bool { ProcessInfo.processInfo.environment["OUTBOXD_SOAK"] == "1" }

    @Test(.timeLimit(.minutes(10)))
    func `killed again and again while it sends, it loses nothing`() throws {
        let (rows, kills) = Self.isSoak ? (10_000, 25) : (2_000, 8)
        // The relay takes its time at the dot, so that a kill nearly always meets mails in the gap.
        let relay = try ScriptedRelay(rules: [.on(.dot, .delay(.milliseconds(2)))])
        let outboxd = try Outboxd(["OUTBOXD_LOG_LEVEL": "notice"], relay: relay)
        defer { outboxd.end() }
        try outboxd.insert((0..<rows).map { Row(conversation: "c\($0)", instant: true) })
        for kill in 1...kills {
            let goal = rows * kill / (kills + 1)
            let daemon = try outboxd.start("run")
            let hasMoved = relay.waitForMails(goal, timeout: .seconds(60))
            #expect(hasMoved, "\(relay.record.mailCount) of \(goal): \(daemon.errors)")
            daemon.kill()
            _ = daemon.waitForExit()
        }
        try outboxd.run()
        #expect(try outboxd.wait(for: rows, "sent", timeout: .seconds(120)))
        let doubles = try Self.expectOnceEach(outboxd, rows: rows)
        #expect(doubles > 0, "no kill met the gap: this run has shown less than it should")
    }

    /// Each row in one mail; more copies than that only of mails that are marked uncertain, and under
    /// the Message-ID of the first.
    ///
    /// - Returns: of how many mails there is more than one copy.
    static func expectOnceEach(_ outboxd: Outboxd, rows: Int) throws -> Int {
        let relay = outboxd.relay
        #expect(relay.waitUntilNothingIsUnderWay())
        let sent = try outboxd.values(
            "SELECT email_message_id FROM outbox_status WHERE state = 'sent'")
        let uncertain = Set(
            try outboxd.values("SELECT email_message_id FROM outbox_status WHERE uncertain"))
        let mails = relay.mails
        let copies = Dictionary(grouping: mails) { $0.messageID ?? "" }
        #expect(Set(copies.keys) == Set(sent))
        #expect(Set(sent).count == rows)
        let doubles = copies.filter { $0.value.count > 1 }
        #expect(doubles.keys.allSatisfy(uncertain.contains))
        #expect(
            doubles.values.allSatisfy { copies in copies.allSatisfy { $0.data == copies[0].data } })
        #expect(relay.breaches.isEmpty)
        return doubles.count
    }

    /// "Rows of a process that is provably dead … are taken over at once" (issue, point 5).
    @Test func `what a dead process had claimed is taken over at once`() throws {
        let gate = Gate()
        let relay = try ScriptedRelay(rules: [.first(1, .rcpt, .hold(gate))])
        let outboxd = try Outboxd(["OUTBOXD_LEASE": "1h"], relay: relay)
        defer { outboxd.end() }
        let dying = try outboxd.run()
        let id = try outboxd.insert(Row(instant: true))[0]
        #expect(gate.waitForArrivals())
        dying.kill()
        _ = dying.waitForExit()
        let next = try outboxd.run()
        #expect(next.waitForOutput("took over the mails of an outboxd that died"))
        let status = try outboxd.status(id, after: "sent")
        #expect(status.summary == "sent")
        // Before the dot, so that it is certain that nothing had been accepted.
        #expect(!status.uncertain)
        gate.open()
        #expect(relay.record.mailCount == 1)
    }

    @Test func `killed while the reply to the dot is awaited, the mail is uncertain`() throws {
        let gate = Gate()
        let relay = try ScriptedRelay(rules: [.first(1, .dot, .accept(then: .hold(gate)))])
        let outboxd = try Outboxd(relay: relay)
        defer { outboxd.end() }
        let dying = try outboxd.run()
        let id = try outboxd.insert(Row(instant: true))[0]
        #expect(gate.waitForArrivals())
        dying.kill()
        _ = dying.waitForExit()
        try outboxd.run()
        try #require(relay.waitForMails(2))
        let status = try outboxd.status(id, after: "sent")
        #expect(status.uncertain)
        let mails = relay.mails
        try #require(mails.count == 2)
        #expect(mails[0].data == mails[1].data)
        #expect(mails[0].messageID == status.emailMessageID)
        gate.open()
    }

    /// The in-flight journal speaks for what could not be written down in the database.
    @Test func `a reply that was read before the kill is known afterwards`() throws {
        let gate = Gate()
        let relay = try ScriptedRelay(rules: [.first(1, .dot, .hold(gate))])
        let outboxd = try Outboxd(relay: relay)
        defer { outboxd.end() }
        let dying = try outboxd.run()
        let id = try outboxd.insert(Row(instant: true))[0]
        #expect(gate.waitForArrivals())
        let lock = try DatabaseLock(outboxd.database)
        gate.open()
        // QUIT or the next command would come later than the reply; here there is none, so that the
        // engine's own line about the lock tells that it has gone on.
        #expect(dying.waitForOutput("keeps the database locked", timeout: .seconds(20)))
        dying.kill()
        _ = dying.waitForExit()
        try lock.release()
        try outboxd.run()
        let status = try outboxd.status(id, after: "sent")
        #expect(status.summary == "sent")
        #expect(!status.uncertain)
        #expect(relay.record.mailCount == 1)
    }
}

extension ScriptedRelay {
    /// What was read up to the dot has been decided.
    func waitUntilNothingIsUnderWay() -> Bool {
        wait { record in record.transfers.allSatisfy { $0.outcome != .pending } }
    }
}
