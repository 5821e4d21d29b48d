internal import Delivery
internal import Engine
internal import Service
internal import Store

struct DrainCommand: Command {
    static let spec = CommandSpec(
        name: "drain", summary: "send what is due, show progress, and end",
        discussion: """
            Ends when nothing due is left: exit code 0; 75 when some mail is still to be retried, 69 \
            when the relay can't be reached. May run beside the daemon. It acts through an \
            operator's pause that stood when it began, and says so; a later one stops it (75). A \
            helpdesk that the API server has paused stays paused.

            With --smtp-url it goes through another relay, this once. The configured password does \
            not go there; --smtp-password-file gives another.
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
        let pausedAtStart = try sayHelpdesksPaused(try context.outbox(settings))
        let signals = try SignalWatch()
        let mode = RunMode(
            isDrain: true, ignoresHold: context.parsed.has("now"), limit: limit,
            waitsForDeferred: context.parsed.has("wait"),
            isOtherRelay: context.parsed.settings[.smtpURL] != nil)
        let tally = Tally(
            isInteractive: Terminal.showsProgress(context.environment))
        let log = EngineLog(log: context.log(settings))
        let engine = try Engine(engineSettings, mode: mode) { event in
            tally.note(event)
            if case .actsThroughPauses(let pauses) = event { Self.say(pauses) }
            if !tally.isInteractive { log.note(event) }
        }
        try engine.start()
        watch(engine, signals, tally, stopTimeout: settings.stopTimeout)
        tally.endProgress()
        try Terminal.print(tally.summary + "\n")
        let report = DrainReport(
            tally: tally, store: try context.outbox(settings), isOtherRelay: mode.isOtherRelay,
            pausedAtStart: pausedAtStart)
        return try report.exitCode(engine.result ?? .stopped)
    }

    /// - Returns: the helpdesks that the API server has paused.
    private func sayHelpdesksPaused(_ store: any OutboxOperator) throws -> Set<String> {
        let paused = try store.reader.pauses().filter { $0.author == .api }
        for pause in paused {
            let what = PauseText.subject(pause.helpdeskID)
            Terminal.complain("\(what) is paused by the API server; its mail waits")
        }
        return Set(paused.compactMap(\.helpdeskID))
    }

    /// The engine says which they are: one that is set while it starts must not be missed.
    private static func say(_ pauses: Set<String>) {
        for pause in pauses.sorted() {
            let what = PauseText.subject(pause.isEmpty ? nil : pause)
            Terminal.complain("\(what) is paused; this drain acts through the pause")
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
}
