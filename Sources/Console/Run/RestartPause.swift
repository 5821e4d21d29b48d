internal import Delivery
internal import Service

/// The wait of a service that has ended again and again, before it tries once more.
struct RestartPause {
    let history: RestartHistory
    let log: Log
    let signals: SignalWatch
    let notifier: ServiceNotifier

    /// - Returns: false if a signal came first.
    func wait() -> Bool {
        let clock = SystemClock()
        let start = clock.steadyNow()
        let (ends, pause) = history.noteStart(at: start)
        guard pause > .zero else { return true }
        log.log(.restartPaused, ["pause": .duration(pause), "ends": .int(ends)])
        notifier.status(
            "waiting for \(TimeText.length(pause)) before it starts: it has ended \(ends) times, each "
                + "soon after its start")
        while true {
            let rest = pause - (clock.steadyNow() - start)
            guard rest > .zero else { return true }
            if let signal = signals.next(timeout: min(rest, .seconds(10))), signal != .hangup {
                return false
            }
            notifier.watchdog()
        }
    }
}
