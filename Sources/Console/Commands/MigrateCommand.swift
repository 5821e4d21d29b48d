internal import Delivery
internal import Engine
internal import Service
internal import Store

struct MigrateCommand: Command {
    static let spec = CommandSpec(
        name: "migrate", summary: "make or upgrade the tables; safe to run again",
        discussion: """
            Makes the database file, the tables that the API server writes, and outboxd's own. A \
            table of the API server's that exists already is only checked for its columns.

            An upgrade may run beside daemons: it is one transaction, a second or so for each million \
            rows and step, in which nobody else can write, and an older daemon that meets the new \
            tables finishes the mail under way and ends, exit code 75, so that whoever restarts it starts the new \
            one. Processes of the first editions do not notice: while one runs the upgrade is refused, exit code 75.

            For example: `outboxd migrate --database /var/lib/helpdesk/outbox.db`
            """,
        settings: [.database])

    /// Fewer take less than a moment.
    private static let manyRows = 100_000

    func run(_ context: CommandContext) throws -> ExitCode {
        let settings = try context.settings()
        if let rows = try Database.rowsToUpgrade(path: settings.database), rows > Self.manyRows {
            Terminal.complain(
                "upgrading the tables of \(counted(rows, "row")) takes a second or so for each million, "
                    + "in which nobody else can write")
        }
        let done = try Database.migrate(path: settings.database) {
            LiveProcesses(onDatabase: settings.database).unaware
        }
        for line in done { try Terminal.print(line + "\n") }
        if done.isEmpty { try Terminal.print("nothing to do: the tables are up to date\n") }
        return .ok
    }
}
