internal import Delivery
internal import Service

/// Runs a ``StoringLoop`` on the thread that calls it: waits for signals, commits and time between its turns.
struct StoringDriver {
    let loop: StoringLoop
    /// ``HandOff/forStoring``.
    let signal: EventFD
    private var poller = Poller()

    init(_ loop: StoringLoop, signal: EventFD) {
        self.loop = loop
        self.signal = signal
    }

    /// Until the loop is asked to stop, or nothing is left to drain.
    mutating func run() throws -> EngineResult {
        try loop.begin()
        while true {
            switch try loop.turn() {
            case .end(let result): return result
            case .leaveLock(let time):
                poller.clear()
                poller.wait(min(time, LockShare.look))
            case .wait(let time):
                poller.clear()
                poller.add(signal.descriptor)
                if let commits = loop.watched { poller.add(commits) }
                poller.wait(time)
            }
        }
    }
}
