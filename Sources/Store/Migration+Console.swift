/// Step 7: what the operator's commands need.
///
/// - `outboxd_rows_finished`: finds what ended since a time, also through the view `outbox_status`. An index of
///   failed rows alone is never used there: the view's state is made of several tables, so that SQLite can't tell
///   that only failed rows are asked for.
/// - Mails that ended before there were lines (step 2) get theirs: `retry` may have them wait again.
/// - `outboxd_totals`: how many rows have ended how, and how many mails were saved; see ``TotalKey``. Kept in the
///   transactions that change them, so that `status` costs the same on any table.
/// - `outboxd_pace`: mails sent, by ten seconds; see ``Totals/paceStep``.
/// - `outboxd_combined`: open mails that may have more than one row: of all others that wait, mails are rows, and
///   counting them takes a look at an index.
/// - `outboxd_deeds`: what operators did, by whom and why; see ``Deed``. `row_id` NULL: a pause, its end, or
///   another deed about a helpdesk ('' is everything).
/// - `outboxd_pauses.who`, `why`: who has paused it.
/// - `outboxd_relay.tried_at`, `next_probe_at`: when it was last heard of, and is tried next. `probe_wanted_at`: an operator wants it
///   tried now.
enum ConsoleMigration {
    static let ddl =
        [
            "DROP INDEX outboxd_rows_failed",
            """
            CREATE INDEX outboxd_rows_finished ON outboxd_rows (finished_at)
            WHERE finished_at IS NOT NULL
            """,
            "CREATE TABLE outboxd_totals (key TEXT PRIMARY KEY, number INTEGER NOT NULL) STRICT, WITHOUT ROWID",
            "CREATE TABLE outboxd_pace (step INTEGER PRIMARY KEY, mails INTEGER NOT NULL) STRICT",
            """
            CREATE TABLE outboxd_deeds (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                row_id INTEGER,
                helpdesk_id TEXT,
                at INTEGER NOT NULL,
                what TEXT NOT NULL,
                who TEXT NOT NULL,
                why TEXT
            ) STRICT
            """,
            """
            INSERT INTO outboxd_lines (helpdesk_id)
            SELECT DISTINCT helpdesk_id FROM outboxd_mails WHERE line = 0 ON CONFLICT DO NOTHING
            """,
            """
            UPDATE outboxd_mails
            SET line = (SELECT l.id FROM outboxd_lines l WHERE l.helpdesk_id = outboxd_mails.helpdesk_id)
            WHERE line = 0
            """,
            "CREATE TABLE outboxd_combined (mail_id INTEGER PRIMARY KEY) STRICT",
            """
            INSERT INTO outboxd_combined (mail_id)
            SELECT m.id FROM outboxd_mails m JOIN outboxd_rows r ON r.mail_id = m.id
            WHERE m.phase < \(phase: .finished) GROUP BY m.id HAVING count(*) > 1
            """,
            "CREATE INDEX outboxd_deeds_row ON outboxd_deeds (row_id) WHERE row_id IS NOT NULL",
            "CREATE INDEX outboxd_deeds_helpdesk ON outboxd_deeds (helpdesk_id, at) WHERE row_id IS NULL",
            "ALTER TABLE outboxd_pauses ADD COLUMN who TEXT",
            "ALTER TABLE outboxd_pauses ADD COLUMN why TEXT",
            "ALTER TABLE outboxd_relay ADD COLUMN tried_at INTEGER",
            "ALTER TABLE outboxd_relay ADD COLUMN next_probe_at INTEGER",
            "ALTER TABLE outboxd_relay ADD COLUMN probe_wanted_at INTEGER",
        ] + TotalsRebuild.ddl
}
