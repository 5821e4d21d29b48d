package import SQLite

/// The SQL that makes an `outbox` whose ids are never used again of one that is there, with its rows,
/// columns, constraints, indexes and triggers.
///
/// It is SQLite's procedure for changes that ALTER TABLE can't make.
/// https://sqlite.org/lang_altertable.html#otheralter
package struct OutboxRebuild {
    /// Why there is nothing to print.
    package enum Refusal: Error, Sendable, CustomStringConvertible {
        case noOutbox
        /// The ids are kept already.
        case notNeeded
        /// An id that is no integer can't become a rowid.
        case otherIDs
        case notUnderstood

        package var description: String {
            switch self {
            case .noOutbox: "there is no table outbox; `outboxd migrate` makes one"
            case .notNeeded: "the ids of outbox are never used again: there is nothing to rebuild"
            case .otherIDs:
                "there are ids in outbox that are no integers, and they can't be kept: make the table "
                    + "as `outboxd schema` shows it, and copy the rows without their ids"
            case .notUnderstood:
                "the definition of outbox could not be understood: make the table as `outboxd schema` "
                    + "shows it, and copy the rows"
            }
        }
    }

    private static let temporary = "outboxd_rebuilt_outbox"
    private let connection: Connection

    /// - Parameter connection: Need not be migrated.
    package init(_ connection: Connection) {
        self.connection = connection
    }

    package func sql() throws -> String {
        let found = try connection.statement(
            "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name = 'outbox' COLLATE NOCASE"
        ).first { (name: $0.text(0), sql: $0.text(1)) }
        guard let found else { throw Refusal.noOutbox }
        if try connection.isAutoincrement("id", of: "outbox") { throw Refusal.notNeeded }
        guard var table = TableText(found.sql) else { throw Refusal.notUnderstood }
        let hasOthers = try connection.statement(
            "SELECT 1 FROM outbox WHERE typeof(id) <> 'integer' LIMIT 1"
        ).first { _ in true }
        if hasOthers != nil { throw Refusal.otherIDs }
        table.keepIDs()
        let columns = try columns().joined(separator: ", ")
        let name = Self.quoted(found.name)
        let steps =
            [
                "PRAGMA foreign_keys = OFF", "PRAGMA legacy_alter_table = ON", "BEGIN IMMEDIATE",
                table.create(Self.temporary),
                "INSERT INTO \(Self.temporary) (\(columns)) SELECT \(columns) FROM \(name)",
                "DROP TABLE \(name)", "ALTER TABLE \(Self.temporary) RENAME TO \(name)",
            ] + (try dependents()) + (try sequence(found.name)) + [
                "PRAGMA foreign_key_check", "COMMIT", "PRAGMA legacy_alter_table = OFF",
            ]
        return Self.head + steps.map { $0 + ";\n" }.joined()
    }

    private static let head = """
        -- Makes outbox a table whose ids are never used again (AUTOINCREMENT), with all its rows.
        -- Stop the API server and outboxd, take a copy of the file, and apply this with
        --     sqlite3 -bail outbox.db < rebuild.sql
        -- https://sqlite.org/lang_altertable.html#otheralter

        """

    /// All that can be written: generated columns make themselves.
    private func columns() throws -> [String] {
        try connection.statement("SELECT name FROM pragma_table_xinfo('outbox') WHERE hidden = 0")
            .all { Self.quoted($0.text(0)) }
    }

    /// Indexes and triggers, which go with the old table; views only name it, and stay.
    private func dependents() throws -> [String] {
        try connection.statement(
            """
            SELECT sql FROM sqlite_master
            WHERE tbl_name = 'outbox' COLLATE NOCASE AND type IN ('index', 'trigger')
                AND sql IS NOT NULL
            ORDER BY type, name
            """
        ).all { $0.text(0) }
    }

    /// No id is given again that outboxd has ever seen, also where its row was deleted since.
    private func sequence(_ name: String) throws -> [String] {
        let text = "'" + name.replacing("'", with: "''") + "'"
        let hasRows =
            try connection.statement("SELECT 1 FROM sqlite_master WHERE name = 'outboxd_rows'")
            .first { _ in true } ?? false
        let seen = hasRows ? "SELECT coalesce(max(id), 0) FROM outboxd_rows" : "SELECT 0"
        return [
            """
            INSERT INTO sqlite_sequence (name, seq)
                SELECT \(text), 0
                WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = \(text))
            """,
            "UPDATE sqlite_sequence SET seq = max(seq, (\(seen))) WHERE name = \(text)",
        ]
    }

    private static func quoted(_ name: String) -> String {
        "\"" + name.replacing("\"", with: "\"\"") + "\""
    }
}
