internal import Delivery
internal import Engine
internal import Service
internal import SQLite
internal import Store

struct DrainCommand: Command {
    static let spec = CommandSpec(
        name: "drain", summary: "send what is due, show progress, and end",
        discussion: """
            Ends when nothing due is left: exit code 0; 75 when some mail is still to be retried, 69 \
            when the relay can't be reached. May run beside the daemon. It acts through an \
            operator's pause and says so; a helpdesk that the API server has paused stays paused.
            """,
        options: [
            .flag("now", "do not wait for the hold"),
            .value("limit", "N", "send at most N mails"),
            .flag("wait", "stay until the deferred mails are through"),
        ],
        settings: SettingKey.allCases)

    func run(_ context: CommandContext) throws -> ExitCode {
        let limit = try context.count("limit")
        let settings = try context.settings()
        let engineSettings = try EngineSettings(settings)
        try sayPauses(try context.store(settings))
        let signals = try SignalWatch()
        let mode = RunMode(
            isDrain: true, ignoresHold: context.parsed.has("now"), limit: limit,
            waitsForDeferred: context.parsed.has("wait"))
        let tally = Tally(isInteractive: Terminal.isInteractive)
        let log = EngineLog(log: context.log(settings))
        let engine = try Engine(engineSettings, mode: mode) { event in
            tally.note(event)
            if !tally.isInteractive { log.note(event) }
        }
        try engine.start()
        watch(engine, signals, tally, stopTimeout: settings.stopTimeout)
        tally.endProgress()
        return try report(engine.result ?? .stopped, tally, try context.store(settings))
    }

    private func sayPauses(_ store: SQLiteStore) throws {
        let paused = try OutboxReader(store.connection).pauses()
        for pause in paused {
            let what = pause.helpdeskID.map { "helpdesk \($0)" } ?? "everything"
            switch pause.author {
            case .operator:
                Terminal.complain("\(what) is paused; this drain acts through the pause")
            case .api:
                Terminal.complain("\(what) is paused by the API server; its mail waits")
            }
        }
    }

    private func watch(
        _ engine: Engine, _ signals: SignalWatch, _ tally: Tally, stopTimeout: Duration
    ) {
        var isStopping = false
        while engine.result == nil {
            if let signal = signals.next(timeout: .milliseconds(200), or: engine.finished),
                signal != .hangup
            {
                engine.stop(timeout: isStopping ? .zero : stopTimeout)
                isStopping = true
            }
            tally.showProgress()
        }
    }

    private func report(
        _ result: EngineResult, _ tally: Tally, _ store: SQLiteStore
    ) throws -> ExitCode {
        try Terminal.print(tally.summary + "\n")
        switch result {
        case .failed(let text): throw Failure(text, .ioError)
        case .relayDown:
            let error = tally.relayError
            throw Failure(
                "the relay can't be used (\(error?.stage.rawValue ?? "connect")): "
                    + "\(error?.text ?? "no answer"); the mail waits, nothing is lost",
                .unavailable)
        case .stopped, .drained:
            return try store.hasDeferred(orForSender: true) || tally.uncertain > 0 ? .tempFail : .ok
        }
    }
}
