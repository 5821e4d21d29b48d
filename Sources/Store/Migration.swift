internal import Delivery

/// One numbered step of outboxd's own tables.
///
/// A step that has been released is never changed: what comes later is a step of its own.
package struct Migration: Sendable {
    package let number: Int
    package let name: String
    package let ddl: [String]
    /// It takes as long as there are rows.
    var isLong = true

    /// The newest step that this binary knows.
    ///
    /// A database beyond it is refused.
    package static var newest: Int { all.last?.number ?? 0 }

    package static let all: [Migration] = [
        Migration(
            number: 1, name: "mails, rows and what outboxd remembers of them",
            ddl: Mails.ddl + Bookkeeping.ddl + [StatusView.ddl]),
        Migration(number: 2, name: "lines: what can't go is not in line", ddl: Lines.ddl),
        Migration(number: 3, name: "whose fault a refusal is", ddl: Blame.ddl),
        Migration(
            number: 4, name: "times move in slices when the clock or the hold was set",
            ddl: ClockMigration.ddl),
        Migration(
            number: 5, name: "the same reply is found in an index of outboxd's own",
            ddl: IdentityMigration.ddl),
        Migration(
            number: 6, name: "rows that are put off until a time of their own",
            ddl: PutOffMigration.ddl),
        Migration(
            number: 7, name: "totals, and what operators do", ddl: ConsoleMigration.ddl),
        Migration(
            number: 8, name: "failures are found by their time; where an attempt's time went",
            ddl: DelaysMigration.ddl + EndedMigration.ddl),
        Migration(
            number: 9, name: "rows of about the same time are neighbours in the index of replies",
            ddl: MessageAgeMigration.ddl),
        Migration(
            number: 10, name: "a first attempt that sends the mail stands with the mail",
            ddl: FirstAttemptMigration.ddl),
        Migration(
            number: 11, name: "a restored backup is noticed by its epoch", ddl: EpochMigration.ddl),
        Migration(
            number: 12, name: "how many mails stand in each line", ddl: LineMailsMigration.ddl),
        Migration(
            number: 13, name: "list passes over blocks of rows that have ended",
            ddl: BlocksMigration.ddl, isLong: false),
        Migration(
            number: 14,
            name: "up to which row the same reply is looked for as it was before step 9",
            ddl: FormerIdentities.ddl, isLong: false),
    ]
}

/// Mails and the rows in them: the open work, found through partial indexes alone, so that a table
/// full of finished work costs nothing. https://sqlite.org/partialindex.html
///
/// `outboxd_mails.phase`: 0 waiting, 1 sending, 2 finished. `wait`: why a waiting mail is not looked at
/// when its time comes, see ``Wait``. `outboxd_rows.state`: 0 open, then 2, 3, 4 as in `RowState`; an
/// open row is pending or sending as its mail is.
private enum Mails {
    static let ddl = [
        """
        CREATE TABLE outboxd_mails (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            helpdesk_id TEXT NOT NULL,
            conversation_id TEXT NOT NULL,
            recipient TEXT NOT NULL,
            audience TEXT NOT NULL,
            phase INTEGER NOT NULL DEFAULT 0,
            wait INTEGER NOT NULL DEFAULT 0,
            due_at INTEGER NOT NULL,
            attempts INTEGER NOT NULL DEFAULT 0,
            rescues INTEGER NOT NULL DEFAULT 0,
            probed_at INTEGER NOT NULL DEFAULT 0,
            copies INTEGER NOT NULL DEFAULT 0,
            owner INTEGER,
            token INTEGER,
            sender TEXT,
            email_message_id TEXT,
            composed_at INTEGER
        ) STRICT
        """,
        "CREATE INDEX outboxd_mails_due ON outboxd_mails (wait, due_at, id) WHERE phase = 0",
        "CREATE INDEX outboxd_mails_sending ON outboxd_mails (owner) WHERE phase = 1",
        """
        CREATE INDEX outboxd_mails_open ON outboxd_mails (recipient, conversation_id, helpdesk_id)
        WHERE phase < 2
        """,
        """
        CREATE INDEX outboxd_mails_message_id ON outboxd_mails (email_message_id)
        WHERE email_message_id IS NOT NULL
        """,
        """
        CREATE TABLE outboxd_rows (
            id INTEGER PRIMARY KEY,
            mail_id INTEGER NOT NULL,
            state INTEGER NOT NULL DEFAULT 0,
            reason TEXT,
            uncertain INTEGER NOT NULL DEFAULT 0,
            attempts INTEGER NOT NULL DEFAULT 0,
            due_at INTEGER NOT NULL,
            first_attempt_at INTEGER,
            relay_down_before INTEGER NOT NULL DEFAULT 0,
            sent_at INTEGER,
            finished_at INTEGER,
            error_stage TEXT,
            error_code INTEGER,
            error_enhanced TEXT,
            error_text TEXT
        ) STRICT
        """,
        "CREATE INDEX outboxd_rows_mail ON outboxd_rows (mail_id)",
        """
        CREATE TABLE outboxd_attempts (
            mail_id INTEGER NOT NULL,
            number INTEGER NOT NULL,
            at INTEGER NOT NULL,
            outcome TEXT NOT NULL,
            counted INTEGER NOT NULL,
            row_ids TEXT NOT NULL,
            relay TEXT,
            milliseconds INTEGER,
            stage TEXT,
            code INTEGER,
            enhanced TEXT,
            text TEXT,
            PRIMARY KEY (mail_id, number)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE outboxd_frozen (
            mail_id INTEGER PRIMARY KEY,
            envelope_sender TEXT NOT NULL,
            envelope_recipient TEXT NOT NULL,
            needs_smtputf8 INTEGER NOT NULL,
            message BLOB NOT NULL
        ) STRICT
        """,
    ]
}

/// What is not about one mail: processes, pauses, senders, the relay.
private enum Bookkeeping {
    static let ddl = [
        """
        CREATE TABLE outboxd_instances (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            slot_file TEXT NOT NULL,
            boot_id TEXT NOT NULL,
            process_id INTEGER NOT NULL,
            started_at INTEGER NOT NULL,
            lease_until INTEGER NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE outboxd_pauses (
            helpdesk_id TEXT PRIMARY KEY,
            paused_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE outboxd_senders (
            address TEXT PRIMARY KEY,
            blocked_at INTEGER,
            failures INTEGER NOT NULL DEFAULT 0,
            probe_at INTEGER,
            probe INTEGER,
            error_text TEXT
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE outboxd_strikes (
            address TEXT NOT NULL,
            number INTEGER NOT NULL,
            mail_id INTEGER NOT NULL,
            PRIMARY KEY (address, number)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE outboxd_relay (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            state TEXT NOT NULL,
            since INTEGER,
            down_milliseconds INTEGER NOT NULL DEFAULT 0,
            error_stage TEXT,
            error_code INTEGER,
            error_enhanced TEXT,
            error_text TEXT
        ) STRICT
        """,
        "INSERT INTO outboxd_relay (id, state) VALUES (1, 'unknown')",
        """
        CREATE TABLE outboxd_meta (
            key TEXT PRIMARY KEY,
            value TEXT NOT NULL
        ) STRICT, WITHOUT ROWID
        """,
    ]
}

/// `outbox_status` (Contract.md): what became of each row, for the API server.
///
/// `due_at` of a row that is not ingested yet is computed with the hold that the daemon last ran
/// with. `last_error` is put together by hand: SQLite 3.40 takes json_object in a view for unsafe
/// where schemas are not trusted (https://sqlite.org/pragma.html#pragma_trusted_schema). Error
/// texts hold no control characters, so that a backslash and a quote are all there is to escape.
/// The mails are joined as a subquery since SQLite 3.40 sees only then that a look-up by
/// `email_message_id` needs no outer join, and uses the index.
private enum StatusView {
    static let ddl = """
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
                WHEN m.wait = 2 THEN 'sender'
                WHEN m.due_at <= \(Schema.now)
                    AND (SELECT state FROM outboxd_relay WHERE id = 1) = 'down' THEN 'relay'
                WHEN m.attempts > 0 OR m.wait = 4 THEN 'deferred'
                ELSE 'hold'
            END AS reason,
            coalesce(r.uncertain, 0) AS uncertain,
            coalesce(r.attempts, 0) AS attempts,
            CASE
                WHEN r.state = 0 THEN m.due_at
                WHEN r.id IS NOT NULL THEN r.due_at
                WHEN o.instant <> 0 THEN o.created_at
                ELSE o.created_at + coalesce(
                    (SELECT CAST(value AS INTEGER) FROM outboxd_meta WHERE key = 'hold'), \(HoldPolicy.standard.inMilliseconds))
            END AS due_at,
            r.sent_at AS sent_at,
            m.email_message_id AS email_message_id,
            '{"stage":' || coalesce('"' || r.error_stage || '"', 'null')
                || ',"code":' || coalesce(r.error_code, 'null')
                || ',"enhanced":' || coalesce('"' || r.error_enhanced || '"', 'null')
                || ',"text":"' || replace(replace(r.error_text, '\\', '\\\\'), '"', '\\"')
                || '"}' AS last_error
        FROM outbox o
        LEFT JOIN outboxd_rows r ON r.id = o.id
        LEFT JOIN (
            SELECT id, phase, wait, due_at, attempts, email_message_id FROM outboxd_mails
        ) m ON m.id = r.mail_id
        """
}
