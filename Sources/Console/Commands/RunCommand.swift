internal import Delivery
internal import Engine
internal import Service
internal import Store

struct RunCommand: Command {
    static let spec = CommandSpec(
        name: "run", summary: "the daemon: sends what falls due until it is stopped",
        discussion: """
            Waits for the database and its tables if they are not there yet. SIGTERM or SIGINT: \
            finishes the mail under way and exits 0; a second one ends the wait for it.

            For example: `outboxd run --config /etc/outboxd/outboxd.env`
            """,
        settings: SettingKey.allCases)

    func run(_ context: CommandContext) throws -> ExitCode {
        let settings = try context.settings()
        let engineSettings = try EngineSettings(settings)
        let log = context.log(settings)
        let signals = try SignalWatch()
        let notifier = ServiceNotifier(environment: context.environment)
        let monitoring = try Monitoring(settings, log: log)
        try monitoring.start()
        defer { monitoring.end() }
        let supervisor = Supervisor(
            settings: engineSettings, log: log, signals: signals, notifier: notifier,
            monitoring: monitoring)
        guard try supervisor.waitForDatabase() else { return .ok }
        return try supervisor.run()
    }
}
