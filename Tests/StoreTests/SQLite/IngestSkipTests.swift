import Delivery
import Store
import TestSupport
import Testing

/// Rows that need no mail when they are first seen never wait for one.
struct IngestSkipTests {
    private let now = seconds(100)

    @Test func `a row that was taken back ends as it is ingested, also while it is on hold`() throws
    {
        let bed = try SQLiteBed()
        let held = try bed.insert(TestRow("held"))
        let kept = try bed.insert(TestRow("kept"))
        try bed.api(
            "UPDATE outbox SET cancelled_at = 1, traceparent = '\(Self.trace)' WHERE id = \(held)")
        let skip = try #require(try bed.ingest(at: seconds(1)).skipped.first)
        #expect(skip.row == held && skip.reason == .cancelled)
        #expect(skip.place?.helpdeskID == "h" && skip.place?.trace?.text == Self.trace)
        #expect(try bed.states([held, kept]) == ["skipped/cancelled", "pending/queued"])
        #expect(try bed.api("SELECT count(*) FROM outboxd_mails WHERE phase = 0") == ["1"])
        #expect(
            try bed.api("SELECT number FROM outboxd_totals WHERE key = 'skipped:cancelled'") == [
                "1"
            ])
        #expect(try bed.claim(at: now).claims.flatMap(\.rowIDs) == [kept])
    }

    private static let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    @Test func `a drain of others leaves it alone`() throws {
        let bed = try SQLiteBed()
        let id = try bed.insert(TestRow("m"))
        try bed.api("UPDATE outbox SET cancelled_at = 1")
        var rules = IngestRules.usual
        rules.leavesAlone = { _ in true }
        #expect(try bed.store.ingest(limit: 10, at: now, rules: rules).skipped.isEmpty)
        #expect(try bed.state(id).hasPrefix("pending"))
    }

    // MARK: Many

    /// They are written many in one statement (32, 8, and one at a time); the fault is the row's.
    @Test(
        arguments: ["outboxd_mails", "outboxd_rows"],
        ["ABORT, 'not you'", "ROLLBACK, 'not you'", "IGNORE"])
    func `one that can't be written costs no other`(_ table: String, _ action: String) throws {
        for place in [1, 32, 36, 43] {
            let bed = try SQLiteBed()
            let ids = try insertCancelled(43, into: bed)
            let refused = ids[place - 1]
            let isIt =
                table == "outboxd_rows"
                ? "NEW.id = \(refused)" : "NEW.conversation_id = 'c\(place)'"
            try bed.api(
                """
                CREATE TRIGGER refuse BEFORE INSERT ON \(table) WHEN \(isIt)
                BEGIN SELECT RAISE(\(action)); END
                """)
            let result = try bed.ingest(at: now)
            let others = ids.filter { $0 != refused }
            #expect(result.faults.map(\.subject) == [.row(refused)])
            #expect(result.skipped.map(\.row) == others && result.rows == others.count)
            #expect(try bed.states(others).allSatisfy { $0 == "skipped/cancelled" })
            #expect(try bed.api("SELECT count(*) FROM outboxd_mails") == ["\(others.count)"])
            #expect(
                try bed.api("SELECT number FROM outboxd_totals WHERE key = 'skipped:cancelled'")
                    == ["\(others.count)"])
            try bed.api("DROP TRIGGER refuse")
            #expect(try bed.ingest(at: now + .seconds(60)).skipped.map(\.row) == [refused])
        }
    }

    /// Each takes no room among the mails that are wanted, so they need not come in portions of that room.
    @Test func `a transaction takes in as many as it may, however few mails are wanted`() throws {
        let bed = try SQLiteBed()
        let ids = try insertCancelled(600, into: bed)
        let result = try bed.store.ingest(limit: 500, wanted: 8, at: now, rules: .usual)
        #expect(result.skipped.map(\.row) == Array(ids.prefix(500)) && result.hasMore)
    }

    private func insertCancelled(_ count: Int, into bed: SQLiteBed) throws -> [Int64] {
        let ids = try (1...count).map { number in
            try bed.insert(TestRow("m\(number)").with { $0.conversation = "c\(number)" })
        }
        try bed.api("UPDATE outbox SET cancelled_at = 1")
        return ids
    }

    // MARK: Read

    @Test func `markers are looked for after a claim found a read row, up to the next unread one`()
        throws
    {
        let bed = try SQLiteBed()
        let rows = try (1...6).map { number in
            try bed.insert(TestRow("m\(number)").with { $0.conversation = "c\(number)" })
        }
        for read in [0, 1, 2, 4, 5] { try bed.markRead(rows[read]) }
        #expect(try bed.ingest(limit: 1, at: now).skipped.isEmpty)
        #expect(try bed.claim(at: now).skipped.map(\.row) == [rows[0]])
        #expect(try bed.ingest(limit: 4, at: now).skipped.map(\.row) == [rows[1], rows[2]])
        #expect(try bed.ingest(limit: 4, at: now).skipped.isEmpty)
        let claimed = try bed.claim(at: now)
        #expect(claimed.skipped.map(\.row) == [rows[4], rows[5]])
        #expect(claimed.claims.flatMap(\.rowIDs) == [rows[3]])
    }

    @Test func `a row that is not due waits: it may still be marked as unread`() throws {
        let bed = try SQLiteBed()
        try bed.expectRead(at: now)
        let id = try bed.insert(TestRow("later").with { $0.created = seconds(90) })
        try bed.markRead(id)
        #expect(try bed.ingest(at: now).skipped.isEmpty)
        #expect(try bed.state(id) == "pending/queued")
    }

    @Test func `read rows of one conversation are one mail that was saved`() throws {
        let bed = try SQLiteBed()
        try bed.expectRead(at: now)
        for number in 1...3 {
            let id = try bed.insert(TestRow("n\(number)").with { $0.conversation = "new" })
            try bed.markRead(id)
        }
        #expect(try bed.ingest(at: now).skipped.count == 3)
        #expect(try bed.api("SELECT number FROM outboxd_totals WHERE key = 'saved:read'") == ["2"])
        #expect(try bed.api("SELECT count(DISTINCT mail_id) FROM outboxd_rows") == ["2"])
    }

    /// The first one's mail is undone with it.
    @Test func `a read row that can't be written takes no other's mail along`() throws {
        let bed = try SQLiteBed()
        try bed.expectRead(at: now)
        let rows = try (1...3).map { number in
            try bed.insert(TestRow("n\(number)").with { $0.conversation = "new" })
        }
        for row in rows { try bed.markRead(row) }
        try bed.api(
            """
            CREATE TRIGGER refuse BEFORE INSERT ON outboxd_rows WHEN NEW.id = \(rows[0])
            BEGIN SELECT RAISE(ABORT, 'not you'); END
            """)
        #expect(try bed.ingest(at: now).skipped.map(\.row) == Array(rows[1...]))
        let lost = "WHERE mail_id NOT IN (SELECT id FROM outboxd_mails)"
        #expect(try bed.api("SELECT count(*) FROM outboxd_rows \(lost)") == ["0"])
        #expect(try bed.api("SELECT number FROM outboxd_totals WHERE key = 'saved:read'") == ["2"])
    }

    @Test func `a read row of a mail that waits stays with it`() throws {
        let bed = try SQLiteBed()
        try bed.expectRead(at: now)
        let waiting = try bed.insert(
            TestRow("waits").with {
                $0.conversation = "open"; $0.created = seconds(95)
            })
        #expect(try bed.ingest(at: now).skipped.isEmpty)
        let read = try bed.insert(TestRow("read").with { $0.conversation = "open" })
        try bed.markRead(read)
        #expect(try bed.ingest(at: now).skipped.isEmpty)
        #expect(
            try bed.api("SELECT count(DISTINCT mail_id) FROM outboxd_rows WHERE state = 0") == ["1"]
        )
        #expect(try bed.states([waiting, read]).allSatisfy { $0.hasPrefix("pending") })
    }
}

extension SQLiteBed {
    /// The recipient has read the conversation up to this row.
    fileprivate func markRead(_ id: Int64) throws {
        try api(
            """
            INSERT OR REPLACE INTO read_markers
            SELECT helpdesk_id, conversation_id, recipient_email, created_at FROM outbox WHERE id = \(id)
            """)
    }

    /// A claim has just found a read row.
    fileprivate func expectRead(at now: WallTime) throws {
        try markRead(try insert(TestRow("first").with { $0.conversation = "first" }))
        _ = try ingest(at: now)
        #expect(try claim(at: now).skipped.count == 1)
    }
}
