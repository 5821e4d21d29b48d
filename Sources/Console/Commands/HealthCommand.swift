internal import Delivery
internal import Engine
internal import SQLite
internal import Service
internal import Store

struct HealthCommand: Command {
    static let spec = CommandSpec(
        name: "health", summary: "0 while mail moves or none is due, else 1 and the cause",
        discussion: """
            For whatever watches a service: one line, and exit code 0 while mail moves or none is due. \
            Else 1, for one of these causes: the database was restored from an older state and everything is \
            held, everything is paused, no outboxd runs, the relay is down, \
            it has accepted none of the mails under way for 30 s, a mail is due for 5 min and none is \
            taken up, or the database can't be read, lacks a table or has a full disk. A pause is no \
            ill health as long as no mail waits for it; one helpdesk that is paused, or whose sender \
            the relay refuses, is not either. Reads the database alone, and costs the same whatever it \
            holds.

            With --live, exit code 1 only for what starting outboxd anew may mend: no outboxd runs though mail \
            is due, or none takes it up. This is what a liveness probe wants: a relay that is down is no reason \
            to start anything anew.

            With --json, an object: `healthy`, `cause` (null, "paused", "no_process", "relay", "silent", \
            "stuck", "restored" or "database"), `text`, `due_since`, `processes`.

            Example: outboxd health --database /var/lib/outboxd/outbox.db
            """,
        options: [
            .flag("json", "print an object"),
            .flag("live", "fail only for what starting outboxd anew may mend"),
        ],
        settings: [.database])

    func run(_ context: CommandContext) throws -> ExitCode {
        let database = try context.settings(only: [.database]).database
        var look = Self.look(database, at: context.now)
        if look.verdict.cause == .stuck {
            // Between two claims nothing is being sent for a moment.
            _ = Waiting.poll([], timeout: .seconds(1))
            look = Self.look(database, at: context.now)
        }
        try Terminal.print(
            context.parsed.has("json")
                ? look.json.text(expanding: 1) + "\n"
                : Escaping.printable(look.verdict.text, limit: 4_096) + "\n")
        guard let cause = look.verdict.cause else { return .ok }
        return context.parsed.has("live") && !cause.mayPassWithRestart ? .ok : .unhealthy
    }

    private static func look(_ database: String, at now: WallTime) -> Look {
        do {
            let health = try SQLiteDatabase(path: database).openReader().health(at: now)
            let live = LiveProcesses(onDatabase: database)
            let processes = live.mostCount
            let fullDisk = FileSystem.fullDisk(of: database, beside: live)
            return Look(
                verdict: fullDisk.map { HealthVerdict(databaseFault: $0) }
                    ?? HealthVerdict(health, processes: processes, now: now),
                dueSince: health.dueSince, processes: processes)
        } catch {
            let text = Failure(error).lines.joined(separator: "; ")
            return Look(verdict: HealthVerdict(databaseFault: text))
        }
    }

    private struct Look {
        var verdict: HealthVerdict
        var dueSince: WallTime?
        /// nil if the database can't be read.
        var processes: Int?

        var json: JSON {
            .object([
                "healthy": .bool(verdict.cause == nil), "cause": JSON(verdict.cause?.rawValue),
                "text": .string(verdict.text), "due_since": JSON(dueSince),
                "processes": JSON(processes),
            ])
        }
    }
}
