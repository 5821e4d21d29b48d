import Delivery
import Glibc
import TestSupport
import Testing

/// "`ID…` or a selection as in `list`, `--limit N`, `--rate R`, `--max-age D`".
struct DrainSelectionTests {
    private static func row(_ number: Int, _ helpdesk: String = "h1") -> Row {
        Row(
            to: "u\(number)@example.test", conversation: "c\(number)", helpdesk: helpdesk,
            instant: true)
    }

    @Test func `a selection sends only what was selected`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        let ids = try outboxd.insert((0..<6).map { Self.row($0, $0 < 4 ? "h1" : "h2") })
        let drain = try outboxd.command("drain", "--helpdesk", "h2")
        #expect(drain.exit == .code(0))
        #expect(drain.output.contains("sent 2 mails (2 rows)"))
        #expect(
            try ids.map { try outboxd.status($0).state }.prefix(4).allSatisfy { $0 == "pending" })
        // Rows that were taken in meanwhile, and not yet sent, are found as well.
        #expect(try outboxd.command("drain", "\(ids[1])", "\(ids[3])").exit == .code(0))
        #expect(
            Set(outboxd.relay.record.mails.map(\.recipient))
                == Set([1, 3, 4, 5].map { "u\($0)@example.test" }))
    }

    @Test func `a row that was not selected does not fail, though it can't be sent`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        let ids = try outboxd.insert(
            Self.row(1), Row(to: "no address", conversation: "c2"),
            Row(to: "none either", conversation: "c3"), Row(to: "nor this", conversation: "c4"))
        let drain = try outboxd.command("drain", "\(ids[0])", "\(ids[1])")
        #expect(drain.exit == .code(0), "\(drain.errors)")
        #expect(drain.output.hasPrefix("sent 1 mail (1 row), skipped 0, deferred 0, failed 1,"))
        let summaries = try ids.map { try outboxd.status($0).summary }
        #expect(summaries.prefix(2) == ["sent", "failed/invalid_address"])
        #expect(summaries.dropFirst(2).allSatisfy { $0.hasPrefix("pending/") })
        // Once one is selected it fails, without a wait; so do all in a drain of everything.
        let dry = try outboxd.command("drain", "\(ids[2])", "--dry-run")
        #expect(dry.output.contains("would fail: 1 invalid_address"))
        #expect(try outboxd.command("drain", "\(ids[2])").exit == .code(0))
        #expect(try outboxd.counts() == ["sent": 1, "failed": 2, "pending": 1])
        let all = try outboxd.command("drain", "--dry-run")
        #expect(all.output.contains("would fail: 1 invalid_address"))
        #expect(try outboxd.command("drain").exit == .code(0))
        #expect(try outboxd.counts() == ["sent": 1, "failed": 3])
    }

    /// A claim finds that the row is another one by now, and has it taken in anew.
    @Test func `a row that was written anew goes out in the same drain`() throws {
        let outboxd = try Outboxd(["OUTBOXD_HOLD": "1h"])
        defer { outboxd.end() }
        let id = try outboxd.insert(Self.row(1))[0]
        try outboxd.sql("UPDATE outbox SET instant = 0")
        try outboxd.command("drain")
        #expect(try outboxd.status(id).summary == "pending/hold")
        try outboxd.sql("UPDATE outbox SET recipient_email = 'bea@example.test'")
        let drain = try outboxd.command("drain", "--now")
        #expect(drain.exit == .code(0) && drain.output.hasPrefix("sent 1 mail (1 row)"))
        #expect(outboxd.relay.record.mails.map(\.recipient) == ["bea@example.test"])
    }

    @Test func `a mail goes whole, and one that was named by its Message-ID is found`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        let ids = try outboxd.insert(
            Row(message: "one@desk.test", instant: true), Row(message: "two@desk.test"), Self.row(3)
        )
        let drain = try outboxd.command("drain", "two@desk.test")
        #expect(drain.output.contains("sent 1 mail (2 rows)"))
        #expect(try outboxd.status(ids[0]).summary == "sent")
        #expect(try outboxd.status(ids[2]).state == "pending")
    }

    @Test func `a canary sends so many of the selected`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        try outboxd.insert((0..<20).map { Self.row($0, $0 < 10 ? "h1" : "h2") })
        #expect(try outboxd.command("drain", "--helpdesk", "h1", "--limit", "3").exit == .code(0))
        #expect(outboxd.relay.record.mailCount == 3)
        #expect(
            outboxd.relay.record.mails.allSatisfy {
                (0..<10).map { "u\($0)@example.test" }.contains($0.recipient)
            })
    }

    @Test func `--rate only slows down`() throws {
        for (configured, given) in [("unlimited", "20/s"), ("20/s", "500/s")] {
            let outboxd = try Outboxd(["OUTBOXD_RATE": configured])
            defer { outboxd.end() }
            try outboxd.insert((0..<11).map { Self.row($0) })
            #expect(try outboxd.command("drain", "--rate", given).exit == .code(0))
            let times = outboxd.relay.record.mails.map(\.mailAt.steady).sorted()
            let first = try #require(times.first), last = try #require(times.last)
            #expect(last - first >= .milliseconds(450), "\(configured), \(given)")
        }
    }

    @Test func `--max-age skips what is older, tried before or not`() throws {
        let relay = try ScriptedRelay(rules: [.greylist(attempts: 1)])
        let outboxd = try Outboxd(["OUTBOXD_RETRY_BASE": "100ms"], relay: relay)
        defer { outboxd.end() }
        let old = TestClock.wall.milliseconds - 7_200_000
        let tried = try outboxd.insert(Row(to: "a@example.test", instant: true, createdAt: old))[0]
        #expect(try outboxd.command("drain").exit == .code(75))
        let ids = try outboxd.insert(
            Row(to: "b@example.test", instant: true, createdAt: old),
            Row(to: "c@example.test", conversation: "c9", instant: true))
        usleep(150_000)
        let drain = try outboxd.command("drain", "--max-age", "1h", "--wait")
        #expect(drain.exit == .code(0))
        #expect(drain.output.contains("skipped 2 (2 stale)"))
        #expect(
            try ([tried] + ids).map { try outboxd.status($0).summary }
                == ["skipped/stale", "skipped/stale", "sent"])
        #expect(outboxd.relay.record.mails.map(\.recipient) == ["c@example.test"])
    }

    @Test func `what is behind another mail of its conversation waits for it`() throws {
        let relay = try ScriptedRelay(rules: [.greylist(attempts: 1)])
        let outboxd = try Outboxd(
            ["OUTBOXD_RETRY_BASE": "1h", "OUTBOXD_RETRY_CAP": "1h"], relay: relay)
        defer { outboxd.end() }
        try outboxd.insert(Row(instant: true))
        #expect(try outboxd.command("drain").exit == .code(75))
        let second = try outboxd.insert(Row(audience: "operator", instant: true))[0]
        let drain = try outboxd.command("drain", "\(second)")
        #expect(drain.exit == .code(75))
        #expect(try outboxd.status(second).summary == "pending/deferred")
        #expect(outboxd.relay.record.mailCount == 0)
    }

    @Test func `selected rows that wait for each other all go`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        let ids = try outboxd.insert(
            (0..<150).map { Row(message: "m\($0)", instant: true) }
                + [Row(audience: "operator", instant: true)])
        let drain = try outboxd.command("drain", "--conversation", "c1")
        #expect(drain.exit == .code(0))
        #expect(try ids.allSatisfy { try outboxd.status($0).state == "sent" })
        #expect(outboxd.relay.record.mailCount == 3)
    }

    @Test func `an id below those that are known is sent as well`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        try outboxd.insert(Row(id: 500, conversation: "c2", instant: true))
        #expect(try outboxd.command("drain").exit == .code(0))
        try outboxd.insert(Row(id: 7, instant: true))
        #expect(try outboxd.command("drain", "7").exit == .code(0))
        #expect(try outboxd.status(7).summary == "sent")
    }

    @Test func `an id that isn't there is 65, and what can't be drained changes nothing`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        let id = try outboxd.insert(Self.row(1))[0]
        let drain = try outboxd.command("drain", "\(id)", "4711")
        #expect(drain.exit == .code(65) && drain.errors.contains("there is no row 4711"))
        #expect(try outboxd.status(id).state == "sent")
        for arguments in [
            ["--state", "sent"], ["--reason", "rejected"], ["--rate", "9"], ["x"], ["--all", "1"],
        ] {
            let result = try ChildProcess.run(
                outboxd.binary, ["drain"] + arguments, environment: outboxd.environment,
                directory: outboxd.directory.path)
            #expect(result.exit == .code(64), "\(arguments): \(result.errors)")
        }
    }

    @Test func `what an operator or the API server changes meanwhile is noticed`() throws {
        let relay = try ScriptedRelay(rules: [.greylist(attempts: 1)])
        let outboxd = try Outboxd(
            ["OUTBOXD_RETRY_BASE": "1h", "OUTBOXD_RETRY_CAP": "1h"], relay: relay)
        defer { outboxd.end() }
        try outboxd.sql(
            """
            INSERT INTO helpdesks (id, name, from_address, paused)
            VALUES ('h2', 'Two', 'two@acme.test', 1)
            """)
        let ids = try outboxd.insert(Self.row(1), Self.row(2, "h2"))
        let drain = try outboxd.start("drain", "--domain", "example.test", "--wait")
        #expect(try outboxd.status(ids[0], after: "pending", "deferred").attempts == 1)
        try outboxd.sql("UPDATE helpdesks SET paused = 0")
        #expect(try outboxd.status(ids[1], after: "pending", "deferred").attempts == 1)
        try outboxd.command("retry", "\(ids[0])", "\(ids[1])")
        #expect(drain.waitForExit() == .code(0), "\(drain.errors)")
        #expect(outboxd.relay.record.mailCount == 2)
    }

    @Test func `beside a daemon no selected mail goes out twice, and none is left`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        try outboxd.run()
        let ids = try outboxd.insert((0..<300).map { Self.row($0, "h\($0 % 3)") })
        let drain = try outboxd.command("drain", "--helpdesk", "h1", "--wait")
        #expect(drain.exit == .code(0), "\(drain.errors.suffix(500))")
        #expect(try outboxd.wait(for: ids.count, "sent"))
        #expect(outboxd.relay.record.mailCount == ids.count)
        #expect(Set(outboxd.relay.record.mails.map(\.recipient)).count == ids.count)
    }

    /// Two helpdesks with so many mails each; the relay takes nothing of the first.
    private static func refusing(_ count: Int, _ code: Int, _ text: String) throws -> Outboxd {
        let outboxd = try Outboxd(
            relay: ScriptedRelay(rules: [.refuse(sender: "one@acme.test", code, text)]))
        try outboxd.sql(
            """
            INSERT INTO helpdesks (id, name, from_address) VALUES
                ('h1', 'One', 'one@acme.test'), ('h2', 'Two', 'two@acme.test')
            """)
        try outboxd.insert((0..<2 * count).map { row($0, $0 < count ? "h1" : "h2") })
        return outboxd
    }

    // "where another sender's mail waits, and that one is not": the one that could tell is not selected.
    @Test func `a selected sender that is refused waits, and nobody's mail is failed for it`()
        throws
    {
        let outboxd = try Self.refusing(150, 553, "5.7.1 Sender refused")
        defer { outboxd.end() }
        let drain = try outboxd.command("drain", "--helpdesk", "h1")
        #expect(drain.exit == .code(75), "\(drain.errors.suffix(500))")
        #expect(try outboxd.counts() == ["pending": 300] && outboxd.relay.record.mailCount == 0)
        let sender = try outboxd.values(
            "SELECT count(*) FROM outbox_status WHERE reason = 'sender'")
        #expect(sender == ["150"])
        #expect(drain.errors.contains("exit code 75: mail waits for its sender"))
    }

    @Test(arguments: [["--helpdesk", "h1"], ["1"]])
    func `credentials that are refused end it, though others' mail waits`(arguments: [String])
        throws
    {
        let outboxd = try Self.refusing(5, 535, "5.7.8 Authentication failed")
        defer { outboxd.end() }
        let drain = try ChildProcess.run(
            outboxd.binary, ["drain"] + arguments, environment: outboxd.environment,
            directory: outboxd.directory.path, timeout: .seconds(20))
        #expect([.code(69), .code(75)].contains(drain.exit), "\(drain.errors.suffix(500))")
        #expect(try outboxd.counts() == ["pending": 10] && outboxd.relay.record.mailCount == 0)
        // A daemon finds out whose fault it was.
        try outboxd.run()
        #expect(try outboxd.wait(for: 5, "sent"))
    }
}
