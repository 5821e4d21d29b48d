internal import Delivery
internal import Engine
internal import Service
internal import Store

struct StatusCommand: Command {
    static let spec = CommandSpec(
        name: "status", summary: "what is wrong, what waits and why, the relay, the rate",
        discussion: """
            The first line says `healthy`, or the one thing that is wrong; what else is wrong stands below. \
            Reads the database and nothing else, so that it works beside a daemon and without one. \
            Exit code 0 whenever the database can be read, whatever it says: a health check; 74 \
            otherwise.

            With --json, `oldest_due_at` is the time since when the longest overdue of the pending \
            rows has been due, or null where none is due, and `paused` an array, empty where \
            nothing is paused, of {"helpdesk_id" (null: everything), "by" ("operator" or "api"), \
            "since", "who", "why"}. `restored` is null, or, where the database was restored from an older state \
            and everything is held, {"since" (null: no outboxd has noticed yet), "sign" ("newer", "foreign", \
            "missing" or "damaged": what the number beside the database is), "last_sent_at" (of the last mail that \
            the database knows of)}. The counts of what has ended are of all rows there ever were; `pruned` says how \
            many of them are deleted by now, and `kept` how many are old enough (OUTBOXD_RETENTION) and can't be, with \
            what SQLite says. `estimated` is true where more than 20,000 rows that no outboxd has taken in are counted by \
            a sample. `backlog_seconds` is how long what is due takes at the pace of the last five \
            minutes. `processes` has the number that live and, in `unreadable`, the notes of others \
            that this user may not read: {"path", "owner", "error"}. Times are milliseconds since the \
            Unix epoch.

            For example, in a shell prompt or a page: `outboxd status --json`
            """,
        options: [.flag("json", "print an object")],
        settings: [.database])

    func run(_ context: CommandContext) throws -> ExitCode {
        let settings = try context.settings(only: [.database])
        let reader = try context.reader(settings)
        let now = context.now
        let processes = LiveProcesses(onDatabase: settings.database)
        let report = StatusReport(
            now: now, database: settings.database,
            fullDisk: FileSystem.fullDisk(of: settings.database, beside: processes),
            numbers: try reader.numbers(at: now),
            relay: try reader.relay(), pauses: try reader.pauses(),
            restoration: try reader.restoration(),
            blockedSenders: try reader.blockedSenders(), faults: try reader.faults(),
            processes: processes)
        try Terminal.print(
            context.parsed.has("json")
                ? report.json.text(expanding: 1) + "\n"
                : report.text(Terminal.style(context.environment)))
        return .ok
    }
}
