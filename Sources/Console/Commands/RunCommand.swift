internal import Delivery
internal import Engine
internal import Service
internal import Store

struct RunCommand: Command {
    static let spec = CommandSpec(
        name: "run", summary: "the daemon: sends what falls due until it is stopped",
        discussion: """
            Waits for the database and its tables if they are not there yet. SIGTERM or SIGINT: \
            finishes the mail under way and exits 0; a second one ends the wait for it. SIGHUP: reads \
            the settings again, without dropping a mail under way.

            For example: `outboxd run --config /etc/outboxd/outboxd.env`
            """,
        settings: SettingKey.allCases)

    func run(_ context: CommandContext) throws -> ExitCode {
        let loaded = try context.loadedSettings()
        for warning in loaded.warnings { Terminal.complain("warning: \(warning)") }
        let log = context.log(loaded.settings)
        defer { log.finish() }
        let signals = try SignalWatch()
        let notifier = ServiceNotifier(environment: context.environment)
        let supervisor = Supervisor(
            context: context, loaded: loaded, settings: try EngineSettings(loaded.settings),
            log: log,
            signals: signals, notifier: notifier)
        guard case .here(let isOutdated) = try supervisor.waitForDatabase() else { return .ok }
        return try supervisor.run(isOutdated: isOutdated)
    }
}
