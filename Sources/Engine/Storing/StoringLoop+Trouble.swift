internal import Delivery
internal import Service
internal import Store

/// A database that does not take what we write.
extension StoringLoop {
    /// A round failed.
    ///
    /// What can't be recorded is not sent: nothing begins until it can be.
    /// - Throws: the error, where going on makes no sense.
    func roundFailed(_ error: any Error) throws {
        let now = clock.steadyNow()
        let text = "\(error)"
        // A lease that runs out meanwhile would cost us what is under way.
        if trouble.failed(text, at: now, longest: settings.lease / 4) {
            observer(.storeTrouble(text))
        }
        hasChanged = true
        // What the failed round wrote is not there, its lease among it.
        lease.lost()
        handOff.setRecordable(false)
        let isFinal = error is JournalGone || error is StoreError
        if isFinal || isTimeUp(at: now) || (mode.isDrain && trouble.failures > 5) { throw error }
    }

    /// The time for stopping is up.
    func isTimeUp(at now: SteadyTime) -> Bool { handOff.stopBy.map { $0 <= now } ?? false }

    /// A round without an error may have had nothing to write: only a write says that it is over.
    func endTrouble() throws {
        guard trouble.since != nil else { return }
        try store.proveWritable()
        trouble.ended(at: clock.steadyNow())
        handOff.setRecordable(true)
        observer(.storeRecovered)
    }
}
