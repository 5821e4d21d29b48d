internal import Delivery
internal import Service
internal import Store

/// The database does not take what we write: since when, and when it is tried again.
struct StoreTrouble {
    var since: SteadyTime?
    var retryAt: SteadyTime?
    var failures = 0
    var told: String?
    private var recoveredAt: SteadyTime?

    /// Trouble that comes back so soon was not over: the waits go on where they were.
    private static let relapse: Duration = .seconds(60)

    /// - Parameter longest: the longest wait.
    mutating func note(at now: SteadyTime, longest: Duration) {
        if since == nil, let recoveredAt, now - recoveredAt > Self.relapse { failures = 0 }
        since = since ?? now
        failures += 1
        // 100 ms, doubling to 10 s.
        retryAt = now + min(longest, .seconds(10), .milliseconds(50) * (1 << min(failures, 8)))
    }

    mutating func isOver(at now: SteadyTime) {
        since = nil
        retryAt = nil
        told = nil
        recoveredAt = now
    }
}

extension StoringLoop {
    /// A round failed.
    ///
    /// What can't be recorded is not sent: nothing begins until it can be.
    /// - Throws: the error, where going on makes no sense.
    func struggled(_ error: any Error) throws {
        let now = clock.steadyNow()
        // A lease that runs out meanwhile would cost us what is under way.
        trouble.note(at: now, longest: settings.lease / 4)
        hasChanged = true
        // What the failed round wrote is not there, its lease among it.
        leaseUntil = SteadyTime(nanoseconds: 0)
        handOff.setRecordable(false)
        let text = "\(error)"
        if trouble.told != text {
            trouble.told = text
            observer(.storeTrouble(text))
        }
        let isFinal = error is JournalGone || error is StoreError
        if isFinal || mustEnd(at: now) || (mode.isDrain && trouble.failures > 5) { throw error }
    }

    /// The time for stopping is up.
    func mustEnd(at now: SteadyTime) -> Bool { handOff.stopBy.map { $0 <= now } ?? false }

    /// A round without an error may have had nothing to write: only a write says that it is over.
    func recovered() throws {
        guard trouble.since != nil else { return }
        try store.proveWritable()
        trouble.isOver(at: clock.steadyNow())
        handOff.setRecordable(true)
        observer(.storeRecovered)
    }
}
