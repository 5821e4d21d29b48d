internal import Delivery
internal import Engine
internal import SMTP
internal import Service
internal import Store

/// The main thread of `run`: signals, systemd, and the engine's beginning and end.
struct Supervisor {
    let context: CommandContext
    let loaded: Settings.Loaded
    let settings: EngineSettings
    let log: Log
    let signals: SignalWatch
    let notifier: ServiceNotifier
    let monitoring: Monitoring

    /// Longer without a sign of life from either thread, beyond the poll interval, and systemd is not told that we
    /// live.
    private static let lifeSign: Duration = .seconds(20)

    /// - Parameter isOutdated: The settings are read again as soon as the engine runs.
    func run(isOutdated: Bool) throws -> ExitCode {
        let engineLog = EngineLog(log: log)
        let relay = settings.relay
        let notifier = notifier
        let engine = try Engine(settings) { event in
            engineLog.note(event)
            if case .relay(let status) = event { notifier.status(Self.text(of: status)) }
        }
        let reloader = try Reloader(context, loaded, engine: engine, log: log, notifier: notifier)
        try engine.start()
        monitoring.runs(engine)
        try reloader.start()
        defer { reloader.end() }
        log.log(
            .runs,
            [
                "version": "\(Program.version)", "database": "\(settings.database)",
                "relay": "\(relay.host):\(relay.port)", "connections": .int(settings.connections),
                "hold": .duration(settings.hold.hold),
            ])
        notifier.ready(status: "sending to \(relay.host):\(relay.port)")
        if isOutdated { reloader.ask() }
        watch(engine, reloader)
        guard let result = engine.result else { return .ok }
        return try end(result)
    }

    /// What `systemctl status` shows.
    private static func text(of status: RelayStatus) -> String {
        guard status.state == .down, let error = status.error else { return "the relay works" }
        return "the relay is in trouble (\(error.stage.rawValue)): \(error.text)"
    }

    /// Until the engine has ended.
    private func watch(_ engine: Engine, _ reloader: Reloader) {
        var isStopping = false
        var reporter = StatusReporter(database: settings.database, notifier: notifier)
        while engine.result == nil {
            let interval = min(notifier.watchdogInterval ?? .seconds(10), .seconds(10))
            switch signals.next(timeout: interval, or: engine.finished) {
            case .terminate, .interrupt:
                log.log(isStopping ? .stoppingAtOnce : .stopping)
                reloader.end()
                let stopTimeout = engine.settingsNow.stopTimeout
                // Whoever is killed behind a dot leaves an uncertain mail.
                notifier.stopping(within: stopTimeout + .seconds(5))
                monitoring.stops()
                engine.stop(timeout: isStopping ? .zero : stopTimeout)
                isStopping = true
            case .hangup where isStopping: log.log(.reloadTooLate)
            case .hangup: reloader.ask()
            case nil: break
            }
            log.tick()
            let patience = Self.lifeSign + engine.settingsNow.pollInterval
            if engine.isAlive(within: patience) { notifier.watchdog() }
            if !isStopping {
                let relay = engine.settingsNow.relay
                reporter.report(relayName: "\(relay.host):\(relay.port)")
            }
        }
    }

    private func end(_ result: EngineResult) throws -> ExitCode {
        switch result {
        case .stopped, .drained, .relayDown, .relayRefuses, .paused, .restored:
            log.log(.stopped)
            return .ok
        case .newerTables(let text):
            log.log(.outdated, ["error": "\(text)"])
            // Whoever starts us again starts the newer one.
            throw Failure(text, .tempFail)
        case .failed(let text):
            log.log(.failed, ["error": "\(text)"])
            throw Failure(text, .ioError)
        }
    }
}
