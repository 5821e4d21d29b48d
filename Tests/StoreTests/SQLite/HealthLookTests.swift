import Delivery
import SQLite
@testable import Store
import Testing

/// `health` "costs the same on any table".
struct HealthLookTests {
    /// Finished rows, a backlog in many lines, rows that are not taken in, rows that are put off.
    private func fill(_ bed: SQLiteBed, _ count: Int) throws {
        try bed.server.execute(
            """
            CREATE TEMP TABLE n (i INTEGER PRIMARY KEY);
            WITH RECURSIVE k(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM k WHERE i < \(count))
            INSERT INTO n SELECT i FROM k;
            INSERT INTO outbox (id, helpdesk_id, conversation_id, message_id, recipient_email, body_text)
            SELECT i, 'h' || i, 'c' || i, 'm' || i, 'ann@example.test', 'text' FROM n;
            INSERT INTO outboxd_lines (id, helpdesk_id, turn, instant_due, first_due, retry_due)
            SELECT i, 'h' || i, i, i, i, i FROM n;
            INSERT INTO outboxd_mails (id, helpdesk_id, conversation_id, recipient, audience, phase, due_at,
                line, owner, composed_at)
            SELECT i, 'h' || i, 'c' || i, 'ann@example.test', 'visitor', i % 3, i, i, 1, i FROM n;
            INSERT INTO outboxd_rows (id, mail_id, state, due_at)
            SELECT i, i, iif(i % 3 = 2, 2, 0), i FROM n;
            INSERT INTO outbox (id, helpdesk_id, conversation_id, message_id, recipient_email, body_text)
            SELECT i + \(count), 'h', 'd' || i, 'd' || i, 'ann@example.test', 'text' FROM n;
            INSERT INTO outboxd_unread (id, retry_at) SELECT i + \(count) * 2, i FROM n;
            """)
    }

    @Test func `it costs the same on any table`() throws {
        func steps(_ count: Int) throws -> Int {
            let bed = try SQLiteBed()
            try fill(bed, count)
            let connection = try Database.open(path: bed.path, readOnly: true)
            let reader = SQLiteReader(connection)
            // Opening reads the schema.
            _ = try reader.health(at: seconds(10))
            let before = connection.steps
            for _ in 1...20 { _ = try reader.health(at: seconds(10)) }
            return connection.steps - before
        }
        let (few, many) = (try steps(1_000), try steps(60_000))
        // Thousands of instructions for twenty times.
        #expect(few < 600 && many < few + few / 4 + 5, "\(few), \(many)")
    }

    @Test func `each look-up uses its index, and none reads a table`() throws {
        let bed = try SQLiteBed()
        try fill(bed, 10)
        let connection = try Database.open(path: bed.path, readOnly: true)
        _ = try SQLiteReader(connection).health(at: seconds(10))
        let plans = try statements(of: connection).filter { $0.hasPrefix("SELECT") }
            .map { ($0, try bed.server.plan($0)) }
        #expect(plans.count > 6)
        for (sql, steps) in plans {
            for step in steps where step.hasPrefix("SCAN") && !isOfTheSchema(step) {
                let isBounded = sql.contains("LIMIT \(SQLiteReader.mostLookedAt)")
                // What is scanned is what the LIMIT has left, or an index from its beginning.
                let isOfIt =
                    step.contains("USING") || step.contains("SUBQUERY")
                    || step.contains("(subquery")
                    || step == "SCAN o"
                #expect(isBounded && isOfIt || step.contains("outboxd_relay"), "\(step) in \(sql)")
            }
        }
        for index in [
            "lines_first", "lines_retry", "lines_instant", "unread_retry", "mails_sending",
        ] {
            #expect(
                plans.contains { $0.1.contains { $0.contains("outboxd_\(index)") } }, "\(index)")
        }
    }

    /// What is asked about the tables themselves, and `SELECT NULL`.
    private func isOfTheSchema(_ step: String) -> Bool {
        ["SCAN pragma_", "SCAN sqlite_", "SCAN CONSTANT"].contains(where: step.hasPrefix)
    }

    /// Without a daemon nobody notes what was cancelled.
    @Test(arguments: [0, 99, 300, 5_000])
    func `a row that is due is found behind cancelled ones`(cancelled: Int) throws {
        let bed = try SQLiteBed()
        try bed.server.execute(
            """
            WITH RECURSIVE k(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM k WHERE i <= \(cancelled))
            INSERT INTO outbox (helpdesk_id, conversation_id, message_id, recipient_email, body_text, created_at,
                cancelled_at)
            SELECT 'h', 'c' || i, 'm' || i, 'ann@example.test', 'text', \(epoch.milliseconds),
                iif(i <= \(cancelled), 1, NULL) FROM k;
            """)
        let reader = SQLiteReader(bed.sqlite.connection)
        #expect(try reader.health(at: seconds(61)).dueSince == seconds(60))
        try bed.api("UPDATE outbox SET cancelled_at = 1")
        #expect(try reader.health(at: seconds(61)).dueSince == nil)
    }
}
