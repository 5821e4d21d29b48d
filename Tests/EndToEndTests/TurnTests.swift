import Delivery
import SQLite
import TestSupport
import Testing

/// "What can't go … is not in line at all", and turns (contract, section 3).
///
/// Orders are seen at the relay; times are only compared with bounds that a wrong order misses by far.
struct TurnTests {
    /// How long after its commit a row of a helpdesk of its own was with the relay, as its only mail but `before`.
    private func delay(of row: Row, after before: Int, _ outboxd: Outboxd) throws -> Duration {
        let began = TestClock.steady
        try outboxd.insert(row)
        #expect(outboxd.relay.waitForMails(before + 1, timeout: .seconds(30)))
        return try #require(outboxd.relay.record.mails.last).dotAt.steady - began
    }

    private static let innocent = Row(
        to: "ben@example.test", conversation: "b1", helpdesk: "other", instant: true)

    private func due(_ count: Int, helpdesk: String, instant: Bool = false) -> [Row] {
        (0..<count).map {
            Row(
                to: "\(helpdesk)@example.test", conversation: "c\($0)", helpdesk: helpdesk,
                instant: instant, createdAt: TestClock.wall.milliseconds - 3_600_000)
        }
    }

    enum Obstacle: String, CaseIterable, Sendable {
        case pausedByOperator, pausedByHelpdesk, noSender
    }

    /// 20,000 due rows of a paused helpdesk delayed another's instant mail by 57 s.
    @Test(arguments: Obstacle.allCases)
    func `twenty thousand rows that can't go delay nobody`(obstacle: Obstacle) throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        try outboxd.sql(
            """
            INSERT INTO helpdesks (id, name, from_address, paused)
            VALUES ('big', 'Big', '\(obstacle == .noSender ? "" : "big@acme.test")',
                \(obstacle == .pausedByHelpdesk ? 1 : 0))
            """)
        if obstacle == .pausedByOperator { try outboxd.command("pause", "--helpdesk", "big") }
        try outboxd.insert(due(20_000, helpdesk: "big"))
        try outboxd.run()
        let reason = obstacle == .noSender ? "sender" : "paused"
        #expect(try outboxd.status(1, after: "pending", reason).summary == "pending/\(reason)")
        #expect(
            try eventually(timeout: .seconds(60)) {
                try outboxd.values("SELECT count(*) FROM outboxd_rows") == ["20000"]
            })
        for before in 0..<3 {
            #expect(try delay(of: Self.innocent, after: before, outboxd) < .seconds(1))
        }
        #expect(outboxd.relay.record.mailCount == 3)
    }

    /// Rows were ingested in the order of their ids: what came right behind 20,000 waited for them all.
    @Test func `a row right behind a burst does not wait for all of it`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        try outboxd.sql(
            "INSERT INTO helpdesks (id, name, from_address, paused) VALUES ('big', 'Big', 'b@b.test', 1)"
        )
        try outboxd.run()
        try outboxd.insert(due(20_000, helpdesk: "big") + [Self.innocent])
        #expect(outboxd.relay.waitForMails(1, timeout: .seconds(30)))
        // Asked for as soon as the relay has the mail: the rest is ingested meanwhile.
        let ingested = try outboxd.values("SELECT count(*) FROM outboxd_rows").first.flatMap {
            Int($0)
        }
        #expect(try #require(ingested) < 15_000)
        #expect(
            try eventually(timeout: .seconds(60)) {
                try outboxd.values("SELECT count(*) FROM outboxd_rows") == ["20001"]
            })
    }

    /// At 20 mails a second a helpdesk's 400 instant rows would take 20 s.
    @Test(arguments: [true, false])
    func `at a limited rate another helpdesk's instant mail has its turn`(instant: Bool) throws {
        let outboxd = try Outboxd(["OUTBOXD_RATE": "20/s"])
        defer { outboxd.end() }
        try outboxd.insert(due(400, helpdesk: "big", instant: instant))
        try outboxd.run()
        #expect(outboxd.relay.waitForMails(4))
        let before = outboxd.relay.record.mailCount
        try outboxd.insert(Self.innocent)
        let recipient = "ben@example.test"
        #expect(
            outboxd.relay.wait(timeout: .seconds(30)) {
                $0.mails.contains { $0.recipient == recipient }
            })
        let place = outboxd.relay.record.mails.firstIndex { $0.recipient == recipient }
        // 2 × connections + 4/3 × helpdesks, and what went while the row was inserted.
        #expect(try #require(place) - before <= 8 + 3 + 6)
    }

    @Test func `resume and pause cost the same however much waits`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        try outboxd.command("pause", "--helpdesk", "big")
        try outboxd.insert(due(20_000, helpdesk: "big"))
        let daemon = try outboxd.run()
        #expect(try outboxd.status(1, after: "pending", "paused").summary == "pending/paused")
        #expect(
            try eventually(timeout: .seconds(60)) {
                try outboxd.values("SELECT count(*) FROM outboxd_rows") == ["20000"]
            })
        daemon.terminate()
        _ = daemon.waitForExit()
        let before = try outboxd.values("SELECT count(*) FROM outboxd_mails WHERE wait <> 0")
        #expect(before == ["0"])
        #expect(try outboxd.command("resume", "--helpdesk", "big").exit == .code(0))
        #expect(try outboxd.values("SELECT parked FROM outboxd_lines") == ["0"])
    }

    /// Three of four turns are the instant mails', the fourth is for those behind.
    @Test func `those behind are not starved`() throws {
        let outboxd = try Outboxd(["OUTBOXD_RATE": "200/s", "OUTBOXD_SMTP_CONNECTIONS": "1"])
        defer { outboxd.end() }
        try outboxd.insert(due(300, helpdesk: "a", instant: true))
        try outboxd.insert(due(100, helpdesk: "b"))
        try outboxd.run()
        #expect(outboxd.relay.waitForMails(200, timeout: .seconds(30)))
        let firsts = outboxd.relay.record.mails.prefix(200)
        let count = firsts.count { $0.recipient == "b@example.test" }
        #expect((40...70).contains(count), "\(count) of 200")
    }
}
