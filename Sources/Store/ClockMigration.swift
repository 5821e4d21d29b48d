/// What step 4 adds: times that move when the clock or the hold was set, a thousand mails at a time.
enum ClockMigration {
    static let ddl = [
        "ALTER TABLE outboxd_mails ADD COLUMN shifted INTEGER NOT NULL DEFAULT 0",
        """
        CREATE TABLE outboxd_shifts (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            kind TEXT NOT NULL,
            moved_by INTEGER NOT NULL,
            noticed_at INTEGER NOT NULL DEFAULT 0,
            booted_at INTEGER NOT NULL DEFAULT 0,
            mails_before INTEGER NOT NULL DEFAULT 0,
            rows_before INTEGER NOT NULL DEFAULT 0,
            newest_in_outbox INTEGER NOT NULL DEFAULT 0,
            newest_mail INTEGER NOT NULL,
            newest_row INTEGER NOT NULL,
            position INTEGER
        ) STRICT
        """,
    ]
}
