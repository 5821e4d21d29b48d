import Delivery
import SQLite
import TestSupport
import Testing

@testable import Store

/// Totals that are kept in the transactions that change them are what counting every row gives, whatever
/// happens to the rows.
struct TotalsTests {
    /// A life of many mails: combined, read, cancelled, deleted, sent, refused, put off, retried, pruned.
    private struct Life {
        let bed: SQLiteBed
        var random: SplitMix64
        var now: Int64 = 0

        mutating func run(steps: Int) throws {
            for step in 0..<steps {
                now += Int64.random(in: 1...40, using: &random)
                try insert(step)
                try bed.ingest(at: seconds(now))
                for claim in try bed.claim(at: seconds(now)).claims { try end(claim) }
                try deed()
            }
        }

        private mutating func insert(_ step: Int) throws {
            let row = TestRow("m\(step)").with {
                $0.conversation = "c\(step % 7)"
                $0.helpdesk = "h\(step % 3)"
                $0.createdAt = seconds(now).milliseconds
            }
            let id = try bed.insert(row)
            switch Int.random(in: 0..<12, using: &random) {
            case 0: try bed.cancel(id)
            case 1: try bed.api("UPDATE outbox SET instant = 1 WHERE id = \(id)")
            case 2: try bed.api("UPDATE outbox SET recipient_email = 'nobody' WHERE id = \(id)")
            default: break
            }
        }

        private mutating func end(_ claim: Claim) throws {
            let at = seconds(now)
            let outcome: FinishedMail.Outcome =
                switch Int.random(in: 0..<7, using: &random) {
                case 0: .failed(.rejected)
                case 1: .deferred(dueAt: at + .seconds(30), expired: [])
                case 2: .deferred(dueAt: at + .seconds(30), expired: [claim.rowIDs[0]])
                case 3: .uncertain(dueAt: at + .seconds(30), frozen: .sample())
                case 4: .uncertain(dueAt: nil, frozen: .sample())
                default: .sent
                }
            try bed.finish(claim, outcome, at: at, error: outcome.name == "sent" ? nil : .silence)
        }

        private mutating func deed() throws {
            let ids = try bed.api("SELECT id FROM outbox ORDER BY random() LIMIT 3").compactMap {
                Int64($0)
            }
            switch Int.random(in: 0..<6, using: &random) {
            case 0: _ = try bed.sqlite.retry(ids, by: .test, at: seconds(now))
            case 1: _ = try bed.sqlite.cancel(ids, by: .test, at: seconds(now))
            case 2:
                for id in ids { _ = try bed.sqlite.resolve(row: id, as: .sent, at: seconds(now)) }
            case 3: try bed.prune(endedBefore: seconds(now - 300), limit: 20)
            default: break
            }
        }
    }

    @Test(arguments: 0..<8)
    func `totals are what counting gives`(seed: UInt64) throws {
        let bed = try SQLiteBed()
        var life = Life(bed: bed, random: SplitMix64(seed: seed))
        try life.run(steps: 60)
        #expect(try !TotalsRebuild.isWrong(bed.sqlite.connection))
        #expect(
            try bed.api("SELECT sum(number) FROM outboxd_totals WHERE key LIKE 'failed:%'") != ["0"]
        )
        let reader = SQLiteReader(bed.sqlite.connection)
        let numbers = try reader.numbers(at: seconds(life.now))
        for state in [RowState.sent, .skipped, .failed] {
            let counted = try bed.api(
                "SELECT count(*) FROM outboxd_rows WHERE state = \(state.rawValue)")
            let there = numbers.counts[state, default: 0] - numbers.pruned[state, default: 0]
            #expect(String(there) == counted[0], "\(state)")
        }
    }

    /// By the indexes alone, as where 300,000 wait.
    @Test(arguments: 0..<8)
    func `many that wait are counted as few are`(seed: UInt64) throws {
        let bed = try SQLiteBed()
        var life = Life(bed: bed, random: SplitMix64(seed: seed))
        try life.run(steps: 40)
        let reader = SQLiteReader(bed.sqlite.connection)
        // These count among many until their mail comes up.
        try bed.api("UPDATE outbox SET cancelled_at = NULL")
        let circumstances = try reader.circumstances(at: seconds(life.now))
        let few = try reader.numbers(at: seconds(life.now))
        var many = few
        (many.counts, many.waiting, many.oldestDueAt, many.heldMails) = ([:], [:], nil, 0)
        try reader.countManyOpen(circumstances, into: &many)
        #expect(many.waiting == few.waiting)
        #expect(many.counts[.pending, default: 0] == few.counts[.pending])
        #expect(many.counts[.sending, default: 0] == few.counts[.sending])
        #expect(many.heldMails == few.heldMails && many.oldestDueAt == few.oldestDueAt)
    }

    /// A mail that had ended was taken for one with one row.
    @Test func `rows that are retried into one mail are counted each`() throws {
        let bed = try SQLiteBed()
        let (claim, ids) = try bed.claimOne(2)
        try bed.finish(claim, .failed(.rejected), at: seconds(61), error: .silence)
        _ = try bed.sqlite.retry(ids, by: .test, at: seconds(70))
        let reader = SQLiteReader(bed.sqlite.connection)
        var many = try reader.numbers(at: seconds(70))
        #expect(many.waiting == [.queued: 2])
        many.waiting = [:]
        try reader.countManyOpen(reader.circumstances(at: seconds(70)), into: &many)
        #expect(many.waiting == [.queued: 2])
        let again = try #require(try bed.claim(at: seconds(70)).claims.first)
        try bed.finish(again, .sent, at: seconds(71))
        #expect(try bed.api("SELECT count(*) FROM outboxd_combined") == ["0"])
    }

    /// No outboxd has run for long: a sample stands for what would take too long to count.
    @Test
    func `many new rows are counted by a sample, which costs the same however many there are`()
        throws
    {
        let bed = try SQLiteBed()
        try bed.ingest(at: seconds(0))
        let reader = SQLiteReader(bed.sqlite.connection)
        func insert(_ rows: Int, from first: Int) throws {
            try bed.api(
                """
                WITH RECURSIVE n(i) AS (SELECT \(first) UNION ALL SELECT i + 1 FROM n WHERE i < \(first + rows - 1))
                INSERT INTO outbox (helpdesk_id, conversation_id, message_id, recipient_email, body_text, created_at)
                SELECT 'h', 'c' || i, 'm' || i, 'ann@example.test', 'x', \(seconds(0).milliseconds) + i FROM n
                """)
        }
        try insert(20_000, from: 0)
        var numbers = try reader.numbers(at: seconds(3_600))
        #expect(!numbers.isEstimate && numbers.waiting == [.queued: 20_000])
        try insert(40_000, from: 20_000)
        numbers = try reader.numbers(at: seconds(3_600))
        #expect(numbers.isEstimate && numbers.waiting == [.queued: 60_000])
        #expect(numbers.counts[.pending] == 60_000)
        #expect(numbers.oldestDueAt == seconds(60))
        // A third is cancelled, and a sixth is not due yet.
        try bed.api("UPDATE outbox SET cancelled_at = 1 WHERE id % 3 = 0")
        try bed.api("UPDATE outbox SET created_at = created_at + 7200000 WHERE id > 45000")
        numbers = try reader.numbers(at: seconds(3_600))
        let queued = try #require(numbers.waiting[.queued])
        let held = try #require(numbers.waiting[.hold])
        #expect((29_000...31_000).contains(queued) && (9_500...10_500).contains(held))
        let few = try reader.manyNew(few: 60_000)
        #expect(few == nil)
    }

    @Test func `migrate counts anew what is wrong`() throws {
        let bed = try SQLiteBed()
        let (claim, _) = try bed.claimOne(2)
        try bed.finish(claim, .sent, at: seconds(61))
        let totals = "SELECT key || ' ' || number FROM outboxd_totals WHERE number > 0 ORDER BY key"
        #expect(try bed.api(totals) == ["saved:combined 1", "sent 2"])
        try bed.api("UPDATE outboxd_totals SET number = 7 WHERE key = 'sent'")
        #expect(
            try bed.sqlite.connection.transaction { try TotalsRebuild.run(bed.sqlite.connection) })
        #expect(try bed.api(totals) == ["saved:combined 1", "sent 2"])
        #expect(
            try !bed.sqlite.connection.transaction { try TotalsRebuild.run(bed.sqlite.connection) })
    }

    @Test func `migrate counts what stands in lines anew`() throws {
        let bed = try SQLiteBed()
        try bed.insert(TestRow("m1"))
        try bed.ingest()
        let mails = "SELECT instant_mails, first_mails, retry_mails FROM outboxd_lines"
        func counted() throws -> [Int64] {
            try bed.sqlite.connection.statement(mails).all { [$0.int(0), $0.int(1), $0.int(2)] }
                .first ?? []
        }
        #expect(try counted() == [0, 1, 0])
        try bed.api("UPDATE outboxd_lines SET first_mails = 7")
        #expect(try TotalsRebuild.isWrong(bed.sqlite.connection))
        #expect(
            try bed.sqlite.connection.transaction { try TotalsRebuild.run(bed.sqlite.connection) })
        #expect(try counted() == [0, 1, 0])
    }

    /// Nobody can see any more how they ended.
    @Test func `what is pruned goes on counting, also when all is counted anew`() throws {
        let bed = try SQLiteBed()
        let (claim, _) = try bed.claimOne(3)
        try bed.finish(claim, .sent, at: seconds(61))
        try bed.prune(endedBefore: seconds(62), limit: 2)
        let totals = "SELECT key || ' ' || number FROM outboxd_totals WHERE number > 0 ORDER BY key"
        let right = ["pruned:sent 2", "saved:combined 2", "sent 3"]
        #expect(try bed.api(totals) == right)
        #expect(try !TotalsRebuild.isWrong(bed.sqlite.connection))
        try bed.api("UPDATE outboxd_totals SET number = 7 WHERE key = 'sent'")
        #expect(try TotalsRebuild.isWrong(bed.sqlite.connection))
        #expect(
            try bed.sqlite.connection.transaction { try TotalsRebuild.run(bed.sqlite.connection) })
        #expect(try bed.api(totals) == right)
        let numbers = try SQLiteReader(bed.sqlite.connection).numbers(at: seconds(70))
        #expect(numbers.counts[.sent] == 3 && numbers.pruned == [.sent: 2])
    }

    /// What is rolled back for one mail does not count; see `isolated`.
    @Test func `a mail whose statement fails does not count`() throws {
        let bed = try SQLiteBed()
        let (claim, _) = try bed.claimOne(2)
        try bed.api(
            """
            CREATE TRIGGER audit BEFORE DELETE ON outboxd_combined
            BEGIN SELECT RAISE(ABORT, 'audit'); END
            """)
        try bed.finish(claim, .sent, at: seconds(61))
        #expect(try bed.api("SELECT number FROM outboxd_totals WHERE key = 'sent'").isEmpty)
        #expect(try !TotalsRebuild.isWrong(bed.sqlite.connection))
    }

    /// It is counted before its statement fails.
    @Test func `a mail whose claim fails goes on standing in its line`() throws {
        let bed = try SQLiteBed()
        for name in ["m1", "m2"] { try bed.insert(TestRow(name).with { $0.conversation = name }) }
        try bed.ingest(at: seconds(100))
        try bed.api(
            """
            CREATE TRIGGER audit BEFORE UPDATE ON outboxd_mails WHEN NEW.phase = 1 AND NEW.id = 1
            BEGIN SELECT RAISE(ABORT, 'audit'); END
            """)
        #expect(try bed.claim(at: seconds(100)).claims.count == 1)
        #expect(try bed.api("SELECT first_mails || retry_mails FROM outboxd_lines") == ["01"])
        #expect(try !TotalsRebuild.isWrong(bed.sqlite.connection))
    }

    @Test func `a mail that comes and is claimed in one transaction is not counted`() throws {
        let bed = try SQLiteBed()
        try bed.insert(TestRow("m1"))
        try bed.store.inTransaction {
            try bed.ingest(at: seconds(100))
            #expect(try bed.claim(at: seconds(100)).claims.count == 1)
        }
        let costs = bed.sqlite.connection.statementCosts
        #expect(!costs.contains { $0.sql.contains("_mails = ") && $0.runs > 0 })
        #expect(try !TotalsRebuild.isWrong(bed.sqlite.connection))
    }

    @Test func `two processes count the same lines`() throws {
        let bed = try SQLiteBed()
        let other = try bed.anotherSQLite()
        for name in ["m1", "m2", "m3"] {
            try bed.insert(TestRow(name).with { $0.conversation = name })
        }
        try bed.ingest(limit: 2, at: seconds(100))
        try bed.ingest(at: seconds(100), from: other)
        #expect(try bed.claim(at: seconds(100), limit: 1, from: other).claims.count == 1)
        #expect(try bed.claim(at: seconds(100), limit: 1).claims.count == 1)
        #expect(try bed.api("SELECT first_mails FROM outboxd_lines") == ["1"])
        #expect(try !TotalsRebuild.isWrong(bed.sqlite.connection))
    }

    @Test func `what could not be committed is not counted with the next transaction`() throws {
        let bed = try SQLiteBed()
        for name in ["m1", "m2"] { try bed.insert(TestRow(name).with { $0.conversation = name }) }
        try bed.ingest(at: seconds(100))
        let claims = try bed.claim(at: seconds(100)).claims
        #expect(throws: DiskFull.self) {
            try bed.store.inTransaction {
                try bed.finish(claims[0], .sent, at: seconds(101))
                throw DiskFull()
            }
        }
        try bed.finish(claims[1], .sent, at: seconds(102))
        #expect(try bed.api("SELECT number FROM outboxd_totals WHERE key = 'sent'") == ["1"])
    }

    private struct DiskFull: Error {}

    @Test func `the pace is counted by ten seconds, and forgotten`() throws {
        let bed = try SQLiteBed()
        let (claim, _) = try bed.claimOne()
        try bed.finish(claim, .sent, at: seconds(61))
        let reader = SQLiteReader(bed.sqlite.connection)
        let numbers = try reader.numbers(at: seconds(65))
        #expect((numbers.mailsInLastMinute, numbers.mailsInLastHour) == (1, 1))
        let later = try reader.numbers(at: seconds(400))
        #expect((later.mailsInLastFiveMinutes, later.mailsInLastHour) == (0, 1))
        let totals = bed.sqlite.totals
        totals.addSent(rows: 1, at: seconds(61 + 3 * 3_600))
        try bed.sqlite.connection.transaction { try totals.write(bed.sqlite.connection) }
        #expect(try bed.api("SELECT count(*) FROM outboxd_pace") == ["1"])
    }
}
