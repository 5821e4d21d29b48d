import Delivery
import SQLite
import Store
import Testing

/// A view of the API server's that takes minutes, wherever one mail is looked at.
struct SlowViewTests {
    private let bed: SQLiteBed

    /// Slow for the conversations c0, c1 … as soon as ``makeSlow()`` is called.
    init() throws {
        bed = try SQLiteBed()
        try bed.api("DROP TABLE read_markers")
        try bed.api("CREATE TABLE raw (c TEXT, steps INTEGER)")
        try bed.api(
            """
            CREATE VIEW read_markers AS SELECT 'h' AS helpdesk_id, c AS conversation_id,
                '' AS reader_email, (
                    WITH RECURSIVE q(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM q WHERE n < steps)
                    SELECT max(n) FROM q) AS last_read_at FROM raw
            """)
        for number in 0..<5 { try bed.insert(1, conversation: "c\(number)") }
        try bed.insert(1, conversation: "good")
    }

    private func makeSlow(steps: Int = 1_000_000_000_000) throws {
        for number in 0..<5 { try bed.api("INSERT INTO raw VALUES ('c\(number)', \(steps))") }
    }

    /// So many steps take a tenth of a second here.
    private func stepsOfTenth() throws -> Int {
        try bed.api("INSERT INTO raw VALUES ('gauge', 300000)")
        let took = try ContinuousClock().measure {
            try bed.api(
                "SELECT max(last_read_at) FROM read_markers WHERE conversation_id = 'gauge'")
        }
        return 300_000 * 100 / max(1, Int(took / .milliseconds(1)))
    }

    /// The lock is held meanwhile: what is left is for the next claim.
    @Test func `a claim ends with the first mail that takes too long`() throws {
        try bed.ingest()
        try makeSlow()
        for _ in 0..<5 {
            let batch = try bed.claim(at: seconds(300))
            #expect(batch.faults.count == 1 && batch.claims.isEmpty && batch.hasMore)
            #expect(batch.faults.first?.text.contains("took longer than 100 ms") == true)
        }
        let claims = try bed.claim(at: seconds(300)).claims
        #expect(claims.map(\.key.conversationID) == ["good"])
    }

    /// None of them takes too long by itself; forty of them kept the lock for 8 s.
    @Test func `a claim of many that take rather long ends after a tenth of a second`() throws {
        try bed.ingest()
        try makeSlow(steps: stepsOfTenth() * 6 / 10)
        let batch = try bed.claim(at: seconds(300))
        #expect(batch.claims.count + batch.faults.count < 4 && batch.hasMore)
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

    /// They are held; one of the helpdesk's is looked at in vain, and no other.
    @Test func `a review passes over a helpdesk after the first mail that takes too long`() throws {
        try bed.ingest()
        try makeSlow()
        let clock = ContinuousClock()
        let took = try clock.measure { _ = try bed.review(at: seconds(1)) }
        #expect(took >= .milliseconds(90) && took < .milliseconds(350))
    }
}
