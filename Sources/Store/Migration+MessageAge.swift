/// A step after which rows have another ``RowIdentity``: one that begins with the message's age.
///
/// Those that are there keep theirs, and are still found by it. The tables stay as they are, but a process of an
/// older binary, which would take the new rows for others, has to notice: that the schema changes.
enum MessageAgeMigration {
    static let ddl = [
        "CREATE TABLE outboxd_notice (step INTEGER) STRICT", "DROP TABLE outboxd_notice",
    ]
}
