internal import Service
internal import Store

struct SchemaCommand: Command {
    static let spec = CommandSpec(
        name: "schema", summary: "print the DDL, for API servers that run their own migrations",
        discussion: """
            The tables that the API server writes come first, then outboxd's own, whose names begin \
            with outboxd_, and the view outbox_status. Applied to a new database, it is what \
            `outboxd migrate` makes.

            With --rebuild-outbox it reads the database instead, and prints the SQL that makes its \
            outbox one whose ids are never used again, with all rows, columns, indexes and \
            triggers. It changes nothing itself.

            For example: `outboxd schema | sqlite3 outbox.db`
            """,
        options: [
            .flag("rebuild-outbox", "print the SQL that gives this database's outbox AUTOINCREMENT")
        ],
        settings: [.database])

    func run(_ context: CommandContext) throws -> ExitCode {
        guard context.parsed.has("rebuild-outbox") else {
            try Terminal.print(Database.ddl)
            return .ok
        }
        do {
            try Terminal.print(Database.rebuildOfOutbox(path: context.settings().database))
        } catch OutboxRebuild.Refusal.notNeeded {
            try Terminal.print("-- \(OutboxRebuild.Refusal.notNeeded)\n")
        }
        return .ok
    }
}
