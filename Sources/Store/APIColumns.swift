internal import SQLite

/// Which of the API server's optional columns are there, and the statements that read its rows.
///
/// A column that is absent is read as NULL. The API server may add one while outboxd runs: it is read from
/// the next transaction on.
final class APIColumns {
    private let connection: Connection
    /// `PRAGMA schema_version`, which changes with each change of a table.
    /// https://sqlite.org/pragma.html#pragma_schema_version
    private var version: Int64?
    private var absent: [String: Set<String>] = [:]
    /// Since it was last set to false.
    var hasChanged = true
    // Made once for a schema: they are asked for at every mail.
    private(set) var openRows = OpenRowSQL { $0 }
    private(set) var incomingRows = ""
    private(set) var incomingRowsWithTexts = ""
    private(set) var helpdesk = ""

    init(_ connection: Connection) throws {
        self.connection = connection
        try refresh()
    }

    /// Looks again if the schema has changed; 2 us.
    func refresh() throws {
        let found = try connection.statement("PRAGMA schema_version").first { $0.int(0) }
        guard found != version else { return }
        for table in Schema.apiTables {
            let present = try Self.names(of: table.name, connection)
            let optional = table.columns.filter(\.isOptional).map(\.name)
            absent[table.name] = Set(optional).subtracting(present)
        }
        openRows = OpenRowSQL { name in self.sql(name, of: Schema.outbox, "o") }
        incomingRows = IncomingRowSQL.select(withTexts: false) { name in
            self.sql(name, of: Schema.outbox, "o")
        }
        incomingRowsWithTexts = IncomingRowSQL.select(withTexts: true) { name in
            self.sql(name, of: Schema.outbox, "o")
        }
        helpdesk = HelpdeskRecord.select { name in self.sql(name, of: Schema.helpdesks) }
        version = found
        hasChanged = true
    }

    func has(_ column: String, of table: APITable) -> Bool {
        absent[table.name]?.contains(column) != true
    }

    /// The column, or NULL if the table lacks it.
    func sql(_ column: String, of table: APITable, _ alias: String? = nil) -> String {
        guard has(column, of: table) else { return "NULL" }
        return alias.map { "\($0).\(column)" } ?? column
    }

    /// Generated columns are columns too (hidden is 2 or 3 then), and case does not matter.
    static func names(of table: String, _ connection: Connection) throws -> Set<String> {
        Set(
            try connection.statement(
                "SELECT lower(name) FROM pragma_table_xinfo(?) WHERE hidden <> 1"
            ).bind(table).all { $0.text(0) })
    }
}
