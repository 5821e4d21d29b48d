internal import SQLite

/// Reads single columns of one row of `outbox`, however long their values are.
///
/// The way for rows that a statement over many can't read (``SQLiteError/isTooBig``): a look-up for
/// each column, and the blob interface where even that fails.
struct OutboxColumns {
    let connection: Connection
    let id: Int64

    /// The first octets of a text; nil for NULL, or where the row is gone.
    func text(_ column: String, limit: Int) throws -> String? {
        do {
            return try value(column) { $0.optionalText(0, limit: limit) }
        } catch let error as SQLiteError where error.isTooBig {
            return try connection.textPrefix(
                of: column, in: "outbox", rowID: id, limit: limit)
        }
    }

    /// A number; 0 for what is none, and for a text too long to be one.
    func int(_ column: String) throws -> Int64 {
        do {
            return try value(column) { $0.int(0) } ?? 0
        } catch let error as SQLiteError where error.isTooBig {
            return 0
        }
    }

    func isNull(_ column: String) throws -> Bool {
        try value("\(column) IS NULL") { $0.bool(0) } ?? true
    }

    private func value<T>(_ expression: String, _ read: (Statement) -> T?) throws -> T? {
        try connection.statement("SELECT \(expression) FROM outbox WHERE id = ?").bind(id)
            .first(read) ?? nil
    }
}
