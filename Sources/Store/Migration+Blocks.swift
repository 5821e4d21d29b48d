/// Step 13: `list` passes over rows that it does not look for by thousands.
///
/// `outboxd_blocks`: what stands in a block of rows, see ``BlockSummary``. Written by the upkeep some time after, and
/// deleted by whatever makes another row stand in it, or another state of one: a batch of mails on their way costs one
/// statement more. A block that is not there is looked through row by row.
enum BlocksMigration {
    static let ddl = [
        """
        CREATE TABLE outboxd_blocks (
            block INTEGER PRIMARY KEY,
            states TEXT NOT NULL,
            lines TEXT,
            has_tried INTEGER NOT NULL
        ) STRICT
        """
    ]
}
