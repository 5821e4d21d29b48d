internal import Delivery
internal import SQLite
internal import Service
internal import Store

/// Tells systemd how the service is, now and then, from the database: all processes' work, not this
/// one's alone.
struct StatusReporter {
    let database: String
    let notifier: ServiceNotifier
    /// It tells at most so often.
    private let interval: Duration
    private var next = SteadyTime(nanoseconds: 0)

    /// Of the time that a look takes, before the next: at most a hundredth goes into it.
    private static let rest = 100

    init(
        database: String, notifier: ServiceNotifier, interval: Duration = .seconds(10)
    ) {
        self.database = database
        self.notifier = notifier
        self.interval = interval
    }

    /// Does nothing outside of systemd, and before it is time.
    ///
    /// - Parameter relayName: `host:port`.
    mutating func report(relayName: String) {
        let clock = SystemClock()
        let start = clock.steadyNow()
        guard notifier.isActive, start >= next else { return }
        // A database that can't be read just now is the engine's to tell; what was said stands.
        if let text = try? text(relayName, at: clock.wallNow()) {
            // Even if nothing has changed: the relay's going up or down was told in other words.
            notifier.status(text)
        }
        let end = clock.steadyNow()
        next = end + max(interval, (end - start) * Self.rest)
    }

    private func text(_ relayName: String, at now: WallTime) throws -> String {
        let connection = try Database.open(path: database, readOnly: true)
        // The main thread must not wait: a signal may come.
        connection.whileBusy { $0 < .milliseconds(50) }
        let reader = SQLiteReader(connection)
        return ServiceStatus(
            relayName: relayName, relay: try reader.relay(), numbers: try reader.numbers(at: now),
            pauses: try reader.pauses(), isRestored: try reader.restoration() != nil, now: now
        ).text
    }
}
