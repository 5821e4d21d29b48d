import SQLite
import Store
import TestSupport
import Testing

struct LateInsertTests {
    /// So many ingested rows, with gaps, and texts that take overflow pages.
    private func bed(rows: Int) throws -> SQLiteBed {
        let bed = try SQLiteBed()
        try bed.api(
            """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(rows))
            INSERT INTO outbox (id, helpdesk_id, conversation_id, message_id, recipient_email, body_text)
            SELECT i * 10, 'h', 'c' || i, 'm' || i, 'a@b.test', printf('%.*c', 20000, 'x') FROM n
            """)
        try bed.api(
            "INSERT INTO outboxd_rows (id, mail_id, due_at) SELECT id, id, 0 FROM outbox")
        return bed
    }

    @Test func `a pass goes on where its last step ended, and finds everything once`() throws {
        let bed = try bed(rows: 500)
        let late = try ([7, 2_501, 4_999] as [Int64]).map { id in
            try bed.insert(TestRow("l\(id)").with { $0.id = id })
        }
        let store = try bed.anotherSQLite()
        var found: [Int64] = []
        var position: Int64?
        var steps = 0
        repeat {
            var asked = 0
            let step = try store.findLateInserts(from: position, limit: 100) {
                asked += 1
                return asked < 2
            }
            #expect(asked <= 2)
            found += step.ids
            position = step.position
            steps += 1
        } while position != nil && steps < 20
        #expect(found == late.reversed())
        #expect(steps == 503 / 64 + 1)
        #expect(try store.ingestLate(LateInserts(ids: found), at: epoch, rules: .usual).rows == 3)
    }

    @Test func `a step ends where as much was found as is ingested at once`() throws {
        let bed = try bed(rows: 100)
        for id in 1...5 { try bed.insert(TestRow("l\(id)").with { $0.id = Int64(id) }) }
        let store = try bed.anotherSQLite()
        let step = try store.findLateInserts(from: nil, limit: 3) { true }
        #expect(step.ids == [5, 4, 3] && step.position == 3)
        #expect(try store.findLateInserts(from: 3, limit: 3) { true }.ids == [2, 1])
    }

    /// It has a time of its own to be tried again; each pass would find it otherwise.
    @Test func `a row that can't be ingested is no late insert`() throws {
        let bed = try SQLiteBed()
        try bed.api(
            """
            CREATE TRIGGER refuse BEFORE INSERT ON outboxd_rows WHEN NEW.id = 3 BEGIN
                SELECT RAISE(ABORT, 'not this one'); END
            """)
        try bed.insert(5)
        #expect(try bed.ingest().faults.count == 1)
        #expect(try bed.api("SELECT id FROM outboxd_rows ORDER BY id") == ["1", "2", "4", "5"])
        #expect(try bed.store.findLateInserts(from: nil, limit: 10) { true }.ids == [])
    }

    /// 10 MB of texts: a look at them would show in the pages read.
    @Test func `only ids are read`() throws {
        let bed = try bed(rows: 500)
        let connection = try Database.open(path: bed.path)
        let store = try SQLiteStore(connection: connection)
        let before = connection.pagesRead
        _ = try store.findLateInserts(from: nil, limit: 10) { true }
        // Each row's leaf, and outboxd_rows.
        #expect(connection.pagesRead - before < 500 + 100)
    }
}
