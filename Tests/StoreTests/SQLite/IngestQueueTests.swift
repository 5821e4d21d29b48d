import Delivery
import SQLite
@testable import Store
import TestSupport
import Testing

/// More rows than a batch of ingest holds, one of which makes trouble.
struct IngestQueueTests {
    private func ingest(_ bed: SQLiteBed) throws -> Ingested {
        var all = Ingested()
        for _ in 0..<20 where try bed.store.hasNewRows() {
            let taken = try bed.ingest(limit: 3)
            all.rows += taken.rows
            all.faults += taken.faults
        }
        return all
    }

    @Test(arguments: [1, 2, 3, 4, 7, 20])
    func `a row that can't be written costs no other row of the burst`(_ place: Int) throws {
        let bed = try SQLiteBed()
        let ids = try bed.insert(20)
        try bed.api(
            """
            CREATE TRIGGER refuse BEFORE INSERT ON outboxd_rows WHEN NEW.id = \(ids[place - 1])
            BEGIN SELECT RAISE(ABORT, 'not you'); END
            """)
        let taken = try ingest(bed)
        #expect(taken.rows == 19 && taken.faults.map(\.subject) == [.row(ids[place - 1])])
        #expect(try bed.api("SELECT count(*) FROM outboxd_rows") == ["19"])
        #expect(try !bed.store.hasNewRows())
    }

    @Test func `sixty rows that end the transaction cost no other row`() throws {
        let bed = try SQLiteBed()
        let ids = try bed.insert(100)
        try bed.api(
            """
            CREATE TRIGGER refuse BEFORE INSERT ON outboxd_rows WHEN NEW.id <= \(ids[59])
            BEGIN SELECT RAISE(ROLLBACK, 'not you'); END
            """)
        let taken = try bed.ingest(limit: 500)
        #expect(taken.rows == 40 && taken.faults.count == 60)
        #expect(try !bed.store.hasNewRows())
    }

    @Test(arguments: [1, 2, 7, 20])
    func `a helpdesk too long to be read stops no burst`(_ place: Int) throws {
        let bed = try SQLiteBed()
        let ids = try bed.insert(20)
        try bed.api(
            "UPDATE outbox SET helpdesk_id = printf('%.*c', 1000000, 'x') WHERE id = \(ids[place - 1])"
        )
        #expect(try ingest(bed).rows == 20)
        #expect(try !bed.store.hasNewRows())
    }

    /// Helpdesks take turns, so rows with greater ids are taken in before smaller ones.
    ///
    /// A process that ends in between must leave none of them behind.
    @Test func `whoever comes after a process that ended in a burst takes in what it left`() throws
    {
        let bed = try SQLiteBed()
        let many = try (0..<12).map { number in
            try bed.insert(TestRow("a\(number)").with { $0.helpdesk = "a" })
        }
        let one = try bed.insert(TestRow("b").with { $0.helpdesk = "b" })
        try bed.ingest(limit: 3)
        try bed.ingest(limit: 3)
        let known = try bed.api("SELECT id FROM outboxd_rows ORDER BY id").compactMap { Int64($0) }
        #expect(known.contains(one) && known.count == 6 && known.count < many.count)
        let reader = SQLiteReader(bed.sqlite.connection)
        #expect(try reader.numbers(at: seconds(100)).counts[.pending] == 13)
        #expect(try reader.health(at: seconds(100)).dueSince == seconds(60))
        let other = try bed.anotherSQLite()
        var taken = 0
        while try other.hasNewRows() {
            taken += try other.ingest(limit: 3, at: epoch, rules: .usual).rows
        }
        #expect(taken == 7)
        #expect(try bed.api("SELECT count(*) FROM outboxd_rows") == ["13"])
        #expect(try bed.api("SELECT count(*) FROM outboxd_meta WHERE key = 'ingested_to'") == ["0"])
        #expect(try reader.numbers(at: seconds(100)).counts[.pending] == 13)
    }

    /// The batches alone would look at 2,000 rows each before the last helpdesk's row was known.
    @Test(arguments: [false, true])
    func `a helpdesk behind 25,000 rows of another has a turn in the next batch`(
        looksAhead: Bool
    ) throws {
        let bed = try SQLiteBed()
        try bed.api(
            """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 25000)
            INSERT INTO outbox (helpdesk_id, conversation_id, message_id, recipient_email, body_text,
                created_at)
            SELECT 'a', 'c' || i, 'm' || i, 'p' || i || '@example.test', 'x', \(epoch.milliseconds)
            FROM n
            """)
        let one = try bed.insert(TestRow("b").with { $0.helpdesk = "b" })
        try bed.ingest(limit: 3)
        var steps = 0
        if looksAhead {
            try bed.sqlite.lookAhead {
                steps += 1
                return true
            }
            #expect(steps == 12)
            try bed.sqlite.lookAhead { false }
        }
        try bed.ingest(limit: 3)
        let known = try bed.api("SELECT 1 FROM outboxd_rows WHERE id = \(one)")
        #expect(known.isEmpty != looksAhead)
    }
}
