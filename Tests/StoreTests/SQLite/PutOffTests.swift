import Delivery
import SQLite
import Store
import TestSupport
import Testing

/// `not_before` (contract, section 2): until then the row counts as not yet written.
struct PutOffTests {
    private let bed: SQLiteBed

    init() throws { bed = try SQLiteBed() }

    private func insert(
        _ message: String, notBefore: WallTime?, instant: Bool = false, created: WallTime = epoch
    ) throws -> Int64 {
        let id = try bed.insert(
            TestRow(message).with { ($0.instant, $0.created) = (instant, created) })
        if let notBefore {
            try bed.api(
                "UPDATE outbox SET not_before = \(notBefore.milliseconds) WHERE id = \(id)")
        }
        return id
    }

    private func claimed(at now: WallTime, ignoresHold: Bool = false) throws -> [[Int64]] {
        try bed.ingest(at: now)
        return try bed.claim(at: now) { $0.ignoresHold = ignoresHold }.claims.map(\.rowIDs)
    }

    @Test(arguments: [false, true])
    func `until then it is in no mail, whatever else goes`(instant: Bool) throws {
        let now = try insert("now", notBefore: nil)
        let later = try insert("later", notBefore: seconds(3_600), instant: instant)
        #expect(try claimed(at: seconds(60)) == [[now]])
        #expect(try bed.nextDue() == seconds(3_600))
        #expect(try bed.dueAt(later) == seconds(3_600))
        #expect(try claimed(at: at(3_599_999), ignoresHold: true) == [])
        try bed.api("DELETE FROM outboxd_mails")
        #expect(try claimed(at: seconds(3_600)) == [[later]])
        #expect(
            try bed.api("SELECT due_at FROM outboxd_rows WHERE id = \(later)") == [
                "\(seconds(3_600).milliseconds)"
            ])
    }

    /// The view reads the machine's clock.
    @Test func `outbox_status and the console say that it is on hold, until when`() throws {
        let then = TestClock.wall + .seconds(3_600)
        let ids = [
            try insert("a", notBefore: then, instant: true, created: TestClock.wall),
            try insert("b", notBefore: nil, instant: true, created: TestClock.wall),
        ]
        let reader = SQLiteReader(bed.server)
        for isIngested in [false, true] {
            if isIngested { try bed.ingest(at: TestClock.wall) }
            #expect(try bed.states(ids)[0] == "pending/hold")
            #expect(try bed.dueAt(ids[0]) == then)
            let row = try #require(try reader.story(of: ids[0], at: TestClock.wall)?.row)
            #expect(row.reason == "hold" && row.dueAt == then)
            let numbers = try reader.numbers(at: TestClock.wall)
            #expect(numbers.waiting[.hold] == 1 && numbers.waiting[.queued] == 1)
            let listed = try reader.list(.init(states: [.pending]), limit: 9, at: TestClock.wall)
            #expect(listed.map(\.id) == ids.reversed())
        }
    }

    /// Quiet hours end: all that was put off, and what is on hold, is one mail.
    @Test func `then it goes with the others of its conversation`() throws {
        let ids = try (0..<3).map { try insert("m\($0)", notBefore: seconds(3_600)) }
        #expect(try claimed(at: seconds(3_500)) == [])
        let held = try insert("held", notBefore: nil, created: seconds(3_570))
        #expect(try claimed(at: seconds(3_600)) == [ids + [held]])
    }

    @Test func `its hold still counts`() throws {
        let id = try insert("m", notBefore: seconds(10))
        #expect(try claimed(at: seconds(10)) == [])
        #expect(try bed.dueAt(id) == seconds(60))
        #expect(try claimed(at: seconds(60)) == [[id]])
    }

    @Test func `one that has passed changes nothing`() throws {
        let id = try insert("m", notBefore: seconds(-10))
        #expect(try claimed(at: seconds(60)) == [[id]])
    }

    @Test func `what was read, cancelled or deleted meanwhile does not go`() throws {
        let ids = try (0..<3).map { number in
            let id = try bed.insert(
                TestRow("m\(number)").with {
                    $0.conversation = "c\(number)"
                    $0.instant = true
                })
            try bed.api("UPDATE outbox SET not_before = \(seconds(3_600).milliseconds)")
            return id
        }
        #expect(try claimed(at: seconds(60)) == [])
        try bed.read(upTo: seconds(1), conversation: "c0")
        try bed.cancel(ids[1])
        try bed.delete(ids[2])
        #expect(try claimed(at: seconds(3_600)) == [])
        #expect(try bed.states([ids[0], ids[1]]) == ["skipped/read", "skipped/cancelled"])
        #expect(try bed.nextDue() == nil)
    }

    @Test func `moved to later, it waits for longer`() throws {
        let id = try insert("m", notBefore: seconds(100))
        #expect(try claimed(at: seconds(60)) == [])
        try bed.api("UPDATE outbox SET not_before = \(seconds(200).milliseconds)")
        #expect(try claimed(at: seconds(100)) == [])
        #expect(try bed.dueAt(id) == seconds(200))
        #expect(try claimed(at: seconds(200)) == [[id]])
    }

    @Test(arguments: ["NULL", "1700000070000"])
    func `moved to sooner, a review finds it`(notBefore: String) throws {
        let ids = try (0..<500).map { try insert("m\($0)", notBefore: seconds(3_600)) }
        #expect(try claimed(at: seconds(60)) == [])
        try bed.api("UPDATE outbox SET not_before = \(notBefore) WHERE id = \(ids[450])")
        var position: ReviewPosition?
        repeat {
            position = try bed.review(at: seconds(61), after: position).position
        } while position != nil
        #expect(try bed.nextDue() == seconds(notBefore == "NULL" ? 61 : 70))
        #expect(try claimed(at: seconds(70)) == [[ids[450]]])
    }

    /// It is a time of day that the API server chose.
    @Test func `it does not move with the clock`() throws {
        let id = try insert("m", notBefore: seconds(100))
        try bed.ingest(at: seconds(60))
        let jump = { (from: Duration, to: Duration) -> Duration? in to - from }
        for offset in [seconds(50), seconds(50 - 3_600)] {
            _ = try bed.sqlite.followClock(
                bootID: "boot", offset: .milliseconds(offset.milliseconds), at: offset, jump: jump)
        }
        #expect(
            try bed.api("SELECT retry_at FROM outboxd_unread WHERE id = \(id)")
                == ["\(seconds(100).milliseconds)"])
    }

    @Test func `ten thousand that wait cost a round nothing`() throws {
        try bed.api(
            """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
            INSERT INTO outbox (helpdesk_id, conversation_id, message_id, recipient_email, body_text,
                created_at, not_before)
            SELECT 'h', 'c' || i, 'm' || i, 'a@b.test', 'x', \(epoch.milliseconds),
                \(seconds(3_600).milliseconds) FROM n
            """)
        while try bed.ingest(at: seconds(60)).hasMore {}
        let before = bed.sqlite.connection.steps
        for _ in 0..<20 {
            #expect(try claimed(at: seconds(61)) == [])
            #expect(try bed.nextDue() == seconds(3_600))
            #expect(try !bed.sqlite.hasUnread(at: seconds(61)))
        }
        #expect(bed.sqlite.connection.steps - before < 20)
    }
}
