internal import Delivery
internal import Engine
internal import Service
internal import SQLite
internal import Store
internal import Synchronization

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
        settings: SettingKey.allCases.filter { $0 != .smtpURL })

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
        for helpdesk in paused.byOperator {
            Terminal.complain(
                helpdesk.isEmpty
                    ? "everything is paused; this drain acts through the pause"
                    : "helpdesk \(helpdesk) is paused; this drain acts through the pause")
        }
        for helpdesk in paused.byHelpdesk {
            Terminal.complain("helpdesk \(helpdesk) is paused by the API server; its mail waits")
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
            return try store.hasDeferred() || tally.uncertain > 0 ? .tempFail : .ok
        }
    }
}

/// What a drain has done so far.
final class Tally: Sendable {
    private struct Counts {
        var sent = 0
        var rows = 0
        var skipped = 0
        var deferred = 0
        var failed = 0
        var uncertain = 0
        var relayError: DeliveryError?
        var shown = ""
    }
    private let counts = Mutex(Counts())
    let isInteractive: Bool

    init(isInteractive: Bool) {
        self.isInteractive = isInteractive
    }

    func note(_ event: EngineEvent) {
        counts.withLock { counts in
            switch event {
            case .skipped: counts.skipped += 1
            case .failedRow: counts.failed += 1
            case .relay(let status): counts.relayError = status.error
            case .attempted(let attempt):
                switch attempt.outcome {
                case .sent:
                    counts.sent += 1
                    counts.rows += attempt.rows.count
                case .deferred: counts.deferred += 1
                case .failed: counts.failed += attempt.rows.count
                case .uncertain: counts.uncertain += 1
                case .returned: break
                }
            default: break
            }
        }
    }

    var uncertain: Int { counts.withLock(\.uncertain) }
    var relayError: DeliveryError? { counts.withLock(\.relayError) }

    var summary: String {
        counts.withLock { counts in
            "sent \(counts.sent) mails (\(counts.rows) rows), skipped \(counts.skipped), "
                + "deferred \(counts.deferred), failed \(counts.failed), uncertain \(counts.uncertain)"
        }
    }

    /// One line that is written over, on a terminal only.
    func showProgress() {
        guard isInteractive else { return }
        let text = summary
        let isNew = counts.withLock { counts in
            let before = counts.shown
            counts.shown = text
            return before != text
        }
        if isNew { Terminal.progress("\r\u{1B}[K" + text) }
    }

    func endProgress() {
        if isInteractive { Terminal.progress("\r\u{1B}[K") }
    }
}
