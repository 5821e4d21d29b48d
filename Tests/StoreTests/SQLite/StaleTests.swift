import Delivery
import Store
import TestSupport
import Testing

/// A row that is too old when it is first seen is skipped.
struct StaleTests {
    private let retention = Retention(length: .seconds(1_000))

    private func rules(at now: WallTime) -> IngestRules {
        let retention = retention
        var rules = IngestRules.usual
        rules.isStale = { retention.isStale(createdAt: $0, notBefore: $1, at: now) }
        return rules
    }

    @Test func `it is skipped at once, and goes out by an operator's word`() throws {
        let bed = try SQLiteBed()
        let old = try bed.insert(TestRow("old"))
        let new = try bed.insert(TestRow("new").with { $0.created = seconds(1) })
        let now = seconds(1_001)
        let ingested = try bed.store.ingest(limit: 10, at: now, rules: rules(at: now))
        #expect(ingested.rows == 2)
        #expect(ingested.skipped.map(\.row) == [old])
        #expect(ingested.skipped.first?.reason == .stale)
        #expect(ingested.skipped.first?.place?.helpdeskID == "h")
        #expect(try bed.states([old, new]) == ["skipped/stale", "pending/queued"])
        #expect(try bed.status("finished_at", old) == "\(now.milliseconds)")
        // It has ended now, so that it is not forgotten at once.
        #expect(try bed.prune(endedBefore: retention.end(at: now)).rows == 0)
        let claim = try #require(try bed.claim(at: now).claims.first)
        #expect(claim.rowIDs == [new])
        try bed.finish(claim, .sent, at: now)
        _ = try bed.sqlite.retry([old], by: .test, at: now)
        _ = try bed.store.ingest(limit: 10, at: now, rules: rules(at: now))
        #expect(try bed.claim(at: now).claims.flatMap(\.rowIDs) == [old])
    }

    @Test func `what was read or cancelled is told rather than its age`() throws {
        let bed = try SQLiteBed()
        let read = try bed.insert(TestRow("read"))
        let cancelled = try bed.insert(TestRow("cancelled").with { $0.conversation = "c2" })
        let old = try bed.insert(TestRow("old").with { $0.conversation = "c3" })
        try bed.api("UPDATE outbox SET cancelled_at = 1 WHERE id = \(cancelled)")
        try bed.api(
            """
            INSERT INTO read_markers SELECT helpdesk_id, conversation_id, recipient_email, created_at
            FROM outbox WHERE id = \(read)
            """)
        let now = seconds(5_000)
        let ingested = try bed.store.ingest(limit: 10, at: now, rules: rules(at: now))
        #expect(ingested.skipped.map(\.reason) == [.read, .cancelled, .stale])
        #expect(
            try bed.states([read, cancelled, old])
                == ["skipped/read", "skipped/cancelled", "skipped/stale"])
        #expect(
            try bed.api("SELECT number FROM outboxd_totals WHERE key = 'saved:read'") == ["1"])
    }

    @Test func `a row whose time comes only now is not`() throws {
        let bed = try SQLiteBed()
        let id = try bed.insert(TestRow("m"))
        try bed.api("UPDATE outbox SET not_before = \(seconds(5_000).milliseconds)")
        for now in [seconds(0), seconds(5_001)] {
            _ = try bed.store.ingest(limit: 10, at: now, rules: rules(at: now))
        }
        #expect(try bed.state(id) == "pending/queued")
    }

    @Test func `an invalid one fails, and is sent once it was corrected and retried`() throws {
        let bed = try SQLiteBed()
        let id = try bed.insert(TestRow("m").with { $0.to = "not-an-address" })
        let now = seconds(5_000)
        _ = try bed.store.ingest(limit: 10, at: now, rules: rules(at: now))
        #expect(try bed.state(id) == "failed/invalid_address")
        try bed.api("UPDATE outbox SET recipient_email = 'ann@example.test'")
        _ = try bed.sqlite.retry([id], by: .test, at: now)
        _ = try bed.store.ingest(limit: 10, at: now, rules: rules(at: now))
        #expect(try bed.state(id) == "pending/queued")
    }

    @Test func `a drain of others leaves it alone`() throws {
        let bed = try SQLiteBed()
        let id = try bed.insert(TestRow("m"))
        let now = seconds(5_000)
        var rules = rules(at: now)
        rules.leavesAlone = { _ in true }
        #expect(try bed.store.ingest(limit: 10, at: now, rules: rules).skipped.isEmpty)
        #expect(try bed.state(id).hasPrefix("pending"))
    }

    /// The clock was wrong by years when it was written.
    @Test func `one that was written before the clock was set is as old as it is`() throws {
        let bed = try SQLiteBed()
        let id = try bed.insert(TestRow("m"))
        let now = seconds(1_000_000)
        var rules = rules(at: now)
        rules.clockSteps = [
            ClockStep(
                jump: ClockJump(by: .seconds(999_990), now: now), bootedAt: epoch - .seconds(10),
                newestInOutbox: id)
        ]
        #expect(try bed.store.ingest(limit: 10, at: now, rules: rules).skipped.isEmpty)
        #expect(try bed.state(id).hasPrefix("pending"))
    }

    /// The API server has not noticed that its first try went through, and comes back after the row was pruned.
    @Test func `a reply that was pruned and is enqueued again is mailed once`() throws {
        let bed = try SQLiteBed()
        let row = TestRow("m")
        try bed.insert(row)
        _ = try bed.store.ingest(limit: 10, at: epoch, rules: rules(at: epoch))
        let claim = try #require(try bed.claim(at: seconds(60)).claims.first)
        try bed.finish(claim, .sent, at: seconds(61))
        let now = seconds(1_062)
        #expect(try bed.prune(endedBefore: retention.end(at: now)).rows == 1)
        let again = try bed.insert(row)
        _ = try bed.store.ingest(limit: 10, at: now, rules: rules(at: now))
        #expect(try bed.state(again) == "skipped/stale")
        #expect(try bed.claim(at: now).claims.isEmpty)
    }
}
