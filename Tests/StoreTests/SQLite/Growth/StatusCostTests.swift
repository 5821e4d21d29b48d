import Delivery
import SQLite
import TestSupport
import Testing

@testable import Store

/// `status` costs the same beside any number of mails that wait: the plans of what it asks, and what SQLite counts.
struct StatusCostTests {
    /// How those of one line and class wait.
    enum Waiting: CaseIterable {
        case due, later
        /// The others are later, or due.
        case fewDue, fewLater
        /// Due ones wait for the relay, others for their time.
        case fewDueAgain

        func isDue(_ number: Int, of all: Int) -> Bool {
            switch self {
            case .due: true
            case .later: false
            case .fewDue, .fewDueAgain: number <= 1_000
            case .fewLater: number <= all - 1_000
            }
        }
    }

    private static let now = seconds(10_000)

    /// Few due times: those of an import are the same.
    private func bed(_ waiting: Waiting, _ mails: Int) throws -> SQLiteBed {
        let bed = try SQLiteBed()
        let due = (1...mails).filter { waiting.isDue($0, of: mails) }.count
        let now = Self.now.milliseconds
        try bed.server.execute(
            """
            INSERT INTO outboxd_lines (id, helpdesk_id) VALUES (1, 'h');
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(mails))
            INSERT INTO outboxd_mails (helpdesk_id, conversation_id, recipient, audience, due_at, line, class)
            SELECT 'h', i, 'ann', 'visitor', iif(i <= \(due), \(now) - i % 3, \(now) + 1 + i % 3), 1,
                \(waiting == .fewDueAgain ? 2 : 1) FROM n;
            UPDATE outboxd_lines SET \(Line.mailsAnew);
            UPDATE outboxd_lines SET \(Line.dueTimesAnew);
            UPDATE outboxd_relay SET state = '\(waiting == .fewDueAgain ? "down" : "up")'
            """)
        return bed
    }

    @Test(arguments: Waiting.allCases)
    func `status looks at no more mails because more wait`(waiting: Waiting) throws {
        var costs: [[StatementGrowth.Cost]] = []
        for mails in [25_000, 100_000] {
            let bed = try bed(waiting, mails)
            let reader = SQLiteReader(try Database.open(path: bed.path, readOnly: true))
            let counted = try reader.numbers(at: Self.now).waiting
            let due = (1...mails).filter { waiting.isDue($0, of: mails) }.count
            let isRetry = waiting == .fewDueAgain
            let expected: [WaitReason: Int] = [
                isRetry ? .relay : .queued: due, isRetry ? .deferred : .hold: mails - due,
            ]
            #expect(counted == expected.filter { $0.value > 0 })
            _ = try reader.mailsLeft(ignoringHold: false, at: Self.now)
            for cost in reader.connection.statementCosts {
                #expect(cost.instructions < 80_000, "\(cost)")
                for step in try bed.server.plan(cost.sql) where step.contains("outboxd_mails_due") {
                    #expect(step.contains(" outboxd_mails_due (line=? AND class=?"))
                }
            }
            costs.append(reader.connection.statementCosts.map(StatementGrowth.Cost.init))
        }
        for one in StatementGrowth.compare(costs[0], costs[1]) where one.isGrowth {
            Issue.record("\(Int(one.small)) instructions, then \(Int(one.large)): \(one.sql)")
        }
    }
}
