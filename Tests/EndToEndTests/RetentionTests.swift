import Delivery
import Foundation
import SQLite
import TestSupport
import Testing

/// `OUTBOXD_RETENTION`, with real processes.
struct RetentionTests {
    private static let day: Int64 = 86_400_000
    private static let longAgo = WallTime(milliseconds: TestClock.wall.milliseconds - 40 * day)

    private static func seed(_ outboxd: Outboxd, _ count: Int) throws -> ClosedRange<Int64> {
        let connection = try Connection(path: outboxd.database, mode: .readWrite)
        return try FinishedRows.insert(count, into: connection, finishedAt: longAgo)
    }

    private static func status(_ outboxd: Outboxd) throws -> [String: Any] {
        let output = try outboxd.command("status", "--json").output
        return try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any] ?? [:]
    }

    private static func numbers(_ object: Any?) -> [String: Int] { object as? [String: Int] ?? [:] }

    @Test func `the daemon prunes what is old, and sends what is new, before and after a restart`()
        throws
    {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        let old = try Self.seed(outboxd, 500)
        let first = try outboxd.run()
        #expect(first.waitForOutput("pruned old rows count=500"), "\(first.errors)")
        #expect(try outboxd.values("SELECT count(*) FROM outbox") == ["0"])
        #expect(try outboxd.values("SELECT count(*) FROM outboxd_attempts") == ["0"])
        let status = try Self.status(outboxd)
        #expect(Self.numbers(status["counts"])["sent"] == 500)
        #expect(Self.numbers(status["pruned"])["sent"] == 500)
        #expect(try outboxd.command("status").output.contains("500 of them pruned by now"))
        #expect(try !outboxd.command("check").output.contains("totals"))
        first.terminate()
        #expect(first.waitForExit() == .code(0))
        try outboxd.run()
        let new = try outboxd.insert(Row(instant: true))[0]
        #expect(new == old.upperBound + 1)
        #expect(try outboxd.status(new, after: "sent").state == "sent")
        #expect(outboxd.relay.record.mailCount == 1)
        // The API server enqueues one of those that are gone.
        let again = try outboxd.insert(
            Row(conversation: "old1", message: "old1", createdAt: Self.longAgo.milliseconds))[0]
        #expect(try outboxd.status(again, after: "skipped").summary == "skipped/stale")
        #expect(outboxd.relay.record.mailCount == 1)
        #expect(try outboxd.command("retry", "\(again)").exit == .code(0))
        #expect(try outboxd.status(again, after: "sent").state == "sent")
    }

    @Test func `a row that another table refers to is kept, told and counted`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        let old = try Self.seed(outboxd, 50)
        try outboxd.sql(
            """
            CREATE TABLE notes (of INTEGER REFERENCES outbox (id));
            INSERT INTO notes VALUES (\(old.lowerBound)), (\(old.lowerBound + 20))
            """)
        let daemon = try outboxd.run()
        #expect(daemon.waitForOutput("pruned old rows count=48"), "\(daemon.errors)")
        #expect(daemon.errors.count(of: "an old row can't be deleted") == 1)
        let status = try Self.status(outboxd)
        let kept = try #require(status["kept"] as? [String: Any])
        #expect(kept["rows"] as? Int == 2)
        #expect((kept["error"] as? String)?.contains("FOREIGN KEY") == true)
        #expect(status["healthy"] as? Bool == true)
        let text = try outboxd.command("status").output
        #expect(
            text.contains(
                "2 rows are old enough to be pruned and can't be deleted: in outbox: FOREIGN KEY"),
            "\(text)")
        let pruned = try outboxd.command("prune", "--older-than", "1d", "--yes")
        #expect(pruned.exit == .code(65) && pruned.output == "0 rows deleted\n")
        #expect(pruned.errors.contains("2 rows can't be deleted, such as row \(old.lowerBound)"))
        #expect(try outboxd.values("SELECT count(*) FROM outboxd_rows") == ["2"])
    }

    @Test func `where all is kept nothing goes and nothing is stale; a drain prunes nothing`()
        throws
    {
        let outboxd = try Outboxd(["OUTBOXD_RETENTION": "0"])
        defer { outboxd.end() }
        _ = try Self.seed(outboxd, 20)
        try outboxd.run()
        let ancient = try outboxd.insert(Row(createdAt: Self.longAgo.milliseconds))[0]
        #expect(try outboxd.status(ancient, after: "sent").state == "sent")
        #expect(try outboxd.values("SELECT count(*) FROM outbox") == ["21"])
        outboxd.end()

        let other = try Outboxd()
        defer { other.end() }
        _ = try Self.seed(other, 20)
        let stale = try other.insert(Row(createdAt: Self.longAgo.milliseconds))[0]
        let dry = try other.command("drain", "--dry-run")
        #expect(dry.output.contains("would be skipped: 1 stale"), "\(dry.output)")
        #expect(try other.command("drain").exit == .code(0))
        #expect(try other.status(stale).summary == "skipped/stale")
        #expect(try other.values("SELECT count(*) FROM outbox") == ["21"])
    }
}
