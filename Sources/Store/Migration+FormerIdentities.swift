/// Step 14: up to which id rows may have a former ``RowIdentity``, by the edition that ingested them.
///
/// A look for one is a page of its own for each mail, at random in an index of millions. So nobody looks in a database
/// that had no rows before this step, or none of them any more.
enum FormerIdentities {
    static let ddl = [
        "CREATE TABLE outboxd_former_identities (rows_to INTEGER NOT NULL) STRICT",
        """
        INSERT INTO outboxd_former_identities SELECT id FROM outboxd_rows ORDER BY id DESC LIMIT 1
        """,
    ]

    /// Whether such rows may still be there; one row, one column.
    static let areLeft = """
        SELECT EXISTS (SELECT 1 FROM outboxd_rows
            WHERE id <= (SELECT max(rows_to) FROM outboxd_former_identities))
        """
}
