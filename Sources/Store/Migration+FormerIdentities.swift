/// Step 14: up to which id rows may have a former ``RowIdentity``, by the edition that ingested them.
///
/// To look for one reads another page of the index for each mail, one of thousands at random. So ingest looks only while
/// rows are left that were there before this step.
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
