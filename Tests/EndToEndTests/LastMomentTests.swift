import Delivery
import Glibc
import TestSupport
import Testing

/// "Reading, cancelling, deleting, pausing and suppressing reach a mail until its content is sent, or
/// at most 20 ms before; editing until it is claimed".
struct LastMomentTests {
    enum Happening: CaseIterable {
        case read, cancelled, deleted, paused, helpdeskPaused, pausedByAPI, suppressed
        case suppressedForHelpdesk
    }

    /// The relay takes its time for MAIL, RCPT and DATA each.
    private static func slowRelay() throws -> ScriptedRelay {
        var configuration = RelayConfiguration()
        configuration.extensions.remove(.pipelining)
        return try ScriptedRelay(
            configuration,
            rules: [
                .on(.mail, .delay(.milliseconds(200))), .on(.rcpt, .delay(.milliseconds(200))),
                .on(.data, .delay(.seconds(1))),
            ])
    }

    @Test(arguments: Happening.allCases, [RelayEvent.Verb.mail, .data])
    func `what happens while a slow relay thinks keeps the mail back`(
        happening: Happening, verb: RelayEvent.Verb
    ) throws {
        let outboxd = try Outboxd(relay: Self.slowRelay())
        defer { outboxd.end() }
        try outboxd.run()
        let id = try outboxd.insert(Row(instant: true))[0]
        #expect(outboxd.relay.wait { $0.commands.contains { $0.verb == verb } })
        try Self.bringAbout(happening, id, outboxd)
        switch happening {
        case .read: #expect(try outboxd.status(id, after: "skipped").summary == "skipped/read")
        case .cancelled:
            #expect(try outboxd.status(id, after: "skipped").summary == "skipped/cancelled")
        case .deleted: #expect(outboxd.relay.waitUntilAllClosed())
        case .paused, .helpdeskPaused, .pausedByAPI:
            #expect(try outboxd.status(id, after: "pending").summary == "pending/paused")
            #expect(try outboxd.status(id).attempts == 0)
        case .suppressed, .suppressedForHelpdesk:
            #expect(try outboxd.status(id, after: "skipped").summary == "skipped/suppressed")
        }
        #expect(outboxd.relay.waitUntilAllClosed())
        #expect(outboxd.relay.record.transfers.isEmpty)
    }

    private static func bringAbout(
        _ happening: Happening, _ id: Int64, _ outboxd: Outboxd
    ) throws {
        switch happening {
        case .read: try outboxd.markRead()
        case .cancelled: try outboxd.sql("UPDATE outbox SET cancelled_at = 1 WHERE id = \(id)")
        case .deleted: try outboxd.sql("DELETE FROM outbox WHERE id = \(id)")
        case .paused: #expect(try outboxd.command("pause").exit == .code(0))
        case .helpdeskPaused:
            #expect(try outboxd.command("pause", "--helpdesk", "h1").exit == .code(0))
        case .pausedByAPI:
            try outboxd.sql(
                """
                INSERT INTO helpdesks (id, name, from_address, paused)
                VALUES ('h1', 'Acme', 'support@acme.test', 1)
                """)
        case .suppressed:
            try outboxd.sql(
                "INSERT INTO suppressions VALUES ('', 'ann@example.test', 'asked', 1, NULL)")
        case .suppressedForHelpdesk:
            try outboxd.sql(
                "INSERT INTO suppressions VALUES ('h1', 'ann@example.test', 'asked', 1, NULL)")
        }
    }

    @Test func `an edit after the claim changes nothing any more`() throws {
        let outboxd = try Outboxd(relay: Self.slowRelay())
        defer { outboxd.end() }
        try outboxd.run()
        let id = try outboxd.insert(Row(body: "As it was", instant: true))[0]
        #expect(outboxd.relay.wait { $0.commands.contains { $0.verb == .mail } })
        try outboxd.sql("UPDATE outbox SET body_text = 'As it is' WHERE id = \(id)")
        #expect(try outboxd.status(id, after: "sent").attempts == 1)
        let text = String(decoding: outboxd.relay.mails[0].data, as: UTF8.self)
        #expect(text.contains("As it was"))
    }

    /// Claimed, and in line for a connection that another mail keeps busy.
    @Test func `a pause reaches mails that are claimed and wait for a slow relay`() throws {
        let gate = Gate()
        let relay = try ScriptedRelay(rules: [.first(1, .dot, .hold(gate))])
        let outboxd = try Outboxd(["OUTBOXD_SMTP_CONNECTIONS": "1"], relay: relay)
        defer { outboxd.end() }
        try outboxd.run()
        let ids = try outboxd.insert(
            Row(instant: true), Row(conversation: "c2", instant: true))
        #expect(gate.waitForArrivals(1))
        #expect(try outboxd.status(ids[1], after: "sending").state == "sending")
        #expect(try outboxd.command("pause").exit == .code(0))
        gate.open()
        #expect(try outboxd.status(ids[0], after: "sent").state == "sent")
        #expect(try outboxd.status(ids[1], after: "pending").summary == "pending/paused")
        #expect(relay.record.mailCount == 1)
        #expect(try outboxd.command("resume").exit == .code(0))
        #expect(try outboxd.status(ids[1], after: "sent").attempts == 1)
    }
}
