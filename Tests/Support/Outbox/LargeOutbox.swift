package import Delivery
package import SQLite

/// What stands in the tables after a long time: rows that have ended, and others that wait.
///
/// | of those that wait | |
/// |---|---|
/// | a quarter | due since long ago, in helpdesks that are paused |
/// | a quarter | deferred: tried once, and again in an hour or so |
/// | the rest | new, on hold; a few stand behind another of their conversation |
///
/// Nothing of it may go, so that what a test adds is all that goes. Written with few statements and
/// straight into outboxd's own tables, some 10 µs a row; no text is longer than a line.
package struct LargeOutbox: Sendable {
    package var finished: Int
    package var waiting: Int
    /// Those that wait are spread over so many; one in four is paused.
    package var helpdesks: Int
    package var now: WallTime
    /// Octets of each row's text.
    package var body: Int

    package init(
        finished: Int, waiting: Int, helpdesks: Int = 200, now: WallTime, body: Int = 100
    ) {
        self.finished = finished
        self.waiting = waiting
        self.helpdesks = helpdesks
        self.now = now
        self.body = body
    }

    /// Into a database that is migrated and empty.
    package func fill(_ connection: Connection) throws {
        try connection.transaction {
            try connection.execute(numbers)
            try noteIdentities(connection)
            for statement in outbox + finishedMails + waitingMails + rest {
                try connection.execute(statement)
            }
            try connection.execute("DROP TABLE temp.numbers; DROP TABLE temp.identities")
        }
    }

    private var total: Int { finished + waiting }

    // MARK: Numbers

    /// `n` counts the rows from 1: first those that have ended, then those that wait.
    private var numbers: String {
        """
        CREATE TEMP TABLE numbers (
            n INTEGER PRIMARY KEY, helpdesk TEXT, recipient TEXT, created_at INTEGER);
        INSERT INTO numbers
        WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < \(total))
        SELECT n, 'desk-' || (n % \(helpdesks)), 'customer-' || (n % \(total / 2 + 1)) || '@example.test',
            \(now.milliseconds) - 86400000 - (\(total) - n) * 2592000000 / \(total) FROM counted;
        CREATE TEMP TABLE identities (n INTEGER PRIMARY KEY, identity INTEGER);
        """
    }

    /// As `RowIdentity` counted them up to step 8: else the search for late inserts takes each row for another.
    private func noteIdentities(_ connection: Connection) throws {
        let recipients = total / 2 + 1
        for n in 1...max(1, total) {
            var hash = FNV1a64()
            for text in [
                "desk-\(n % helpdesks)", "message-\(n)", "customer-\(n % recipients)@example.test",
            ] {
                hash.combine(text)
                hash.combine(0)
            }
            try connection.statement("INSERT INTO identities VALUES (?, ?)").bind(n)
                .bind(Int64(bitPattern: hash.value)).run()
        }
    }

    // MARK: Tables

    private var outbox: [String] {
        [
            """
            INSERT INTO helpdesks (id, name, from_address, paused)
            WITH RECURSIVE counted(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM counted WHERE n < \(helpdesks) - 1)
            SELECT 'desk-' || n, 'Desk ' || n, 'desk-' || n || '@acme.test', n % 4 = 1 FROM counted
            """,
            """
            INSERT INTO outbox (id, helpdesk_id, conversation_id, message_id, audience, recipient_email,
                body_text, created_at)
            SELECT n, helpdesk, 'conversation-' || n, 'message-' || n, 'visitor', recipient,
                substr('\(String(repeating: "The printer is on fire. ", count: body / 24 + 1))', 1, \(body)),
                created_at FROM numbers
            """,
        ]
    }

    /// Of a hundred 94 were sent, 3 read in time, 1 cancelled, 2 rejected.
    ///
    /// Each twentieth row shares the mail of the one before.
    private var finishedMails: [String] {
        let range = "n <= \(finished)"
        let state = "CASE WHEN n % 100 < 94 THEN 2 WHEN n % 100 < 98 THEN 3 ELSE 4 END"
        let isSent = "n % 100 < 94"
        let reason = """
            CASE WHEN n % 100 < 94 THEN NULL WHEN n % 100 < 97 THEN 'read' WHEN n % 100 < 98 THEN 'cancelled'
                ELSE 'rejected' END
            """
        return [
            """
            INSERT INTO outboxd_mails (id, helpdesk_id, conversation_id, recipient, audience, phase, due_at,
                attempts, line, sender, email_message_id, composed_at, sent_at, sent_relay,
                sent_milliseconds, sent_code, sent_text)
            SELECT n, helpdesk, 'conversation-' || n, recipient, 'visitor', 2, created_at + 60000,
                n % 100 < 94 OR n % 100 >= 98, n % \(helpdesks) + 1,
                helpdesk || '@acme.test', '<' || n || '@acme.test>', created_at + 60010,
                iif(\(isSent), created_at + 60050, NULL), iif(\(isSent), '127.0.0.1', NULL),
                iif(\(isSent), 12, NULL), iif(\(isSent), 250, NULL),
                iif(\(isSent), '2.0.0 Ok: queued', NULL)
            FROM numbers WHERE \(range) AND n % 20 <> 1
            """,
            """
            INSERT INTO outboxd_rows (id, mail_id, state, reason, attempts, due_at, first_attempt_at, sent_at,
                finished_at, error_stage, error_code, error_text, identity)
            SELECT n, iif(n % 20 = 1, max(2, n - 1), n), \(state), \(reason),
                n % 100 < 94 OR n % 100 >= 98, created_at + 60000, created_at + 60010,
                iif(n % 100 < 94, created_at + 60050, NULL), created_at + 60050,
                iif(n % 100 >= 98, 'rcpt', NULL), iif(n % 100 >= 98, 550, NULL),
                iif(n % 100 >= 98, 'no such user here', NULL), identity
            FROM numbers JOIN identities USING (n) WHERE \(range)
            """,
            """
            INSERT INTO outboxd_attempts (mail_id, number, at, outcome, counted, row_ids, relay, milliseconds,
                stage, code, text)
            SELECT n, 1, created_at + 60050, 'rejected', 1, '[' || n || ']', '127.0.0.1', 12, 'rcpt', 550,
                'no such user here'
            FROM numbers WHERE \(range) AND n % 20 <> 1 AND n % 100 >= 98
            """,
        ]
    }

    /// Every fourth row stands in a helpdesk that is paused, and another fourth is deferred.
    private var waitingMails: [String] {
        let range = "n > \(finished)"
        // An hour to two, those of one helpdesk at different times.
        let later = "\(now.milliseconds) + 3600000 + n % 3600 * 1000"
        let dueAt = "iif(n % 4 = 1, created_at + 60000, \(later))"
        let isBehind = "n % 100 = 98"
        return [
            """
            INSERT INTO outboxd_mails (id, helpdesk_id, conversation_id, recipient, audience, phase, wait,
                due_at, attempts, line, class)
            SELECT n, helpdesk, 'conversation-' || iif(\(isBehind), n + 1, n),
                iif(\(isBehind), (SELECT recipient FROM numbers b WHERE b.n = numbers.n + 1), recipient),
                'visitor', 0, iif(\(isBehind), 4, 0), \(dueAt), n % 4 = 3, n % \(helpdesks) + 1,
                iif(n % 4 = 3, 2, 1)
            FROM numbers WHERE \(range)
            """,
            """
            INSERT INTO outboxd_rows (id, mail_id, attempts, due_at, first_attempt_at, identity)
            SELECT n, n, n % 4 = 3, \(dueAt), iif(n % 4 = 3, \(now.milliseconds) - 60000, NULL), identity
            FROM numbers JOIN identities USING (n) WHERE \(range)
            """,
            """
            INSERT INTO outboxd_attempts (mail_id, number, at, outcome, counted, row_ids, relay, milliseconds,
                stage, code, text)
            SELECT n, 1, \(now.milliseconds) - 60000, 'deferred', 1, '[' || n || ']', '127.0.0.1', 12,
                'rcpt', 450, 'try again later'
            FROM numbers WHERE \(range) AND n % 4 = 3
            """,
        ]
    }

    private var rest: [String] {
        func look(_ result: String, _ turn: Int) -> String {
            """
            (SELECT \(result) FROM outboxd_mails m INDEXED BY outboxd_mails_due
                WHERE phase = 0 AND wait = 0 AND m.line = outboxd_lines.id AND class = \(turn))
            """
        }
        return [
            """
            INSERT INTO outboxd_lines (id, helpdesk_id, parked)
            WITH RECURSIVE counted(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM counted WHERE n < \(helpdesks) - 1)
            SELECT n + 1, 'desk-' || n, iif(n % 4 = 1, 3, 0) FROM counted
            """,
            """
            UPDATE outboxd_lines SET instant_due = \(look("min(due_at)", 0)),
                first_due = \(look("min(due_at)", 1)), first_mails = \(look("count(*)", 1)),
                retry_due = \(look("min(due_at)", 2)), retry_mails = \(look("count(*)", 2))
            """,
            """
            INSERT INTO outboxd_totals (key, number)
            SELECT CASE state WHEN 2 THEN 'sent' WHEN 3 THEN 'skipped:' || reason ELSE 'failed:' || reason END,
                count(*) FROM outboxd_rows WHERE state > 0 GROUP BY 1
            ON CONFLICT DO UPDATE SET number = excluded.number
            """,
        ]
    }
}
