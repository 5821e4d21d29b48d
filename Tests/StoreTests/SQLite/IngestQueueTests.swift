import Delivery
import SQLite
import Store
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
}
