internal import Service
internal import Store

struct SchemaCommand: Command {
    static let spec = CommandSpec(
        name: "schema", summary: "print the DDL, for API servers that run their own migrations",
        discussion: """
            The tables that the API server writes come first, then outboxd's own, whose names begin \
            with outboxd_, and the view outbox_status. Applied to a new database, it is what \
            `outboxd migrate` makes.
            """)

    func run(_ context: CommandContext) throws -> ExitCode {
        try Terminal.print(Database.ddl)
        return .ok
    }
}
