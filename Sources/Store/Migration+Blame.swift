/// What is held against senders and the relay, see `Suspicions`.
///
/// `outboxd_strikes.kind`, `outboxd_relay.refuses`: as `RefusalKind`.
enum Blame {
    static let ddl = [
        "DROP TABLE outboxd_strikes",
        """
        CREATE TABLE outboxd_strikes (
            number INTEGER PRIMARY KEY,
            address TEXT NOT NULL,
            kind INTEGER NOT NULL,
            mail_id INTEGER NOT NULL,
            relay_cleared INTEGER NOT NULL,
            UNIQUE (address, kind, mail_id)
        ) STRICT
        """,
        """
        CREATE INDEX outboxd_strikes_against_relay ON outboxd_strikes (number)
        WHERE relay_cleared = 0
        """,
        "ALTER TABLE outboxd_relay ADD COLUMN refuses INTEGER",
    ]
}
