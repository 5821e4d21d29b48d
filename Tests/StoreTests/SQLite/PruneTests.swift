import Delivery
import SQLite
import TestSupport
import Testing

@testable import Store

extension SQLiteBed {
    /// - Parameter rows: How many a step may look at before its time is up.
    @discardableResult
    func prune(
        endedBefore before: WallTime, from place: PrunePlace = PrunePlace(), limit: Int = 1_000,
        rows: Int = .max
    ) throws -> PruneStep {
        var asked = 0
        return try sqlite.prune(
            endedBefore: before, from: place, limit: limit, patience: .milliseconds(2)
        ) {
            asked += 1
            return asked <= rows
        }
    }

    /// Rows that were sent at ``seconds(_:)`` 61, each in a mail of its own.
    func sent(_ count: Int) throws -> [Int64] {
        let claims = try claimMany(count)
        for claim in claims { try finish(claim, .sent, at: seconds(61)) }
        return claims.flatMap(\.rowIDs).sorted()
    }

    private static let tables = [
        "outbox", "outboxd_rows", "outboxd_mails", "outboxd_attempts", "outboxd_frozen",
        "outboxd_deeds", "outboxd_strikes", "outboxd_combined",
    ]

    /// The tables that hold something, with the number of rows.
    func left() throws -> [String] {
        try Self.tables.compactMap { table in
            let count = try api("SELECT count(*) FROM \(table)")[0]
            return count == "0" ? nil : "\(table) \(count)"
        }
    }
}

/// Rows that ended long ago are forgotten, and nothing that is needed with them.
struct PruneTests {
    private let later = seconds(100_000)

    @Test func `a row goes with everything that belongs to it`() throws {
        let bed = try SQLiteBed()
        let (first, ids) = try bed.claimOne(2)
        try bed.finish(
            first, .uncertain(dueAt: nil, frozen: .sample()), at: seconds(61), error: .silence)
        _ = try bed.sqlite.resolve(row: ids[0], as: .sent, at: seconds(62))
        let refused = try #require(try bed.claimMany(1, prefix: "x").first)
        try bed.finish(refused, .failed(.rejected), at: seconds(70), error: .spam)
        try bed.insert(TestRow("skipped").with { $0.conversation = "s" })
        try bed.ingest()
        try bed.api("UPDATE outbox SET cancelled_at = 1 WHERE message_id = 'skipped'")
        _ = try bed.claim(at: seconds(80))
        #expect(try bed.left().count >= 5)
        #expect(try bed.prune(endedBefore: seconds(61)).rows == 0)
        let step = try bed.prune(endedBefore: later)
        #expect(step.rows == 4 && step.isThrough && step.kept.isEmpty)
        #expect(try bed.left() == [])
        #expect(try !TotalsRebuild.isWrong(bed.sqlite.connection))
    }

    @Test func `what is open stays, and so does the mail of a row that stays`() throws {
        let bed = try SQLiteBed()
        let (claim, ids) = try bed.claimOne(2)
        try bed.finish(
            claim, .deferred(dueAt: seconds(400), expired: [ids[0]]), at: seconds(61),
            error: .later)
        #expect(try bed.prune(endedBefore: later).rows == 1)
        #expect(try bed.states([ids[1]]) == ["pending/deferred"])
        #expect(try bed.api("SELECT count(*) FROM outboxd_attempts") == ["1"])
        let again = try #require(try bed.claim(at: seconds(400)).claims.first)
        #expect(again.rowIDs == [ids[1]])
    }

    /// Between the look and the lock an operator has it sent again.
    @Test func `what waits again is not pruned`() throws {
        let bed = try SQLiteBed()
        let (claim, ids) = try bed.claimOne()
        try bed.finish(claim, .failed(.rejected), at: seconds(61), error: .spam)
        let step = try bed.sqlite.prune(
            endedBefore: later, from: PrunePlace(), limit: 10, patience: .zero
        ) { true }
        #expect(step.rows == 1)
        let (other, others) = try bed.claimOne()
        try bed.finish(other, .failed(.rejected), at: seconds(61), error: .spam)
        _ = try bed.sqlite.retry(others, by: .test, at: seconds(70))
        let ignored = try bed.sqlite.prune(others, endedBefore: later, patience: .zero) { true }
        #expect(ignored.rows == 0 && ignored.looked == 1 && ids != others)
        #expect(try bed.states(others) == ["pending/queued"])
    }

    // MARK: Ids

    @Test func `nothing is taken in again once all is pruned, and no id is used again`() throws {
        let bed = try SQLiteBed()
        let ids = try bed.sent(3)
        #expect(try bed.prune(endedBefore: later).rows == 3)
        let next = try bed.anotherSQLite()
        #expect(next.newestIngested == ids[2])
        #expect(try next.guardIDs() == nil)
        // Somebody has put the record of the ids back.
        try bed.api("UPDATE sqlite_sequence SET seq = 0 WHERE name = 'outbox'")
        #expect(try next.guardIDs() == ids[2])
        let new = try bed.insert(TestRow("new"))
        #expect(new == ids[2] + 1)
        #expect(try next.ingest(limit: 10, at: seconds(70), rules: .usual).rows == 1)
    }

    @Test func `an id that the API server has deleted is remembered, too`() throws {
        let bed = try SQLiteBed()
        let id = try bed.insert(TestRow("m"))
        try bed.ingest()
        try bed.delete(id)
        _ = try bed.claim(at: seconds(61))
        #expect(try bed.api("SELECT count(*) FROM outboxd_rows") == ["0"])
        #expect(try bed.anotherSQLite().newestIngested == id)
    }

    @Test func `what the API server has deleted itself is forgotten`() throws {
        let bed = try SQLiteBed()
        let ids = try bed.sent(3)
        try bed.delete(ids[1])
        #expect(try bed.prune(endedBefore: later).rows == 3)
        #expect(try bed.left() == [])
    }

    @Test func `mails that became empty otherwise go with their neighbours`() throws {
        let bed = try SQLiteBed()
        for message in ["a", "b", "c"] {
            try bed.insert(TestRow(message).with { $0.conversation = message })
        }
        try bed.ingest()
        try bed.api("DELETE FROM outbox WHERE message_id <> 'b'")
        for claim in try bed.claim(at: seconds(60)).claims {
            try bed.finish(claim, .sent, at: seconds(61))
        }
        #expect(
            try bed.left() == [
                "outbox 1", "outboxd_rows 1", "outboxd_mails 3",
            ])
        #expect(try bed.prune(endedBefore: later).rows == 1)
        #expect(try bed.left() == [])
    }

    // MARK: What can't be deleted

    @Test(arguments: [
        "CREATE TABLE notes (of INTEGER REFERENCES outbox (id))",
        "CREATE TABLE notes (of INTEGER REFERENCES outbox (id) DEFERRABLE INITIALLY DEFERRED)",
        "CREATE TABLE notes (of INTEGER REFERENCES outbox (id) ON DELETE RESTRICT)",
    ])
    func `a row that others refer to stays whole`(table: String) throws {
        let bed = try SQLiteBed()
        let ids = try bed.sent(4)
        try bed.api(table)
        try bed.api("INSERT INTO notes VALUES (\(ids[1]))")
        let step = try bed.prune(endedBefore: later)
        #expect(step.rows == 3 && step.isThrough && step.kept.map(\.id) == [ids[1]])
        #expect(step.kept.allSatisfy { $0.text.contains("FOREIGN KEY") && !$0.isSlow })
        #expect(try bed.states([ids[1]]) == ["sent"])
        #expect(
            try bed.left() == [
                "outbox 1", "outboxd_rows 1", "outboxd_mails 1",
            ])
        #expect(try bed.api("PRAGMA foreign_key_check").isEmpty)
        #expect(try !TotalsRebuild.isWrong(bed.sqlite.connection))
        // It is stepped over until somebody begins at the beginning.
        let next = try bed.prune(endedBefore: later, from: step.place)
        #expect(next.looked == 0 && next.isThrough && next.place == step.place)
        try bed.api("DELETE FROM notes")
        #expect(try bed.prune(endedBefore: later).rows == 1)
        #expect(try bed.left() == [])
    }

    @Test func `what refers to a row and may go with it goes with it`() throws {
        let bed = try SQLiteBed()
        let ids = try bed.sent(2)
        try bed.api("CREATE TABLE notes (of INTEGER REFERENCES outbox (id) ON DELETE CASCADE)")
        try bed.api("INSERT INTO notes VALUES (\(ids[0])), (\(ids[1]))")
        #expect(try bed.prune(endedBefore: later).rows == 2)
        #expect(try bed.api("SELECT count(*) FROM notes") == ["0"])
    }

    @Test(arguments: ["ABORT, 'no'", "IGNORE", "FAIL, 'no'", "ROLLBACK, 'no'"])
    func `a row that a trigger keeps stays whole`(raise: String) throws {
        let bed = try SQLiteBed()
        let ids = try bed.sent(5)
        try bed.api(
            """
            CREATE TRIGGER keep BEFORE DELETE ON outbox WHEN OLD.id IN (\(ids[0]), \(ids[3])) BEGIN
                SELECT RAISE(\(raise)); END
            """)
        let step = try bed.prune(endedBefore: later)
        #expect(step.rows == 3 && Set(step.kept.map(\.id)) == [ids[0], ids[3]])
        #expect(try bed.states([ids[0], ids[3]]) == ["sent", "sent"])
        #expect(try bed.api("SELECT count(*) FROM outboxd_rows") == ["2"])
        #expect(try !TotalsRebuild.isWrong(bed.sqlite.connection))
    }

    @Test func `one that takes too long is ended, and stays`() throws {
        let bed = try SQLiteBed()
        let ids = try bed.sent(2)
        try bed.api(
            """
            CREATE TRIGGER slow BEFORE DELETE ON outbox WHEN OLD.id = \(ids[0]) BEGIN
                SELECT count(*) FROM (WITH RECURSIVE n(i) AS (
                    SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000) SELECT i FROM n);
            END
            """)
        let step = try bed.prune(endedBefore: later)
        #expect(step.rows == 1 && step.kept.map(\.isSlow) == [true])
        #expect(try bed.states([ids[0]]) == ["sent"])
    }

    // MARK: Steps

    @Test func `a step ends when its time is up, and the next goes on`() throws {
        let bed = try SQLiteBed()
        _ = try bed.sent(5)
        let first = try bed.prune(endedBefore: later, rows: 2)
        #expect(first.rows == 2 && !first.isThrough)
        let second = try bed.prune(endedBefore: later, from: first.place, limit: 2)
        #expect(second.rows == 2 && !second.isThrough)
        let third = try bed.prune(endedBefore: later, from: second.place, limit: 2)
        #expect(third.rows == 1 && third.isThrough)
    }

    @Test func `another's lock is not waited for`() throws {
        let bed = try SQLiteBed()
        _ = try bed.sent(2)
        try bed.api("BEGIN IMMEDIATE")
        let step = try bed.prune(endedBefore: later)
        #expect(step.isLocked && step.rows == 0 && !step.isThrough)
        try bed.api("COMMIT")
        #expect(try bed.prune(endedBefore: later).rows == 2)
    }

    @Test func `a look that finds nothing reads the index and writes nothing`() throws {
        let bed = try SQLiteBed()
        _ = try bed.sent(3)
        for state in RowState.ended {
            let plan = try bed.server.texts("EXPLAIN QUERY PLAN " + EndedMigration.ended(as: state))
            #expect(plan.count == 1)
            let detail = try bed.server.statement(
                "EXPLAIN QUERY PLAN " + EndedMigration.ended(as: state)
            ).all { $0.text(3) }
            #expect(
                detail.map {
                    $0.hasPrefix("SEARCH r USING INDEX outboxd_rows_ended (<expr>=? AND ")
                }
                    == [true], "\(detail)")
        }
        let version = try bed.server.dataVersion()
        let step = try bed.prune(endedBefore: seconds(61))
        #expect(step.isThrough && step.looked == 0)
        #expect(try bed.server.dataVersion() == version)
    }

    @Test func `how many are kept is noted once`() throws {
        let bed = try SQLiteBed()
        func numbers() throws -> OutboxView.Numbers {
            try SQLiteReader(bed.sqlite.connection).numbers(at: seconds(70))
        }
        try bed.sqlite.noteKept(rows: 0, text: nil)
        #expect(try numbers().kept == 0)
        try bed.sqlite.noteKept(rows: 2, text: "FOREIGN KEY constraint failed")
        #expect(try numbers().kept == 2)
        #expect(try numbers().keptText == "FOREIGN KEY constraint failed")
        let version = try bed.server.dataVersion()
        try bed.sqlite.noteKept(rows: 2, text: "FOREIGN KEY constraint failed")
        #expect(try bed.server.dataVersion() == version)
        try bed.sqlite.noteKept(rows: 0, text: nil)
        #expect(try numbers().kept == 0)
    }
}
