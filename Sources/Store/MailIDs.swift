internal import SQLite

/// Hands out the ids of new mails within one transaction, which may hand one out long before it is used.
///
/// No id is given twice, also after its mail was removed. https://sqlite.org/autoinc.html
struct MailIDs {
    private var last: Int64?

    /// Another process may have handed out some since.
    mutating func transactionBegins() { last = nil }

    /// Called within a transaction that holds the write lock.
    mutating func next(_ connection: Connection) throws -> Int64 {
        let id = try (last ?? Self.newest(connection)) + 1
        last = id
        return id
    }

    private static func newest(_ connection: Connection) throws -> Int64 {
        try connection.statement(
            """
            SELECT max(coalesce((SELECT max(seq) FROM sqlite_sequence WHERE name = 'outboxd_mails'), 0),
                coalesce((SELECT max(id) FROM outboxd_mails), 0))
            """
        ).first { $0.int(0) } ?? 0
    }
}
