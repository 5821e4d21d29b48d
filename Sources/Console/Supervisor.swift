internal import Delivery
internal import Engine
internal import SMTP
internal import Service
internal import Store

/// The main thread of `run`: signals, systemd, and the engine's beginning and end.
struct Supervisor {
    let settings: EngineSettings
    let log: Log
    let signals: SignalWatch
    let notifier: ServiceNotifier

    /// Longer without a sign of life from either thread, and systemd is not told that we live.
    private static let lifeSign: Duration = .seconds(20)

    /// - Returns: false if a signal came first.
    func waitForDatabase() throws -> Bool {
        var told = ""
        while true {
            do throws(StoreError) {
                _ = try SQLiteDatabase(path: settings.database).openReader()
                return true
            } catch {
                guard error.mayAppearLater else { throw error }
                let text = "waiting: \(error)"
                if text != told {
                    told = text
                    log.notice(text)
                    notifier.status(text)
                }
            }
            // systemd counts waiting as having started: the API server may need us to be up.
            if notifier.isActive { notifier.ready() }
            notifier.watchdog()
            if let signal = signals.next(timeout: .milliseconds(500)), signal != .hangup {
                return false
            }
        }
    }

    func run() throws -> ExitCode {
        let engineLog = EngineLog(log: log)
        let relay = settings.relay
        let notifier = notifier
        let engine = try Engine(settings) { event in
            engineLog.note(event)
            if case .relay(let status) = event { notifier.status(Self.text(of: status, relay)) }
        }
        try engine.start()
        log.notice(
            "outboxd runs",
            [
                "version": "\(Program.version)", "database": "\(settings.database)",
                "relay": "\(relay.host):\(relay.port)", "connections": .int(settings.connections),
                "hold": .duration(settings.hold.hold),
            ])
        notifier.ready(status: "sending to \(relay.host):\(relay.port)")
        watch(engine)
        guard let result = engine.result else { return .ok }
        return try end(result)
    }

    /// What `systemctl status` shows.
    private static func text(of status: RelayStatus, _ relay: ConnectionSettings) -> String {
        guard status.state == .down, let error = status.error else {
            return "sending to \(relay.host):\(relay.port)"
        }
        return "\(relay.host):\(relay.port) is in trouble (\(error.stage.rawValue)): \(error.text)"
    }

    /// Until the engine has ended.
    private func watch(_ engine: Engine) {
        var isStopping = false
        while engine.result == nil {
            let interval = min(notifier.watchdogInterval ?? .seconds(10), .seconds(10))
            switch signals.next(timeout: interval, or: engine.finished) {
            case .terminate, .interrupt:
                log.notice(
                    isStopping ? "stopping at once" : "stopping: finishing what is under way")
                notifier.stopping()
                engine.stop(timeout: isStopping ? .zero : settings.stopTimeout)
                isStopping = true
            case .hangup:
                log.notice("SIGHUP: settings are not read anew yet; restart to change them")
            case nil: break
            }
            if engine.isAlive(within: Self.lifeSign) { notifier.watchdog() }
        }
    }

    private func end(_ result: EngineResult) throws -> ExitCode {
        switch result {
        case .stopped, .drained, .relayDown, .relayRefuses, .paused:
            log.notice("outboxd has stopped")
            return .ok
        case .newerTables(let text):
            log.error("outboxd ends: \(text)")
            // Whoever starts us again starts the newer one.
            throw Failure(text, .tempFail)
        case .failed(let text):
            log.error("outboxd ends: \(text)")
            throw Failure(text, .ioError)
        }
    }
}
