internal import Delivery
internal import Engine
internal import Service
internal import Store

struct RunCommand: Command {
    static let spec = CommandSpec(
        name: "run", summary: "the daemon: sends what falls due until it is stopped",
        discussion: """
            Makes its tables in a file that has no `outbox`, and the file; brings its own up to date. \
            With OUTBOXD_MIGRATE=never, or where an outbox stands without them, it waits and says for what. SIGTERM or SIGINT: \
            finishes the mail under way and exits 0; a second one ends the wait for it. SIGHUP: reads \
            the settings again, without dropping a mail under way.

            For example: `outboxd run --config outboxd.env`
            """,
        settings: SettingKey.allCases)

    func run(_ context: CommandContext) throws -> ExitCode {
        let notifier = ServiceNotifier(environment: context.environment)
        let history = RestartHistory(environment: context.environment)
        do {
            let code = try run(context, notifier, history)
            history?.forget()
            return code
        } catch {
            var failure = Failure(error)
            // `systemctl status` shows why, and the journal has it as an error.
            notifier.status(failure.lines.joined(separator: " | "))
            let isJSON = context.environment["OUTBOXD_LOG_FORMAT"] == LogFormat.json.rawValue
            let isJournal = Journal.isConnected(environment: context.environment)
            if isJSON || isJournal {
                let log = Log(level: .error, format: isJSON ? .json : .journal)
                for line in failure.lines { log.log(.cannotStart, ["error": "\(line)"]) }
                log.finish()
                failure.lines = []
            }
            throw failure
        }
    }

    private func run(
        _ context: CommandContext, _ notifier: ServiceNotifier, _ history: RestartHistory?
    ) throws -> ExitCode {
        let loaded = try context.loadedSettings()
        let settings = loaded.settings
        let engineSettings = try EngineSettings(settings)
        let log = context.log(settings)
        for warning in loaded.warnings {
            if settings.log.format == .text {
                Terminal.complain("warning: \(warning)")
            } else {
                log.log(.settingsDoubtful, ["warning": "\(warning)"])
            }
        }
        defer { log.finish() }
        let signals = try SignalWatch()
        if let history {
            let pause = RestartPause(
                history: history, log: log, signals: signals, notifier: notifier)
            guard pause.wait() else { return .ok }
        }
        let place = DatabasePlace(path: settings.database)
        try place.check()
        if let warning = place.warning { log.log(.databaseDoubtful, ["warning": "\(warning)"]) }
        let monitoring = try Monitoring(settings, log: log)
        try monitoring.start()
        defer { monitoring.end() }
        let wait = DatabaseWait(
            path: settings.database, policy: settings.migrate, log: log, signals: signals,
            notifier: notifier, monitoring: monitoring,
            lookAtSettings: { Self.look(context, loaded, log) })
        guard case .here(let isOutdated) = try wait.untilUsable() else { return .ok }
        return try Supervisor(
            context: context, loaded: loaded, settings: engineSettings, log: log,
            signals: signals, notifier: notifier, monitoring: monitoring
        ).run(isOutdated: isOutdated)
    }

    private static func look(_ context: CommandContext, _ loaded: Settings.Loaded, _ log: Log) {
        do {
            let next = try context.loadedSettings(after: loaded)
            guard next.settings.database != loaded.settings.database else { return }
            log.log(.settingsNeedRestart, ["keys": "\(SettingKey.database.name)"])
        } catch {
            let faults = Failure(error).lines.joined(separator: "; ")
            log.log(.settingsRefused, ["error": "\(faults)"])
        }
    }
}
