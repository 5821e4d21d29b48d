internal import Delivery
internal import Store

/// How long the storing thread waits, and for what.
extension StoringLoop {
    /// What tells of commits; nil while rounds come often enough without.
    var watched: Int32? {
        let now = clock.steadyNow()
        guard let watch, !ownCommits.areHectic(at: now), !watch.rests(at: now) else { return nil }
        return watch.descriptor
    }

    /// We have written to the database or its log.
    ///
    /// Where others commit, too, the hint of it may be theirs.
    func noteOwnWrite() {
        if !lockShare.isShared(at: clock.steadyNow()) { watch?.haveWritten() }
    }

    func timeout() -> Duration {
        let now = clock.steadyNow()
        return trouble.retryAt.map { pauseUntilRetry($0, now) } ?? timeout(now)
    }

    private func timeout(_ now: SteadyTime) -> Duration {
        let heldBack = heldBack(capacity)
        var agenda = StoringAgenda(
            pollInterval: settings.pollInterval,
            hasMoreRows: mayHaveMoreRows && heldBack == .zero || timekeeper.hasMore
                || picks?.isKnown == false,
            hasMoreToRecover: maintenance.hasMoreToRecover,
            claimPause: fruitless.pause(at: now), isHectic: ownCommits.areHectic(at: now))
        agenda.ingest = heldBack > .zero ? heldBack : nil
        agenda.due = dueTime().map { $0 - clock.wallNow() }
        agenda.newcomers = newcomersPause
        agenda.noting = hand.nextAt.map { $0 - now }
        agenda.look = watch?.nextLook(at: now).map { $0 - now }
        if handOff.stopBy == nil {
            let next = review.nextAt(isWanted: hasChanged, isDown: relay.isDown)
            agenda.review = next.map { $0 - now }
        }
        agenda.lateInserts = maintenance.lateInserts.nextAt.map { $0 - now }
        if settings.retention != nil, !mode.isDrain, handOff.stopBy == nil {
            agenda.pruning = pruning.nextAt - now
        }
        if hand.count > 0 { agenda.renewal = lease.renewal(after: now) }
        return agenda.timeout
    }

    /// nil if none is made to wait: when one falls due, a look at every wake-up finds it.
    private var newcomersPause: Duration? {
        let (demand, now) = (handOff.demand, clock.wallNow())
        guard demand.isDown, let end = demand.newcomers?.pauseEnds(after: now) else { return nil }
        return end - now
    }

    /// How long the loop waits while the database is in trouble: nothing else is worth a round then.
    private func pauseUntilRetry(_ retryAt: SteadyTime, _ now: SteadyTime) -> Duration {
        max(.milliseconds(5), min(retryAt, handOff.stopBy ?? retryAt) - now)
    }

    /// When something falls due that could be sent then.
    ///
    /// Without demand nothing could: the sending thread wakes us when that changes.
    func dueTime() -> WallTime? {
        guard trouble.since == nil else { return nil }
        let capacity = capacity
        guard capacity.mails > 0 else { return nil }
        if let picks { return picks.nextAt(clock.wallNow()) }
        do {
            let request = claimRequest(capacity)
            return [try store.nextDue(request), try store.nextSuppression()].compactMap { $0 }.min()
        } catch {
            // The next round finds the same, and says so.
            return clock.wallNow() + .milliseconds(10)
        }
    }
}
