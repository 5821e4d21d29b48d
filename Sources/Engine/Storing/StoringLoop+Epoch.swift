internal import Delivery
internal import Store

/// Whether the database was restored from an older state: asked at the start, and each second.
extension StoringLoop {
    /// What could not be written is tried again now and then: each time takes the write lock.
    private static let pause: Duration = .seconds(60)

    func settleEpoch(isRunning: Bool) throws {
        let news = try store.settleEpoch(isRunning: isRunning, at: clock.wallNow())
        maintenance.obstacle = nil
        if case .unwritable = news {
            maintenance.epoch.done(at: clock.steadyNow(), again: Self.pause)
            maintenance.obstacle = store.notedEpoch
        }
        let wasHeld = maintenance.epochTelling.isHeld
        if let event = maintenance.epochTelling.event(news) { observer(event) }
        // What is remembered of its rows, mails and lines is of another state, whoever noticed it first.
        if isRunning, !wasHeld, case .held = news { throw StoreError.restored }
        if case .held = news, mode.isDrain {
            progress.isHeldAsRestored = true
            handOff.stop(by: clock.steadyNow() + settings.stopTimeout)
        }
    }

    /// The number beside the database is gone, or greater than the database's; or what was held is released.
    func lookAtEpoch(at now: SteadyTime) throws {
        // What stood in its way has gone: until the file is there, a restored backup would not be noticed.
        let isFree = maintenance.obstacle.map { $0 != store.notedEpoch } ?? false
        guard isFree || maintenance.epoch.isDue(at: now) else { return }
        let hasNews =
            try maintenance.epochTelling.isHeld
            ? !store.isHeldAsRestored() : store.isEpochInDoubt()
        if hasNews { try settleEpoch(isRunning: true) }
    }
}
