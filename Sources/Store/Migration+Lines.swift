internal import Delivery

/// Step 2: each helpdesk's mails wait in a line of their own, which is parked as a whole.
///
/// Before, each mail of a paused helpdesk or a refused sender was marked by itself: 20,000 of them were
/// looked at one by one before another helpdesk's mail had its turn, and `resume` touched them all.
///
/// - `outboxd_lines`: one row for each helpdesk that ever had a mail; see ``Line``. `instant_due`,
///   `first_due`, `retry_due`: when the first mail of each class falls due, or earlier; NULL: none waits.
/// - `outboxd_mails.line`, `class`: where it waits, see ``TurnClass``. `troubles`: SQL statements about
///   it that failed in a row. `struck`: it was refused and returned when its sender or the relay was
///   blocked.
/// - `outboxd_rows.identity`: a hash of the row's `message_id`, to notice an id that was used twice.
/// - `outboxd_unread`: rows of `outbox` that could not be read.
/// - `outboxd_suppressing`: suppressions that are not in the API server's table yet.
enum Lines {
    static let ddl = tables + columns + fill + indexes + [dropView, view]

    private static let tables = [
        """
        CREATE TABLE outboxd_lines (
            id INTEGER PRIMARY KEY,
            helpdesk_id TEXT NOT NULL UNIQUE,
            parked INTEGER NOT NULL DEFAULT 0,
            sender TEXT,
            turn INTEGER NOT NULL DEFAULT 0,
            instant_due INTEGER,
            first_due INTEGER,
            retry_due INTEGER,
            troubles INTEGER NOT NULL DEFAULT 0,
            retry_at INTEGER,
            error_text TEXT
        ) STRICT
        """,
        """
        CREATE TABLE outboxd_unread (
            id INTEGER PRIMARY KEY,
            troubles INTEGER NOT NULL DEFAULT 0,
            retry_at INTEGER NOT NULL,
            error_text TEXT
        ) STRICT
        """,
        """
        CREATE TABLE outboxd_suppressing (
            helpdesk_id TEXT NOT NULL,
            address TEXT NOT NULL,
            reason TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL,
            troubles INTEGER NOT NULL DEFAULT 0,
            retry_at INTEGER NOT NULL,
            error_text TEXT,
            PRIMARY KEY (helpdesk_id, address)
        ) STRICT, WITHOUT ROWID
        """,
    ]

    private static let columns = [
        "ALTER TABLE outboxd_mails ADD COLUMN line INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE outboxd_mails ADD COLUMN class INTEGER NOT NULL DEFAULT 1",
        "ALTER TABLE outboxd_mails ADD COLUMN troubles INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE outboxd_mails ADD COLUMN struck INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE outboxd_rows ADD COLUMN identity INTEGER",
    ]

    /// Mails that waited for a pause or a sender go back in line; their lines are parked as they come up.
    private static let fill = [
        """
        INSERT INTO outboxd_lines (helpdesk_id)
        SELECT DISTINCT helpdesk_id FROM outboxd_mails WHERE phase < 2
        """,
        """
        UPDATE outboxd_mails SET wait = iif(wait IN (1, 2), 0, wait),
            line = (SELECT l.id FROM outboxd_lines l WHERE l.helpdesk_id = outboxd_mails.helpdesk_id),
            class = CASE WHEN attempts > 0 THEN 2
                WHEN EXISTS (
                    SELECT 1 FROM outboxd_rows r JOIN outbox o ON o.id = r.id
                    WHERE r.mail_id = outboxd_mails.id AND r.state = 0 AND o.instant <> 0) THEN 0
                ELSE 1 END
        WHERE phase < 2
        """,
    ]

    private static let indexes = [
        "DROP INDEX outboxd_mails_due",
        """
        CREATE INDEX outboxd_mails_due ON outboxd_mails (line, class, due_at, id)
        WHERE phase = 0 AND wait = 0
        """,
        "CREATE INDEX outboxd_mails_aside ON outboxd_mails (wait, id) WHERE phase = 0 AND wait > 0",
        "UPDATE outboxd_lines SET \(Line.dueTimesAnew)",
        """
        CREATE INDEX outboxd_lines_instant ON outboxd_lines (parked, turn, instant_due)
        WHERE instant_due IS NOT NULL
        """,
        """
        CREATE INDEX outboxd_lines_first ON outboxd_lines (parked, first_due)
        WHERE first_due IS NOT NULL
        """,
        """
        CREATE INDEX outboxd_lines_retry ON outboxd_lines (parked, retry_due)
        WHERE retry_due IS NOT NULL
        """,
        "CREATE INDEX outboxd_lines_parked ON outboxd_lines (parked, id) WHERE parked > 0",
        "CREATE INDEX outboxd_lines_sender ON outboxd_lines (sender, turn) WHERE sender IS NOT NULL",
        "CREATE INDEX outboxd_mails_troubles ON outboxd_mails (id) WHERE troubles > 0",
        "CREATE INDEX outboxd_rows_failed ON outboxd_rows (finished_at) WHERE state = 4",
    ]

    private static let dropView = "DROP VIEW outbox_status"

    /// `outbox_status` (Contract.md), as in step 1 but for: why a row waits is read from its
    /// helpdesk's line, `queued` stands beside `hold`, and `finished_at` is new.
    ///
    /// The numbers are ``Wait``'s and ``Line/Park``'s. A query for failed rows since a time uses
    /// `outboxd_rows_failed`: SQLite turns the outer join into an inner one, since NULL fails the
    /// comparison with `finished_at`.
    private static let view = """
        CREATE VIEW outbox_status AS
        SELECT
            o.id AS id,
            CASE
                WHEN r.id IS NULL THEN 'pending'
                WHEN r.state = 2 THEN 'sent'
                WHEN r.state = 3 THEN 'skipped'
                WHEN r.state = 4 THEN 'failed'
                WHEN m.phase = 1 THEN 'sending'
                ELSE 'pending'
            END AS state,
            CASE
                WHEN r.state > 0 THEN r.reason
                WHEN m.phase = 1 THEN NULL
                WHEN m.wait = 3 THEN 'uncertain'
                WHEN EXISTS (
                    SELECT 1 FROM outboxd_pauses p WHERE p.helpdesk_id IN ('', o.helpdesk_id)
                ) OR EXISTS (
                    SELECT 1 FROM helpdesks h WHERE h.id = o.helpdesk_id AND h.paused <> 0
                ) THEN 'paused'
                WHEN r.id IS NULL THEN CASE
                    WHEN EXISTS (SELECT 1 FROM outboxd_unread u WHERE u.id = o.id) THEN 'deferred'
                    WHEN o.created_at + iif(o.instant <> 0, 0, \(hold)) <= \(Schema.now)
                        THEN 'queued'
                    ELSE 'hold' END
                WHEN m.due_at <= \(Schema.now) AND m.parked = 2 THEN 'sender'
                WHEN m.due_at <= \(Schema.now)
                    AND (SELECT state FROM outboxd_relay WHERE id = 1) = 'down' THEN 'relay'
                WHEN m.attempts > 0 OR m.wait = 4 OR m.troubles > 0 THEN 'deferred'
                WHEN m.due_at > \(Schema.now) THEN 'hold'
                WHEN m.parked = 4 THEN 'deferred'
                ELSE 'queued'
            END AS reason,
            coalesce(r.uncertain, 0) AS uncertain,
            coalesce(r.attempts, 0) AS attempts,
            CASE
                WHEN r.state = 0 THEN m.due_at
                WHEN r.id IS NOT NULL THEN r.due_at
                WHEN o.instant <> 0 THEN o.created_at
                ELSE o.created_at + \(hold)
            END AS due_at,
            r.sent_at AS sent_at,
            r.finished_at AS finished_at,
            m.email_message_id AS email_message_id,
            '{"stage":' || coalesce('"' || r.error_stage || '"', 'null')
                || ',"code":' || coalesce(r.error_code, 'null')
                || ',"enhanced":' || coalesce('"' || r.error_enhanced || '"', 'null')
                || ',"text":"' || replace(replace(r.error_text, '\\', '\\\\'), '"', '\\"')
                || '"}' AS last_error
        FROM outbox o
        LEFT JOIN outboxd_rows r ON r.id = o.id
        LEFT JOIN (
            SELECT m.id, m.phase, m.wait, m.due_at, m.attempts, m.troubles, m.email_message_id,
                (SELECT l.parked FROM outboxd_lines l WHERE l.id = m.line) AS parked
            FROM outboxd_mails m
        ) m ON m.id = r.mail_id
        """

    /// The hold that the daemon last ran with, in milliseconds.
    private static let hold = """
        coalesce((SELECT CAST(value AS INTEGER) FROM outboxd_meta WHERE key = 'hold'), \(HoldPolicy.standard.inMilliseconds))
        """
}
