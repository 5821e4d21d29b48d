import Delivery
import SQLite
@testable import Store
import TestSupport
import Testing

/// Instant rows that come while a burst of another helpdesk is read.
struct OvertakingTests {
    /// 7,000 rows of helpdesk `a`, of which the first 2,000 are read; each batch reads 2,000 more.
    private func bed(before rows: [TestRow] = [], in bed: SQLiteBed? = nil) throws -> SQLiteBed {
        let bed = try bed ?? SQLiteBed()
        try Self.addBurst(bed, 6_500, "m")
        for row in rows { try bed.insert(row) }
        try Self.addBurst(bed, 500, "n")
        try bed.ingest(limit: 3)
        return bed
    }

    private static func addBurst(
        _ bed: SQLiteBed, _ count: Int, _ message: String, of helpdesk: String = "a"
    ) throws {
        try bed.api(
            """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(count))
            INSERT INTO outbox (helpdesk_id, conversation_id, message_id, recipient_email, body_text,
                created_at)
            SELECT '\(helpdesk)', '\(message)' || i, '\(message)' || i, 'p' || i || '@example.test', 'x',
                \(epoch.milliseconds)
            FROM n
            """)
    }

    private func row(
        _ message: String, of helpdesk: String = "b", in conversation: String = "c1",
        isInstant: Bool = true
    ) -> TestRow {
        TestRow(message).with {
            ($0.helpdesk, $0.conversation, $0.instant) = (helpdesk, conversation, isInstant)
        }
    }

    private func ingested(_ bed: SQLiteBed, of helpdesk: String = "b") throws -> [String] {
        try bed.api(
            """
            SELECT o.message_id FROM outboxd_rows r JOIN outbox o ON o.id = r.id
            WHERE o.helpdesk_id = '\(helpdesk)' ORDER BY o.id
            """)
    }

    @Test func `an instant row does not wait until the burst is read`() throws {
        let bed = try bed()
        #expect(try !bed.sqlite.hasNewInstantRow())
        try bed.insert(row("b1"))
        #expect(try bed.sqlite.hasNewInstantRow())
        #expect(try bed.sqlite.lookAhead { true })
        try bed.ingest(limit: 3)
        #expect(try ingested(bed) == ["b1"])
        #expect(try !bed.sqlite.hasNewInstantRow())
    }

    @Test func `a held row waits until the burst is read, or an instant one of its helpdesk comes`()
        throws
    {
        let bed = try bed()
        try bed.insert(row("b1", isInstant: false))
        #expect(try !bed.sqlite.hasNewInstantRow())
        try bed.ingest(limit: 3)
        #expect(try ingested(bed).isEmpty)
        try bed.insert(row("b2"))
        try bed.ingest(limit: 3)
        #expect(try ingested(bed) == ["b1", "b2"])
    }

    @Test func `a conversation's older rows within the burst go before its new one`() throws {
        let bed = try bed(before: [
            row("b1", isInstant: false), row("other", in: "c2", isInstant: false),
            row("b2", isInstant: false),
        ])
        try bed.insert(row("b3"))
        try bed.ingest(limit: 4)
        // One conversation at a time; the helpdesk's next one has its next turn.
        #expect(try ingested(bed) == ["b1", "b2", "b3"])
        try bed.insert(row("b4", isInstant: false))
        try bed.ingest(limit: 8)
        #expect(try ingested(bed) == ["b1", "other", "b2", "b3", "b4"])
    }

    @Test func `a helpdesk with too many rows unread waits until the burst is read`() throws {
        let few = Overtaking.mostUnread - 1
        for (count, overtakes) in [(few, true), (few + 1, false)] {
            let bed = try bed(before: (0..<count).map { row("b\($0)", isInstant: false) })
            try bed.insert(row("new"))
            try bed.ingest(limit: 4)
            #expect(try ingested(bed).isEmpty != overtakes)
            #expect(try !bed.sqlite.hasNewInstantRow())
        }
    }

    @Test func `a helpdesk with too many rows in all waits until the burst is read`() throws {
        for (count, overtakes) in [(Overtaking.mostRows, true), (Overtaking.mostRows + 1, false)] {
            let bed = try SQLiteBed()
            try Self.addBurst(bed, count - 1, "old", of: "b")
            while try bed.sqlite.hasNewRows() { try bed.ingest(limit: 20_000) }
            _ = try self.bed(in: bed)
            try bed.insert(row("new"))
            try bed.ingest(limit: 4)
            #expect(try ingested(bed).contains("new") == overtakes)
            #expect(try !bed.sqlite.hasNewInstantRow())
        }
    }

    @Test func `nothing is lost, and nothing taken twice`() throws {
        let bed = try bed(before: [row("b1", isInstant: false)])
        var rows = 3
        var step = 0
        while try bed.sqlite.hasNewRows() {
            step += 1
            if step < 14 {
                try bed.insert(row("new\(step)", of: "h\(step % 5)", in: "c\(step % 7)"))
                try bed.insert(
                    row("held\(step)", of: "h\(step % 6)", in: "c\(step % 3)", isInstant: false))
            }
            rows += try bed.ingest(limit: 200).rows
        }
        #expect(rows == 7_001 + 26)
        #expect(try bed.api("SELECT count(*) FROM outboxd_rows") == ["7027"])
    }

    @Test func `what overtook stays where a process ends before the burst is read`() throws {
        let bed = try bed()
        try bed.insert(row("b1"))
        try bed.ingest(limit: 3)
        let other = try bed.anotherSQLite()
        var taken = 0
        while try other.hasNewRows() {
            taken += try other.ingest(limit: 500, at: epoch, rules: .usual).rows
        }
        let known = try bed.api("SELECT count(*) FROM outboxd_rows")
        #expect(known == ["7001"] && taken < 7_001)
    }

    @Test func `what others have ingested is passed over once`() throws {
        let bed = try SQLiteBed()
        try Self.addBurst(bed, 3_000, "m")
        while try bed.sqlite.hasNewRows() { try bed.ingest(limit: 3_000) }
        try bed.api("INSERT INTO outboxd_meta (key, value) VALUES ('ingested_to', '0')")
        let other = try bed.anotherSQLite()
        #expect(try !other.hasNewRows())
        let first = other.connection.steps
        #expect(try !other.hasNewRows())
        #expect(first > 20 && other.connection.steps == first)
    }

    @Test func `a row that can't be read stops the overtaking, and nothing else`() throws {
        let bed = try bed()
        try bed.insert(row("b1"))
        try bed.insert(row("b2", in: "c2"))
        try bed.api(
            "UPDATE outbox SET helpdesk_id = printf('%.*c', 1000000, 'x') WHERE message_id = 'b1'")
        try bed.ingest(limit: 3)
        #expect(try ingested(bed).isEmpty)
        #expect(try !bed.sqlite.hasNewInstantRow())
        while try bed.sqlite.hasNewRows() { try bed.ingest(limit: 500) }
        #expect(try ingested(bed) == ["b2"])
        #expect(try bed.api("SELECT count(*) FROM outboxd_rows") == ["7002"])
    }

    // MARK: The queue alone

    private func queue(overtakenBy ids: [Int64]) -> IngestQueue {
        var queue = IngestQueue()
        queue.open(behind: 0, newest: 100)
        for id in ids { queue.overtake(id, helpdesk: "b", conversation: "c\(id)") }
        return queue
    }

    @Test func `what lies between rows that overtook is not taken for theirs`() {
        var queue = queue(overtakenBy: [101, 109])
        let (choice, count) = queue.next(10, limit: 10)
        guard case .these([101, 109]) = choice else {
            Issue.record("\(choice)")
            return
        }
        #expect(count == 2)
    }

    @Test func `a row that overtook is passed over when the reading comes to it`() {
        var queue = queue(overtakenBy: [101])
        queue.append(100, helpdesk: "b", conversation: "c100")
        queue.append(101, helpdesk: "b", conversation: "c101")
        queue.append(102, helpdesk: "b", conversation: "c102")
        #expect(queue.end == 102)
        #expect(queue.next(10, limit: 10).count == 3)
    }

    @Test func `nothing overtakes beyond a limit until the reading has come further`() {
        var queue = queue(overtakenBy: Array(101...20_100))
        #expect(queue.unseenFrom == nil)
        queue.append(101, helpdesk: "b", conversation: "c101")
        #expect(queue.unseenFrom == 101)
    }

    @Test func `so many helpdesks overtake, and no more`() {
        var queue = queue(overtakenBy: [])
        for number in 0..<999 { queue.overtaking.decide("h\(number)", takes: true) }
        #expect(queue.overtaking.takes("new") == nil)
        queue.overtaking.decide("new", takes: true)
        #expect(queue.overtaking.takes("newer") == false)
        #expect(queue.overtaking.takes("h0") == true)
    }
}
