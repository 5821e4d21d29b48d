package import Delivery
package import SQLite

/// Rows that were sent long ago, one in each mail, as outboxd leaves them: quicker than sending them.
package enum FinishedRows {
    /// - Returns: the ids.
    @discardableResult
    package static func insert(
        _ count: Int, into connection: Connection, finishedAt: WallTime, octets: Int = 100
    ) throws -> ClosedRange<Int64> {
        func newest(_ table: String) throws -> Int64 {
            try connection.statement(
                "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = ?"
            )
            .bind(table).first { $0.int(0) } ?? 0
        }
        let (row, mail) = (try newest("outbox"), try newest("outboxd_mails"))
        let time = finishedAt.milliseconds
        let numbers =
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(count))"
        try connection.execute(
            """
            BEGIN IMMEDIATE;
            \(numbers)
            INSERT INTO outbox (id, helpdesk_id, conversation_id, message_id, recipient_email,
                body_text, created_at)
            SELECT \(row) + i, 'h1', 'old' || (\(row) + i), 'old' || (\(row) + i), 'ann@example.test',
                substr(printf('%.*c', \(octets), 'x'), 1), \(time) - 60000 FROM n;
            \(numbers)
            INSERT INTO outboxd_mails (id, helpdesk_id, conversation_id, recipient, audience, phase,
                due_at, attempts, sender, email_message_id, composed_at, sent_at, sent_relay,
                sent_milliseconds)
            SELECT \(mail) + i, 'h1', 'old' || (\(row) + i), 'ann@example.test', 'visitor', 2, \(time), 1,
                'support@acme.test', '<' || (\(mail) + i) || '.1@acme.test>', \(time), \(time), 'relay.test', 20
            FROM n;
            \(numbers)
            INSERT INTO outboxd_rows (id, mail_id, state, due_at, attempts, first_attempt_at, sent_at,
                finished_at, identity)
            SELECT \(row) + i, \(mail) + i, 2, \(time), 1, \(time), \(time), \(time) + i % 1000,
                \(row) + i FROM n;
            INSERT INTO outboxd_totals (key, number) VALUES ('sent', \(count))
            ON CONFLICT DO UPDATE SET number = number + \(count);
            COMMIT
            """)
        return row + 1...row + Int64(count)
    }
}
