import Delivery
import SQLite
import TestSupport
import Testing

@testable import Store

/// `list` costs the same beside any number of rows that wait or have ended: the plans of what it asks, and what SQLite
/// counts.
struct ListCostTests {
    private static let now = seconds(100_000)

    /// The newest rows were all skipped; below them is what waits (``LargeOutbox``), a quarter of it as it came, then
    /// mails of other helpdesks on hold alone, and in between those that are paused alone, and those that were put off.
    private func bed(_ thousands: Int) throws -> SQLiteBed {
        let bed = try SQLiteBed()
        let (finished, waiting) = (thousands * 1_000 * 3, thousands * 1_000 * 4)
        try LargeOutbox(finished: finished, waiting: waiting, helpdesks: 40, now: Self.now)
            .fill(bed.server)
        let quarter = waiting / 4
        func place(_ number: Int) -> ClosedRange<Int> {
            finished + number * quarter + 1...finished + (number + 1) * quarter
        }
        func between(_ ids: ClosedRange<Int>, _ column: String = "id") -> String {
            "\(column) BETWEEN \(ids.lowerBound) AND \(ids.upperBound)"
        }
        func move(_ ids: ClosedRange<Int>, to desk: Int, dueAt: Int64, attempts: Int) -> String {
            """
            UPDATE outbox SET helpdesk_id = 'desk-\(desk)' WHERE \(between(ids));
            UPDATE outboxd_mails SET helpdesk_id = 'desk-\(desk)', line = \(desk + 1), wait = 0,
                attempts = \(attempts), class = \(attempts == 0 ? 1 : 2), due_at = \(dueAt)
            WHERE \(between(ids));
            UPDATE outboxd_rows SET attempts = \(attempts) WHERE \(between(ids));
            """
        }
        let (past, later) = (Self.now.milliseconds - 1_000, Self.now.milliseconds + 9_000_000)
        try bed.server.execute(
            """
            \(move(place(0), to: 1, dueAt: past, attempts: 0))
            \(move(place(1), to: 3, dueAt: later, attempts: 1))
            \(move(place(2), to: 0, dueAt: later, attempts: 0))
            UPDATE outboxd_mails SET phase = 2, wait = 0 WHERE \(between(place(3)));
            UPDATE outboxd_rows SET state = 3, reason = 'read', finished_at = \(past)
            WHERE \(between(place(3)));
            UPDATE outboxd_lines SET \(Line.mailsAnew);
            UPDATE outboxd_lines SET \(Line.dueTimesAnew)
            """)
        while try !bed.sqlite.recordBlocks() {}
        return bed
    }

    /// Not those that no index and no block tells of: who it is to, in which conversation, and when it was created,
    /// beyond what is open.
    private static var filters: [OutboxView.Filter] {
        var filters = RowState.allCases.map { OutboxView.Filter(states: [$0]) }
        filters += OutboxView.Filter.knownReasons.map { OutboxView.Filter(reasons: [$0]) }
        filters += [
            .init(), .init(reasons: ["hold", "rejected"]), .init(states: [.pending, .sent]),
            .init(states: [.pending], recipient: "customer-77@example.test"),
        ]
        filters += ["desk-1", "desk-3", "desk-7", "nobody's"].map { .init(helpdeskID: $0) }
        return filters
    }

    /// Instructions, by the filter and the statement.
    private func costs(
        _ bed: SQLiteBed, _ filter: OutboxView.Filter
    ) throws -> (total: Int, statements: [Connection.StatementCost]) {
        let reader = SQLiteReader(try Database.open(path: bed.path, readOnly: true))
        let found = try reader.list(filter, limit: 50, at: Self.now)
        #expect(found.map(\.id) == found.map(\.id).sorted(by: >))
        let costs = reader.connection.statementCosts
        return (costs.map(\.instructions).reduce(0, +), costs)
    }

    @Test func `a list looks at no more rows because more wait, or have ended`() throws {
        let (few, many) = (try bed(15), try bed(60))
        for filter in Self.filters {
            let (small, _) = try costs(few, filter)
            let (large, statements) = try costs(many, filter)
            let name = (filter.states.map(\.name) + filter.reasons).joined(separator: ", ")
            let about = "\(name) \(filter.helpdeskID ?? ""): \(small), then \(large)"
            // As many rows as are few, or some blocks: ten to twenty instructions for each row.
            #expect(large < 250_000, "\(about)")
            // Those of a helpdesk are few in the one and many in the other.
            if filter.helpdeskID == nil {
                #expect(Double(large) < Double(small) * 1.5 + 60_000, "\(about)")
            }
            for one in statements {
                guard !one.sql.hasPrefix("EXPLAIN") else { continue }
                for step in try many.server.plan(one.sql) where step.hasPrefix("SCAN") {
                    #expect(Self.mayScan(step, one), "\(step) in \(one.sql)")
                }
            }
        }
    }

    /// What is small; and the rows themselves, from one id to another.
    private static func mayScan(_ step: String, _ cost: Connection.StatementCost) -> Bool {
        let small = [
            "json_each", "l", "helpdesks", "outboxd_pauses", "outboxd_relay", "outboxd_totals",
            "CONSTANT", "outboxd_blocks", "outboxd_meta",
        ]
        let table = step.split(separator: " ").dropFirst().first.map(String.init) ?? ""
        return small.contains(table) || cost.sql.contains("LIMIT") || cost.scanned < 20_000
    }
}
