import Delivery
import SQLite
import Store
import TestSupport
import Testing

/// Rows that one statement inserts have one `created_at`, and fall due at the same moment.
struct SameMomentTests {
    /// Each part of a review, and each portion of a claim, begins behind the one before: it does not walk over that again.
    @Test func `many that fall due together cost each no more than few`() throws {
        let few = try cost(of: 500)
        let many = try cost(of: 4_000)
        #expect(many.review < few.review * 2, "\(few.review) and \(many.review) for each mail")
        #expect(many.claim < few.claim * 2, "\(few.claim) and \(many.claim) for each mail")
    }

    /// SQLite's instructions for each mail.
    private func cost(of count: Int) throws -> (review: Int, claim: Int) {
        let bed = try SQLiteBed()
        try bed.api(
            """
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(count))
            INSERT INTO outbox (helpdesk_id, conversation_id, message_id, recipient_email, body_text, created_at)
            SELECT 'h', 'c' || i, 'm' || i, 'ann@example.test', 'x', 0 FROM n
            """)
        while try bed.ingest().hasMore {}
        let connection = bed.sqlite.connection
        func instructions() -> Int {
            connection.statementCosts.reduce(0) { $0 + Int($1.instructions) }
        }
        let before = instructions()
        var position: ReviewPosition?
        repeat {
            position = try bed.review(at: seconds(5), limit: 200, after: position).position
        } while position != nil
        let reviewed = instructions()
        // None of them goes: all that are due are passed over.
        try bed.api("UPDATE outbox SET cancelled_at = 1")
        #expect(try bed.claim(at: seconds(100), limit: count).claims.isEmpty)
        return ((reviewed - before) / count, (instructions() - reviewed) / count)
    }
}
