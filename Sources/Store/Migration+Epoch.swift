internal import Delivery

/// Step 11: how far the database is, to tell a restored backup; see `KeptEpoch`.
///
/// `outboxd_epoch`, one row:
/// - `lineage`: drawn once, so that another database's file is not taken for this one's.
/// - `number`: counts transactions after which a copy of a mail may be at the relay.
/// - `is_noted`: a file beside the database was made, so that its absence says something.
/// - `held_since`: since when everything is held, since the database was restored; NULL: it is not. `sign`: what
///   showed it (`RestoreSign`). `last_sent_at`: when the last mail was sent of which the database knew then.
enum EpochMigration {
    static let ddl = [
        """
        CREATE TABLE outboxd_epoch (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            lineage INTEGER NOT NULL,
            number INTEGER NOT NULL DEFAULT 0,
            is_noted INTEGER NOT NULL DEFAULT 0,
            held_since INTEGER,
            sign TEXT,
            last_sent_at INTEGER
        ) STRICT
        """,
        first,
        "DROP VIEW outbox_status",
        PutOffMigration.view(state: "s.name", held: held, join: EndedMigration.join),
    ]

    static let first = "INSERT OR IGNORE INTO outboxd_epoch (id, lineage) VALUES (1, random())"

    private static let held = """
        WHEN (SELECT held_since FROM outboxd_epoch WHERE id = 1) IS NOT NULL
                    THEN \(word: WaitReason.restored)

        """ + String(repeating: " ", count: 16)
}
