import SQLite

/// A table whose rows are multiplied, with SQL for what stands in the columns of copy `k` of a
/// row `t`.
struct TableColumns {
    static let rows = "outbox"

    let name: String
    let columns: [String]

    /// Those that have a row for each row or mail; which there are depends on the schema.
    static func all(of connection: Connection) throws -> [TableColumns] {
        let names = [rows, "outboxd_mails", "outboxd_rows", "outboxd_attempts", "outboxd_combined"]
        return try names.compactMap { name in
            let columns = try connection.statement("SELECT name FROM pragma_table_info(?)")
                .bind(name).all { $0.text(0) }
            return columns.isEmpty ? nil : TableColumns(name: name, columns: columns)
        }
    }

    /// ?2 is by how much ids move from copy to copy.
    var copies: [String] { columns.map(copy) }

    private func copy(_ column: String) -> String {
        switch column {
        case "id", "mail_id", "row_id": "t.\(column) + k * ?2"
        case "row_ids": "'[' || (CAST(trim(t.row_ids, '[]') AS INTEGER) + k * ?2) || ']'"
        // As in the functions below.
        case "conversation_id", "message_id": "t.\(column) || '-' || k"
        case "recipient_email", "recipient": "'copy' || k || '-' || t.\(column)"
        case "identity":
            "(SELECT i.identity FROM temp.identities i WHERE i.id = t.id + k * ?2)"
        case "email_message_id": "'<' || k || '-' || substr(t.\(column), 2)"
        // Hashes: any other number will do.
        case "key", "hash": "t.\(column) + k * 2654435761"
        default: "t.\(column)"
        }
    }

    static func numbered(_ id: String, _ copy: Int) -> String { "\(id)-\(copy)" }
    static func recipient(_ address: String, _ copy: Int) -> String { "copy\(copy)-\(address)" }
}
