import Delivery
import SQLite
import Store
import TestSupport
import Testing

/// A helpdesk whose own row can't be read: it waits for longer each time, and the first failure in a
/// row is told.
struct HelpdeskFaultTests {
    /// A bed in which `abs` of the least integer raises for helpdesk `h` alone, once it is broken.
    private func bed() throws -> SQLiteBed {
        let bed = try SQLiteBed()
        try bed.insert(1)
        try bed.server.execute(
            """
            INSERT OR REPLACE INTO helpdesks (id, name, from_address) VALUES ('h', 'H', 'h@acme.test');
            ALTER TABLE helpdesks ADD COLUMN trouble INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE helpdesks RENAME TO desks;
            CREATE VIEW helpdesks AS SELECT * FROM desks WHERE abs(trouble) >= 0
            """)
        try bed.ingest()
        return bed
    }

    private func setTrouble(_ trouble: String, _ bed: SQLiteBed) throws {
        try bed.api("UPDATE desks SET trouble = \(trouble)")
    }

    /// Whoever mends a view need not wait for the next try.
    @Test func `a change of the schema is an occasion to look again`() throws {
        let bed = try bed()
        try setTrouble("-9223372036854775808", bed)
        let first = try #require(try bed.claim(at: seconds(300)).faults.first)
        #expect(try bed.claim(at: seconds(300)).faults.isEmpty)
        try bed.server.execute("DROP VIEW helpdesks; CREATE VIEW helpdesks AS SELECT * FROM desks")
        #expect(first.retryAt > seconds(300))
        #expect(try bed.claim(at: seconds(300)).claims.count == 1)
    }

    @Test func `a helpdesk that could be read meanwhile fails for the first time again`() throws {
        let bed = try bed()
        try setTrouble("-9223372036854775808", bed)
        let first = try #require(try bed.claim(at: seconds(300)).faults.first)
        #expect(first.isNew && first.subject == .helpdesk("h"))
        let second = try #require(try bed.claim(at: first.retryAt).faults.first)
        #expect(!second.isNew && second.retryAt - first.retryAt > first.retryAt - seconds(300))

        try setTrouble("0", bed)
        try #expect(bed.claim(at: second.retryAt).claims.count == 1)
        try bed.insert(1, conversation: "d")
        try bed.ingest()
        try setTrouble("-9223372036854775808", bed)
        let now = second.retryAt + .seconds(300)
        let third = try #require(try bed.claim(at: now).faults.first)
        #expect(third.isNew && third.retryAt - now == first.retryAt - seconds(300))
    }
}
