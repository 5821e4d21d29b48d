/// What step 5 adds: a second row for the same reply is found by ``RowIdentity``, and no more in an index
/// over the API server's texts.
enum IdentityMigration {
    static let ddl = [
        """
        CREATE INDEX outboxd_rows_identity ON outboxd_rows (identity) WHERE identity IS NOT NULL
        """,
        "DROP INDEX IF EXISTS outboxd_replies",
    ]
}
