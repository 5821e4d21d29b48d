import CSQLite
import Delivery
@testable import SQLite
import TestSupport
import Testing

@testable import Store

/// The API server's question what failed since a time (Contract.md, `outbox_status`) costs as much as has failed since then, however
/// large the table, and however much was sent since.
struct FailuresSinceTests {
    private static let question =
        "SELECT id, reason, last_error FROM outbox_status WHERE state = 'failed' AND finished_at > 1000"

    /// Rows that have ended: most were sent at 2,000, every tenth failed at 500, and the last three at 2,000.
    private func bed(rows: Int) throws -> SQLiteBed {
        let bed = try SQLiteBed()
        try bed.sqlite.connection.transaction {
            try bed.sqlite.connection.execute(
                """
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(rows))
                INSERT INTO outbox (id, helpdesk_id, conversation_id, message_id, recipient_email, body_text)
                SELECT i, 'h', 'c' || i, 'm' || i, 'u' || i || '@x.test', 't' FROM n;
                INSERT INTO outboxd_mails (id, helpdesk_id, conversation_id, recipient, audience, phase, due_at)
                SELECT id, 'h', 'c', recipient_email, 'visitor', 2, 1 FROM outbox;
                INSERT INTO outboxd_rows (id, mail_id, state, reason, due_at, finished_at)
                SELECT id, id, iif(id % 10 = 0 OR id > \(rows - 3), 4, 2), 'rejected', 1,
                    iif(id % 10 = 0 AND id <= \(rows - 3), 500, 2000) FROM outbox;
                """)
        }
        return bed
    }

    /// Of the question alone: the others were reset.
    private static func stepsOfAll(_ connection: Connection) -> Int {
        var statement = sqlite3_next_stmt(connection.handle, nil)
        while let current = statement {
            if let sql = sqlite3_sql(current), String(cString: sql) == question {
                return Int(sqlite3_stmt_status(current, SQLITE_STMTSTATUS_VM_STEP, 0))
            }
            statement = sqlite3_next_stmt(connection.handle, current)
        }
        return 0
    }

    @Test func `it finds the new failures by their time`() throws {
        let bed = try bed(rows: 1_000)
        #expect(try bed.api(Self.question) == ["998", "999", "1000"])
        let plan = try bed.server.plan(Self.question)
        #expect(
            plan.contains { $0.contains("outboxd_rows_ended (<expr>=? AND finished_at>?)") },
            "\(plan)")
        #expect(!plan.contains { $0.hasPrefix("SCAN o") || $0.contains("SCAN r") }, "\(plan)")
    }

    /// Where the ids are known the plan begins with them.
    @Test(arguments: [
        "SELECT state FROM outbox_status WHERE id = 7",
        """
        SELECT s.state FROM outbox_status s JOIN outbox o ON o.id = s.id
        WHERE o.helpdesk_id = 'h' AND o.message_id = 'm7'
        """,
        "SELECT state FROM outbox_status WHERE email_message_id = '<7@acme.test>'",
    ])
    func `one row is found without a look at the others`(question: String) throws {
        let bed = try bed(rows: 100)
        try bed.api("UPDATE outboxd_mails SET email_message_id = '<' || id || '@acme.test>'")
        let plan = try bed.server.plan(question)
        #expect(!plan.contains { $0.hasPrefix("SCAN o") || $0.hasPrefix("SCAN r") }, "\(plan)")
        #expect(try bed.api(question) == ["sent"])
    }

    @Test func `a table ten times as large costs the same`() throws {
        func steps(_ rows: Int) throws -> Int {
            let bed = try bed(rows: rows)
            let statement = try bed.sqlite.connection.statement(Self.question)
            _ = try statement.all { $0.int(0) }
            return Self.stepsOfAll(bed.sqlite.connection)
        }
        let (small, large) = (try steps(1_000), try steps(10_000))
        #expect(small > 0 && large <= small + 20, "\(small) and \(large)")
    }
}
