internal import Delivery
internal import Engine
internal import Service
internal import Store

/// A drain from the start of its engine to its exit code.
struct DrainRun {
    let engineSettings: EngineSettings
    let settings: Settings
    let mode: RunMode
    let reader: any OutboxReader
    /// Helpdesks that the API server has paused.
    let pausedAtStart: Set<String>
    let signals: SignalWatch

    func end(_ context: CommandContext) throws -> ExitCode {
        let tally = Tally(isOtherRelay: mode.isOtherRelay)
        let log = context.log(settings)
        defer { log.finish() }
        let engineLog = EngineLog(log: log)
        // A system call for each mail otherwise.
        let isInteractive = Terminal.isInteractive
        let engine = try Engine(engineSettings, mode: mode) { event in
            tally.note(event)
            if case .actsThroughPauses(let pauses) = event { DrainCommand.say(pauses) }
            if case .waitsForHold(let hold) = event { DrainCommand.say(hold) }
            if !isInteractive { engineLog.note(event) }
        }
        var screen = DrainScreen(
            DrainScreen.Kind(context.environment, settings.log.format, log), tally,
            limit: mode.limit, countLeft: countLeft)
        try engine.start()
        let isHungUp = watch(engine, &screen)
        let report = DrainReport(
            tally: tally, store: try context.outbox(settings), isOtherRelay: mode.isOtherRelay,
            pausedAtStart: pausedAtStart, rows: mode.rows)
        try printSummary(of: report, isHungUp: isHungUp)
        return try report.exitCode(engine.result ?? .stopped)
    }

    /// Asks the database; nil where the engine tells, or nobody can.
    private func countLeft() -> Int? {
        guard mode.rows == nil else { return nil }
        do {
            return try reader.mailsLeft(
                ignoringHold: mode.ignoresHold, at: SystemClock().wallNow())
        } catch {
            return nil  // Progress only: the engine meets the same, and says so.
        }
    }

    /// Until the engine has ended.
    ///
    /// - Returns: whether the terminal was closed meanwhile.
    private func watch(_ engine: Engine, _ screen: inout DrainScreen) -> Bool {
        var isStopping = false
        var isHungUp = false
        while engine.result == nil {
            if let signal = signals.next(timeout: .milliseconds(200), or: engine.finished) {
                engine.stop(timeout: isStopping ? .zero : settings.stopTimeout)
                if !isStopping {
                    screen.say(
                        "stopping: what is under way is finished, which takes \(TimeText.length(settings.stopTimeout)) "
                            + "at most; another signal stops at once")
                }
                isStopping = true
                isHungUp = isHungUp || signal == .hangup
            }
            screen.show(at: SystemClock().steadyNow())
        }
        screen.end(at: SystemClock().steadyNow())
        return isHungUp
    }

    /// Where the terminal was closed the exit code is all that anybody still waits for.
    private func printSummary(of report: DrainReport, isHungUp: Bool) throws {
        let text = summary(report)
        do {
            try Terminal.print(text)
        } catch {
            if !isHungUp { throw error }
        }
    }

    /// What was done, why not all of it, and what remains.
    private func summary(_ report: DrainReport) -> String {
        var lines = [report.tally.summary] + report.tally.causes.map { "  " + $0 }
        do {
            if let rest = try report.remainder().text { lines.append(rest) }
        } catch {
            lines.append("what remains can't be read: \(error)")
        }
        return lines.map { Escaping.printable($0, limit: 1_000) + "\n" }.joined()
    }
}

extension DrainScreen.Kind {
    init(_ environment: [String: String], _ format: LogFormat, _ log: Log) {
        if Terminal.isInteractive {
            self = Terminal.showsProgress(environment) ? .live : .dumb
        } else {
            self = format == .text ? .piped : .log(log)
        }
    }
}
