import Delivery
import SQLite
import Store
import TestSupport
import Testing

/// A view of the API server's that takes minutes, wherever one mail is looked at.
struct SlowViewTests {
    private let bed: SQLiteBed

    /// Slow for the conversations c0, c1 … as soon as ``makeSlow(steps:helpdesk:)`` is called.
    init() throws {
        bed = try SQLiteBed()
        try bed.api("DROP TABLE read_markers")
        try bed.api("CREATE TABLE raw (h TEXT, c TEXT, steps INTEGER)")
        try bed.api(
            """
            CREATE VIEW read_markers AS SELECT h AS helpdesk_id, c AS conversation_id,
                '' AS reader_email, (
                    WITH RECURSIVE q(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM q WHERE n < steps)
                    SELECT max(n) FROM q) AS last_read_at FROM raw
            """)
        for number in 0..<5 { try bed.insert(1, conversation: "c\(number)") }
        try bed.insert(1, conversation: "good")
    }

    private func makeSlow(steps: Int = 1_000_000_000_000, helpdesk: String = "h") throws {
        for number in 0..<5 {
            try bed.api("INSERT INTO raw VALUES ('\(helpdesk)', 'c\(number)', \(steps))")
        }
    }

    private func insert(_ conversation: String, helpdesk: String) throws {
        try bed.insert(
            TestRow(conversation).with {
                $0.conversation = conversation
                $0.helpdesk = helpdesk
                $0.created = seconds(10)
            })
    }

    /// So many steps take a tenth of a second here.
    private func stepsOfTenth() throws -> Int {
        try bed.api("INSERT INTO raw VALUES ('', 'gauge', 50000)")
        let took = try fastest(of: 8) {
            try bed.api(
                "SELECT max(last_read_at) FROM read_markers WHERE conversation_id = 'gauge'")
        }
        return 50_000 * 100_000 / max(1, Int(took / .microseconds(1)))
    }

    private func nextDue(_ now: WallTime) throws -> WallTime? {
        try bed.store.nextDue(ClaimRequest(now: now, limit: 1, owner: 1))
    }

    /// The lock is held meanwhile: what is left is for the next claim, and of that helpdesk for later.
    @Test func `a claim ends with the first mail that takes too long, and its line rests`() throws {
        try insert("other", helpdesk: "h2")
        try bed.ingest()
        try makeSlow()
        let first = try bed.claim(at: seconds(300))
        #expect(first.faults.count == 1 && first.claims.isEmpty)
        #expect(first.faults.first?.text.contains("took longer than 100 ms") == true)
        let second = try bed.claim(at: seconds(300))
        #expect(second.claims.map(\.key.conversationID) == ["other"] && second.faults.isEmpty)

        var now = seconds(300)
        var conversations: [String] = []
        for _ in 0..<5 {
            let due = try #require(try nextDue(now))
            #expect(due > now)
            now = due
            conversations += try bed.claim(at: now).claims.map(\.key.conversationID)
        }
        #expect(conversations == ["good"])
    }

    /// Each takes 60 ms and is sent: forty of them kept the lock for seconds.
    @Test func `a line rests after a mail that takes rather long`() throws {
        try bed.ingest()
        try makeSlow(steps: stepsOfTenth() * 6 / 10)
        let batch = try bed.claim(at: seconds(300))
        #expect(batch.claims.count + batch.faults.count == 1)
        #expect(try bed.claim(at: seconds(300)).claims.isEmpty)
        // For how long depends on what it took: more on a machine that others use, too.
        let due = try #require(try nextDue(seconds(300)))
        #expect(due > seconds(300) && due < seconds(400))
        let next = try bed.claim(at: due)
        #expect(next.claims.count + next.faults.count == 1)
    }

    @Test func `of many lines that rest one is looked at at a time`() throws {
        for helpdesk in ["h2", "h3"] {
            try insert("c1", helpdesk: helpdesk)
            try makeSlow(helpdesk: helpdesk)
        }
        try bed.ingest()
        try makeSlow()
        for _ in 0..<3 { #expect(try bed.claim(at: seconds(300)).faults.count == 1) }
        #expect(try bed.claim(at: seconds(300)).faults.isEmpty)
        for helpdesk in ["h", "h2", "h3"] { try insert("c2", helpdesk: helpdesk) }
        try bed.api("UPDATE outboxd_lines SET retry_at = \(seconds(350).milliseconds)")
        try bed.ingest(at: seconds(300))
        // All three have rested by then, and those of before wait for longer.
        try bed.api("UPDATE outboxd_mails SET due_at = 1e15 WHERE troubles > 0")
        var now = seconds(400)
        for _ in 0..<3 {
            #expect(try bed.claim(at: now).faults.count == 1)
            #expect(try bed.claim(at: now).faults.isEmpty)
            let due = try #require(try nextDue(now))
            #expect(due > now)
            now = due
        }
    }

    /// They are tried one at a time; the others of their helpdesk don't wait for them.
    @Test func `mails that took too long before keep each other back, and nobody else`() throws {
        try bed.ingest()
        try makeSlow()
        var now = seconds(300)
        for _ in 0..<5 {
            #expect(try bed.claim(at: now).faults.count == 1)
            now = now + .seconds(5)
            if try bed.claim(at: now).claims.count == 1 { break }
        }
        try insert("fresh", helpdesk: "h")
        try bed.ingest(at: now)
        var tries = 0
        var conversations: [String] = []
        now = now + .seconds(600)
        for _ in 0..<4 {
            let batch = try bed.claim(at: now)
            tries += batch.faults.count
            conversations += batch.claims.map(\.key.conversationID)
        }
        #expect(conversations == ["fresh"] && tries == 1)
    }

    /// A probe takes one mail: it went on to the next helpdesk after each that was too slow.
    @Test func `a probe of the relay ends with the first mail that takes too long`() throws {
        try insert("c1", helpdesk: "h2")
        try makeSlow(helpdesk: "h2")
        try bed.ingest()
        try makeSlow()
        #expect(try bed.claim(at: seconds(300)) { $0.isRelayProbe = true }.faults.count == 1)
    }

    @Test func `the pre-send check of one is ended`() throws {
        try bed.ingest()
        let claims = try bed.claim(at: seconds(300)).claims
        try makeSlow()
        let check = SQLitePreSendCheck(connection: try Database.open(path: bed.path))
        for claim in claims where claim.key.conversationID != "good" {
            let error = #expect(throws: SQLiteError.self) {
                try check.check(CheckedMail(claim), at: seconds(300))
            }
            #expect(error?.isOverdue == true)
        }
        let good = try #require(claims.first { $0.key.conversationID == "good" })
        #expect(try check.check(CheckedMail(good), at: seconds(300)) == .go)
    }

    /// They are held; one of the helpdesk's is looked at in vain, and no other in this pass.
    @Test func `a review passes over a helpdesk after the first mail that takes too long`() throws {
        try insert("c9", helpdesk: "h2")
        try bed.ingest()
        try makeSlow()
        let stepsBefore = bed.sqlite.connection.steps
        let first = try bed.review(at: seconds(1))
        let stepsOfOne = bed.sqlite.connection.steps - stepsBefore
        #expect(first.tookLong)
        let position: ReviewPosition = try #require(first.position)
        let rest = try bed.review(at: seconds(1), after: position)
        #expect(!rest.tookLong && rest.position == nil)
        #expect(bed.sqlite.connection.steps - stepsBefore < stepsOfOne * 3 / 2)
    }

    /// Its line rests: the next pass does not look at it either, and what else waits is reviewed.
    @Test func `a review leaves lines alone that rest`() throws {
        try insert("c9", helpdesk: "h2")
        try bed.ingest()
        try makeSlow()
        _ = try bed.review(at: seconds(20))
        try bed.api("UPDATE outbox SET instant = 1 WHERE conversation_id = 'c9'")
        let pass = try bed.review(at: seconds(20))
        #expect(!pass.tookLong && pass.released == 1)
    }

    /// The sender of a parked line is looked for in its first mail.
    @Test func `a review looks at one parked line that takes too long, then leaves off`() throws {
        for helpdesk in ["h2", "h3"] { try insert("c1", helpdesk: helpdesk) }
        try bed.ingest()
        try bed.api("UPDATE outboxd_lines SET parked = 2")
        for helpdesk in ["h", "h2", "h3"] { try makeSlow(helpdesk: helpdesk) }
        let first = try bed.review(at: seconds(1))
        #expect(first.tookLong)
        let position: ReviewPosition = try #require(first.position)
        #expect(try bed.review(at: seconds(1), after: position).tookLong)
    }
}
