internal import Delivery
internal import Engine
internal import Service
internal import Store

/// The time until the database can be worked with: makes what is missing where that is ours to do
/// (`OUTBOXD_MIGRATE`), else waits for whose it is.
struct DatabaseWait {
    let path: String
    let policy: MigrationPolicy
    let log: Log
    let signals: SignalWatch
    let notifier: ServiceNotifier
    let monitoring: Monitoring
    /// SIGHUP: says what is wrong with the settings as they stand now.
    ///
    /// They count once the engine runs.
    let lookAtSettings: () -> Void

    enum Arrival: Equatable {
        /// A signal came first.
        case stopped
        /// - isOutdated: SIGHUP came meanwhile; what was read at the start may be of yesterday.
        case here(isOutdated: Bool)
    }

    /// - Throws: ``StoreError`` for what waiting does not mend.
    func untilUsable() throws -> Arrival {
        var told = ""
        var isOutdated = false
        while let error = try trouble() {
            guard error.mayAppearLater else { throw error }
            monitoring.waits("\(error)")
            let text = "\(error)"
            if text != told {
                told = text
                log.log(.waiting, ["error": "\(text)"])
                notifier.status("waiting: \(text)")
            }
            // systemd counts waiting as having started: the API server may need us to be up.
            if notifier.isActive { notifier.ready() }
            notifier.watchdog()
            switch signals.next(timeout: .milliseconds(500)) {
            case .terminate, .interrupt: return .stopped
            case .hangup:
                isOutdated = true
                notifier.reloading()
                lookAtSettings()
                notifier.ready()
            case nil: break
            }
        }
        return .here(isOutdated: isOutdated)
    }

    /// nil: it can be used.
    private func trouble() throws -> StoreError? {
        guard let error = look() else { return nil }
        guard policy == .auto, error.isForMigrate else { return error }
        do throws(StoreError) {
            let done = try Database.prepare(path: path) {
                LiveProcesses(onDatabase: path).unaware
            }
            guard let done else { return error }
            if !done.isEmpty {
                log.log(
                    .databaseMade,
                    ["database": "\(path)", "done": "\(done.joined(separator: "; "))"])
            }
        } catch {
            return error
        }
        return look()
    }

    private func look() -> StoreError? {
        do throws(StoreError) {
            _ = try SQLiteDatabase(path: path).openReader()
            return nil
        } catch {
            return error
        }
    }
}
