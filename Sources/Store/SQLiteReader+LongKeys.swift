internal import SQLite

extension SQLiteReader {
    /// The columns that mails are looked up by.
    private static let keys = [
        ("suppressions", ["helpdesk_id", "address"]),
        ("read_markers", ["helpdesk_id", "conversation_id", "reader_email"]),
        ("helpdesks", ["id"]),
    ]
    /// Rows looked at in each table, and how long.
    static let mostRows = 100_000
    private static let patience: Duration = .seconds(1)

    package func longKeys() throws -> [OutboxView.LongKeys] {
        try Self.keys.compactMap { table, columns in
            let keys = try longKeys(table, columns)
            return keys.count > 0 ? keys : nil
        }
    }

    /// Row by row, so that what was counted stands if the rest takes too long, or a value is longer than
    /// SQLite may read.
    ///
    /// `octet_length` would read no text, and needs SQLite 3.43.
    private func longKeys(_ table: String, _ columns: [String]) throws -> OutboxView.LongKeys {
        var found = OutboxView.LongKeys(table: table, count: 0, isMore: false)
        let lengths = columns.map { "length(CAST(\($0) AS BLOB))" }.joined(separator: ", ")
        let sql = "SELECT \(lengths) FROM \(table) LIMIT \(Self.mostRows)"
        var rows = 0
        do {
            try connection.withLimit(Self.patience) {
                let statement = try connection.statement(sql)
                defer { statement.reset() }
                while try statement.step() {
                    rows += 1
                    let isLong = columns.indices.contains {
                        statement.int(Int32($0)) > Int64(OutboxView.LongKeys.octets)
                    }
                    found.count += isLong ? 1 : 0
                }
            }
            found.isMore = rows == Self.mostRows
        } catch let error as SQLiteError where error.isTooBig {
            found.count += 1
            found.isMore = true
        } catch let error as SQLiteError where error.isAboutTheStatement {
            // A view that fails is told by what fails for it; one that is slow, by the daemon's log.
            found.isMore = true
        }
        return found
    }
}
