internal import Crash
internal import SQLite

/// Applies the migrations to one connection, inside a transaction of the caller's.
struct Migrator {
    let connection: Connection

    static let table = """
        CREATE TABLE IF NOT EXISTS outboxd_migrations (
            number INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            applied_at INTEGER NOT NULL
        ) STRICT
        """

    static func mark(_ migration: Migration) -> String {
        let name = migration.name.replacing("'", with: "''")
        return """
            INSERT INTO outboxd_migrations (number, name, applied_at)
            VALUES (\(migration.number), '\(name)', \(Schema.now))
            """
    }

    /// - Parameters:
    ///   - unaware: asked before an upgrade, under the lock: how many processes would not notice it.
    ///   - countsAnew: The totals were wrong a moment ago.
    func run(unaware: () -> Int, countsAnew: Bool) throws -> [String] {
        if let found = try currentStep() {
            if found > Migration.newest { throw StoreError.tooNew(found: found) }
            let processes = found < Migration.newest ? unaware() : 0
            guard processes == 0 else { throw StoreError.inUse(processes: processes) }
        }
        var done: [String] = []
        for table in Schema.apiTables where try !exists(table) {
            try connection.execute(table.ddl)
            done.append("made the table \(table.name)")
        }
        CrashPoint.tablesMade.pass(if: !done.isEmpty)
        try connection.execute(Self.table)
        let current = try currentStep() ?? 0
        for migration in Migration.all where migration.number > current {
            for statement in migration.ddl { try connection.execute(statement) }
            try connection.execute(Self.mark(migration))
            CrashPoint.stepApplied.pass()
            done.append("applied step \(migration.number): \(migration.name)")
        }
        if current == Migration.newest, countsAnew, try TotalsRebuild.run(connection) {
            done.append("counted the rows that have ended anew")
        }
        return done
    }

    /// Whether the totals of tables of the newest step differ from the rows: a look at every row.
    func hasWrongTotals() throws -> Bool {
        try currentStep() == Migration.newest && TotalsRebuild.isWrong(connection)
    }

    /// The newest applied step; nil if outboxd has no tables here.
    func currentStep() throws -> Int? {
        guard try kind(of: "outboxd_migrations") != nil else { return nil }
        return try connection.statement("SELECT max(number) FROM outboxd_migrations")
            .first { $0.optionalInt(0).map(Int.init) } ?? nil
    }

    /// No `outbox` is there, or outboxd's own tables are.
    func isFreeToMigrate() throws -> Bool {
        try currentStep() != nil || kind(of: Schema.outbox.name) == nil
    }

    /// Whether the table is there, with every column that must be.
    func exists(_ table: APITable) throws -> Bool {
        guard let kind = try kind(of: table.name) else { return false }
        if kind == "view", !table.mayBeView { throw StoreError.outboxIsView }
        let present = try APIColumns.names(of: table.name, connection)
        let missing = table.columns.filter { !$0.isOptional && !present.contains($0.name) }
            .map(\.name)
        guard missing.isEmpty else {
            throw StoreError.missingColumns(table: table.name, columns: missing)
        }
        // The others may be views.
        if !table.mayBeView, try !connection.isAutoincrement("id", of: table.name) {
            throw StoreError.outboxReusesIDs
        }
        return true
    }

    private func kind(of name: String) throws -> String? {
        try connection.statement(
            """
            SELECT type FROM sqlite_master
            WHERE name = ? COLLATE NOCASE AND type IN ('table', 'view')
            """
        ).bind(name).first { $0.text(0) }
    }
}
