internal import Delivery
internal import Service
internal import Store

struct MigrateCommand: Command {
    static let spec = CommandSpec(
        name: "migrate", summary: "make or upgrade the tables; safe to run again",
        discussion: """
            Makes the database file, the tables that the API server writes, and outboxd's own. A \
            table of the API server's that exists already is only checked for its columns.

            For example: `outboxd migrate --database /var/lib/helpdesk/outbox.db`
            """,
        settings: [.database])

    func run(_ context: CommandContext) throws -> ExitCode {
        let settings = try context.settings()
        let done = try Database.migrate(path: settings.database)
        for line in done { try Terminal.print(line + "\n") }
        if done.isEmpty { try Terminal.print("nothing to do: the tables are up to date\n") }
        return .ok
    }
}
