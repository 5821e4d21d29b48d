import Delivery
import Foundation
import SQLite
import TestSupport
import Testing

/// "`--dry-run` runs the real decision code over the whole queue and tells what would be sent, combined,
/// skipped, and what is too old"; "`--include-failed`".
struct DrainDryRunTests {
    private struct Told: Decodable, Equatable {
        struct Waiting: Decodable, Equatable {
            var rows: Int
        }
        var mails: Int
        var rows: Int
        var skipped: [String: Int]
        var failing: [String: Int]
        var waiting: [String: Waiting]
        var failed: Int
        /// Failed rows that can't be tried again.
        var refused: Int
    }

    private static func told(_ outboxd: Outboxd, _ arguments: [String] = []) throws -> Told {
        let result = try ChildProcess.run(
            outboxd.binary, ["drain", "--dry-run", "--json"] + arguments,
            environment: outboxd.environment, directory: outboxd.directory.path)
        #expect(result.exit == .code(0), "\(result.errors)")
        return try JSONDecoder().decode(Told.self, from: Data(result.output.utf8))
    }

    /// Everything in the database, to compare.
    private static func contents(_ outboxd: Outboxd) throws -> [String] {
        let tables = try outboxd.values(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1"
        )
        return try tables.flatMap { table in
            let columns = try outboxd.values("SELECT name FROM pragma_table_info('\(table)')")
            let all = columns.map { "coalesce(\($0), '-')" }.joined(separator: " || '|' || ")
            return try outboxd.values("SELECT \(all) FROM \(table) ORDER BY 1").map {
                "\(table) \($0)"
            }
        }
    }

    /// A queue with one of everything: some of it known, some new.
    private static func queue() throws -> Outboxd {
        let relay = try ScriptedRelay(rules: [
            .refuse(recipient: "bad@example.test"),
            .at(recipient: "later@example.test", .reply(450, "4.2.0 later")),
        ])
        let outboxd = try Outboxd(
            ["OUTBOXD_HOLD": "1h", "OUTBOXD_RETRY_BASE": "1h", "OUTBOXD_RETRY_CAP": "1h"],
            relay: relay)
        let now = TestClock.wall.milliseconds
        try outboxd.sql(
            """
            INSERT INTO helpdesks (id, name, from_address, paused) VALUES
                ('h1', 'One', 'one@acme.test', 0), ('h2', 'Two', 'two@acme.test', 0),
                ('h3', 'Three', 'three@acme.test', 1), ('h4', 'Four', 'no address', 0)
            """)
        func fill(_ round: Int) throws {
            let c = "r\(round)-"
            try outboxd.insert((0..<5).map { Row(conversation: "\(c)a\($0)", instant: true) })
            try outboxd.insert(
                (0..<120).map { _ in Row(conversation: "\(c)b", helpdesk: "h2", instant: true) })
            try outboxd.insert(
                Row(conversation: "\(c)hold"), Row(to: "nobody", conversation: "\(c)c"),
                Row(conversation: "\(c)paused", helpdesk: "h3", instant: true),
                Row(conversation: "\(c)gone", helpdesk: "h3", instant: true),
                Row(conversation: "\(c)sender", helpdesk: "h4", instant: true),
                Row(conversation: "\(c)old", instant: true, createdAt: now - 7_200_000),
                Row(conversation: "\(c)read", instant: true, createdAt: now - 5_000))
            try outboxd.markRead("\(c)read", upTo: now)
            try outboxd.sql(
                "UPDATE outbox SET cancelled_at = \(now) WHERE conversation_id = '\(c)gone'")
        }
        try outboxd.insert(
            Row(to: "bad@example.test", conversation: "x1", instant: true),
            Row(to: "later@example.test", conversation: "x2", instant: true))
        #expect(try outboxd.command("drain").exit == .code(75))
        try fill(1)
        // They are taken in, and one is sent.
        #expect(try outboxd.command("drain", "--limit", "1").exit == .code(75))
        try fill(2)
        try outboxd.insert(
            Row(to: "later@example.test", conversation: "x2", audience: "operator", instant: true),
            Row(to: "later@example.test", conversation: "x2", instant: true))
        return outboxd
    }

    @Test(arguments: [
        [], ["--max-age", "1h"], ["--now"], ["--helpdesk", "h2"],
        ["--recipient", "ann@example.test", "--max-age", "1h", "--now"],
    ])
    func `it changes nothing, and tells what the real drain then does`(arguments: [String]) throws {
        let outboxd = try Self.queue()
        defer { outboxd.end() }
        let before = try Self.contents(outboxd)
        let told = try Self.told(outboxd, arguments)
        #expect(try Self.contents(outboxd) == before)
        let counts = try outboxd.counts()
        let mails = outboxd.relay.record.mailCount
        let reasons = try Self.reasons(outboxd)
        let drain = try ChildProcess.run(
            outboxd.binary, ["drain"] + arguments, environment: outboxd.environment,
            directory: outboxd.directory.path)
        #expect([.code(0), .code(75)].contains(drain.exit))
        let after = try outboxd.counts()
        #expect(told.mails == outboxd.relay.record.mailCount - mails)
        #expect(told.rows == (after["sent"] ?? 0) - (counts["sent"] ?? 0))
        let skipped = try Self.reasons(outboxd).filter { $0.key.hasPrefix("skipped") }
        for (reason, count) in skipped {
            let word = reason.replacing("skipped/", with: "")
            #expect((told.skipped[word] ?? 0) == count - (reasons[reason] ?? 0), "\(reason)")
        }
        for (reason, count) in try Self.reasons(outboxd) where reason.hasPrefix("failed/invalid") {
            let word = reason.replacing("failed/", with: "")
            #expect((told.failing[word] ?? 0) == count - (reasons[reason] ?? 0), "\(reason)")
        }
        if arguments.isEmpty {
            let waiting = try Self.reasons(outboxd).filter { $0.key.hasPrefix("pending") }
            let expected = told.waiting.map { ("pending/\($0.key)", $0.value.rows) }
            #expect(waiting == Dictionary(uniqueKeysWithValues: expected))
            #expect(told.failing == ["invalid_address": 1] && told.failed == 1)
        }
    }

    private static func reasons(_ outboxd: Outboxd) throws -> [String: Int] {
        let all = try outboxd.values(
            "SELECT state || '/' || coalesce(reason, '') FROM outbox_status")
        return Dictionary(all.map { ($0, 1) }, uniquingKeysWith: +)
    }

    @Test func `for people it says how many, why, by helpdesk, and five to look at`() throws {
        let outboxd = try Self.queue()
        defer { outboxd.end() }
        let text = try outboxd.command("drain", "--dry-run", "--limit", "2").output
        #expect(text.contains("mails would be sent (") && text.contains("combining saves"))
        #expect(text.contains("--limit 2 sends the first 2"))
        #expect(text.contains("would wait: 2 rows, paused by the API server"))
        #expect(
            text.contains("1 failed row would stay so; --include-failed tries them again first"))
        #expect(text.contains("would be sent, for example"))
        #expect(text.contains("FAILED  HELPDESK"))
        #expect(try outboxd.command("drain", "--json").exit == .code(64))
    }

    // MARK: --include-failed

    @Test func `failed rows of the selection are retried first, with who and why`() throws {
        let relay = try ScriptedRelay(rules: [.first(3, .rcpt, .reply(550, "5.7.1 no thanks"))])
        let outboxd = try Outboxd(["OUTBOXD_SMTP_CONNECTIONS": "1"], relay: relay)
        defer { outboxd.end() }
        let ids = try outboxd.insert(
            (0..<3).map {
                Row(conversation: "c\($0)", helpdesk: $0 < 2 ? "h1" : "h2", instant: true)
            }
                + [Row(to: "nobody", conversation: "c9", instant: true)])
        try outboxd.command("drain")
        #expect(try outboxd.counts()["failed"] == 4)
        let messageID = try outboxd.status(ids[0]).emailMessageID
        let drain = try outboxd.command(
            "drain", "--helpdesk", "h1", "--include-failed", "--why", "the list was mended")
        #expect(drain.exit == .code(0), "\(drain.errors)")
        #expect(drain.errors.contains("2 failed rows wait again"))
        #expect(
            try ids.map { try outboxd.status($0).summary }
                == ["sent", "sent", "failed/rejected", "failed/invalid_address"])
        #expect(try outboxd.status(ids[0]).emailMessageID == messageID)
        let deeds = try outboxd.values(
            """
            SELECT row_id || ' ' || what || ': ' || why FROM outboxd_deeds
            WHERE who <> 'outboxd' ORDER BY row_id
            """)
        #expect(deeds == [ids[0], ids[1]].map { "\($0) retried: the list was mended" })
        #expect(try outboxd.command("drain", "--include-failed").exit == .code(0))
        #expect(try outboxd.status(ids[2]).summary == "sent")
        #expect(try outboxd.status(ids[3]).summary == "failed/invalid_address")
    }

    /// Failed rows go with what waits in their conversation, and are skipped as it is.
    @Test(arguments: [[], ["--helpdesk", "h1"], ["--max-age", "1h"]])
    func `a dry run decides about failed rows, too`(arguments: [String]) throws {
        let relay = try ScriptedRelay(rules: [.on(.rcpt, .reply(550, "5.7.1 no thanks"))])
        let outboxd = try Outboxd(
            ["OUTBOXD_SMTP_CONNECTIONS": "1", "OUTBOXD_RETRY_BASE": "1h"], relay: relay)
        defer { outboxd.end() }
        let now = TestClock.wall.milliseconds
        let ids = try outboxd.insert(
            Row(conversation: "c1", instant: true), Row(conversation: "c1", instant: true),
            Row(conversation: "c2", instant: true), Row(conversation: "c3", instant: true),
            Row(conversation: "c4", helpdesk: "h2", instant: true, createdAt: now - 7_200_000))
        try outboxd.command("drain")
        #expect(try outboxd.counts()["failed"] == 5)
        relay.clearRules()
        // It waits for its next attempt until a failed row of its conversation is tried again.
        relay.add(.on(.rcpt, .reply(450, "4.2.0 later")))
        try outboxd.insert(Row(conversation: "c1", instant: true))
        try outboxd.command("drain", "--conversation", "c1")
        #expect(try outboxd.counts()["pending"] == 1)
        relay.clearRules()
        try outboxd.sql("UPDATE outbox SET cancelled_at = \(now) WHERE id = \(ids[2])")
        try outboxd.insert(
            Row(conversation: "c1", instant: true),
            Row(conversation: "c4", helpdesk: "h2", instant: true))
        try outboxd.markRead("c3", upTo: now + 60_000)
        let all = ["--include-failed"] + arguments
        let before = try Self.contents(outboxd)
        let told = try Self.told(outboxd, all)
        #expect(try Self.contents(outboxd) == before)
        let drain = try ChildProcess.run(
            outboxd.binary, ["drain"] + all, environment: outboxd.environment,
            directory: outboxd.directory.path)
        #expect(drain.exit == .code(0), "\(drain.errors)")
        #expect(told.mails == relay.record.mailCount && told.mails > 0)
        #expect(try outboxd.counts()["sent"] == told.rows)
        #expect(told.skipped["read"] == 1)
        let refused = try outboxd.status(ids[2]).summary
        #expect(told.refused == 1 && refused == "failed/rejected")
        #expect(told.rows == [nil: 6, "--helpdesk": 4, "--max-age": 5][arguments.first])
    }

    @Test func `a canary lets no more failed rows go than it sends mails`() throws {
        let relay = try ScriptedRelay(rules: [.first(5, .rcpt, .reply(550, "5.7.1 no thanks"))])
        let outboxd = try Outboxd(["OUTBOXD_SMTP_CONNECTIONS": "1"], relay: relay)
        defer { outboxd.end() }
        try outboxd.insert((0..<5).map { Row(conversation: "c\($0)", instant: true) })
        try outboxd.command("drain")
        #expect(try outboxd.counts() == ["failed": 5])
        let drain = try outboxd.command("drain", "--include-failed", "--limit", "2")
        #expect(drain.exit == .code(0))
        #expect(try outboxd.counts() == ["failed": 3, "sent": 2])
    }

    @Test func `a failed row that is named stays so without --include-failed`() throws {
        let relay = try ScriptedRelay(rules: [.first(1, .rcpt, .reply(550, "5.7.1 no thanks"))])
        let outboxd = try Outboxd(relay: relay)
        defer { outboxd.end() }
        let id = try outboxd.insert(Row(instant: true))[0]
        try outboxd.command("drain")
        let without = try outboxd.command("drain", "\(id)")
        #expect(without.errors.contains("row \(id) is failed: rejected: it is not sent"))
        #expect(try outboxd.status(id).summary == "failed/rejected")
        #expect(try outboxd.command("drain", "\(id)", "--include-failed").exit == .code(0))
        #expect(try outboxd.status(id).summary == "sent")
    }

    @Test func `a corrected row goes out in the drain that includes it, and others do not`() throws
    {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        let now = TestClock.wall.milliseconds
        let ids = try outboxd.insert(
            Row(to: "bad one@x.test", conversation: "c1", createdAt: now - 60_000),
            Row(to: "bad two@x.test", conversation: "c2", createdAt: now - 60_000))
        try outboxd.command("drain")
        #expect(try outboxd.counts() == ["failed": 2])
        try outboxd.sql(
            "UPDATE outbox SET recipient_email = 'bea@x.test', conversation_id = 'c9' WHERE id = \(ids[0])"
        )
        let named = ["\(ids[0])", "\(ids[1])", "--include-failed"]
        let told = try Self.told(outboxd, named)
        #expect(told.mails == 1 && told.refused == 1 && told.failing.isEmpty)
        let drain = try outboxd.run(["drain"] + named)
        #expect(drain.exit == .code(0), "\(drain.errors)")
        #expect(drain.output.hasPrefix("sent 1 mail (1 row)"))
        #expect(drain.errors.contains("row \(ids[1]) can't be sent as it stands"))
        #expect(try outboxd.status(ids[0]).summary == "sent")
        #expect(try outboxd.status(ids[1]).summary == "failed/invalid_address")
    }
}
