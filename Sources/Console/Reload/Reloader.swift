internal import Delivery
internal import Engine
internal import SMTP
internal import Service
internal import Synchronization

/// Reads settings again while `run` goes on: all of them at SIGHUP, and the files that they name (a
/// password, certificates) when these hold something else.
///
/// It does so on a thread of its own: a file may lie where reading blocks, and neither delivery nor the
/// watchdog waits for that.
final class Reloader: Sendable {
    private struct State {
        let atStart: Settings.Loaded
        var standing: Settings.Loaded
        var isEnding = false
    }

    private let context: CommandContext
    private let engine: Engine
    private let log: Log
    private let notifier: ServiceNotifier
    private let state: Mutex<State>
    private let wake: EventFD
    private let asked: EventFD

    /// How often files are looked at.
    private static let pace: Duration = .seconds(2)
    /// How long a file must have been left alone before it is read.
    private static let settling: Duration = .milliseconds(200)

    init(
        _ context: CommandContext, _ loaded: Settings.Loaded, engine: Engine, log: Log,
        notifier: ServiceNotifier
    ) throws(SystemError) {
        self.context = context
        self.engine = engine
        self.log = log
        self.notifier = notifier
        state = Mutex(State(atStart: loaded, standing: loaded))
        wake = try EventFD()
        asked = try EventFD()
    }

    func start() throws(SystemError) {
        _ = try OSThread(name: "settings") { [self] in
            var files = state.withLock(\.standing.files)
            while waitForWork(&files) {}
        }
    }

    /// SIGHUP; several before one is served are one.
    func ask() {
        asked.signal()
        wake.signal()
    }

    /// Nothing is read any more.
    ///
    /// Does not wait: the thread may hang in a file that can't be read.
    func end() {
        state.withLock { $0.isEnding = true }
        wake.signal()
    }

    // MARK: The thread's

    /// - Returns: false at the end.
    private func waitForWork(_ files: inout FileWatch) -> Bool {
        if !wake.wait(timeout: files.isEmpty ? nil : Self.pace) {
            if hasChanged(&files) { followFiles(&files) }
            return true
        }
        wake.drain()
        if state.withLock(\.isEnding) { return false }
        guard asked.drain() else { return true }
        reload(&files)
        return true
    }

    private func hasChanged(_ files: inout FileWatch) -> Bool {
        while true {
            switch files.look() {
            case .nothing: return false
            case .changed: return true
            case .unsettled: if wake.wait(timeout: Self.settling) { return false }
            }
        }
    }

    private func reload(_ files: inout FileWatch) {
        notifier.reloading()
        let (standing, atStart) = state.withLock { ($0.standing, $0.atStart) }
        do {
            let next = try context.loadedSettings(after: atStart)
            let settings = try EngineSettings(next.settings)
            let hasOtherFiles = standing.files.hasChanged(to: next.files)
            files = next.files
            for warning in next.warnings { log.log(.settingsDoubtful, ["warning": "\(warning)"]) }
            take(next, settings, hasOtherFiles: hasOtherFiles)
        } catch {
            refuse(error)
        }
        // READY after STOPPING would say that it goes on.
        if !state.withLock(\.isEnding) { notifier.ready() }
    }

    /// The settings file may say something else by now, but nobody has asked for that.
    private func followFiles(_ files: inout FileWatch) {
        let standing = state.withLock(\.standing)
        do {
            let next = try context.withFilesOfNow(standing)
            let settings = try EngineSettings(next.settings)
            state.withLock { $0.standing = next }
            files = next.files
            engine.change(to: settings, hasOtherFiles: true)
            log.log(.filesChanged, ["files": .words(next.files.paths)])
        } catch {
            refuse(error)
        }
    }

    private func take(
        _ next: Settings.Loaded, _ settings: EngineSettings, hasOtherFiles: Bool
    ) {
        let (standing, atStart) = state.withLock { state in
            defer { state.standing = next }
            return (state.standing, state.atStart)
        }
        let counting = engine.change(to: settings, hasOtherFiles: hasOtherFiles)
        log.use(next.settings.log)
        if next.settings.relay.address != standing.settings.relay.address {
            notifier.status("sending to \(settings.relay.host):\(settings.relay.port)")
        }
        let report = SettingsReload(
            to: next, from: standing, atStart: atStart, mostConnections: counting.connections)
        log.log(.settingsChanged, ["changed": "\(SettingsReload.names(report.taken))"])
        if !report.waiting.isEmpty {
            log.log(.settingsNeedRestart, ["keys": "\(SettingsReload.names(report.waiting))"])
        }
    }

    private func refuse(_ error: any Error) {
        let faults = Failure(error).lines.joined(separator: "; ")
        log.log(.settingsRefused, ["error": "\(faults)"])
    }
}
