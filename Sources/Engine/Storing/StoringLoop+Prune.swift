internal import Delivery
internal import Service
internal import Store

/// `OUTBOXD_RETENTION`: rows that ended long ago are forgotten. A drain leaves them alone: it is to end.
extension StoringLoop {
    /// One step, if it is time for one and no mail waits for it.
    func pruneStep() throws {
        guard !mode.isDrain, handOff.stopBy == nil else { return }
        guard let retention = settings.retention else { return try forgetKept() }
        let now = clock.steadyNow()
        guard pruning.isDue(at: now) else { return }
        guard pruning.begin(besidesWork: hasUrgentWork, at: now) else { return }
        var lockedAt: SteadyTime?
        let step = try store.prune(
            endedBefore: retention.end(at: clock.wallNow()), from: pruning.place,
            limit: pruning.limit, patience: PruneSchedule.patience
        ) {
            let now = clock.steadyNow()
            let start = lockedAt ?? now
            lockedAt = start
            return now - start < PruneSchedule.budget
        }
        let done = clock.steadyNow()
        if let lockedAt, !step.isLocked {
            lockShare.held(from: lockedAt, to: done)
            observer(.measured(.commit(done - lockedAt, finished: 0, claimed: 0, at: done)))
        }
        pruning.stepped(
            step, from: now, lockedAt: lockedAt, at: done, isBusy: hand.count > 0,
            lookInterval: retention.lookInterval)
        if step.isThrough || !step.kept.isEmpty { try noteKept() }
        tell(step, at: done)
    }

    /// Whether something waits that a transaction would delay: what became of a mail, a new row, a mail that is due
    /// now or in a moment and that the sending thread could take.
    private var hasUrgentWork: Bool {
        if !hand.hasNoResults || !relay.isEmpty || mayHaveMoreRows || hasChanged { return true }
        return dueTime().map { $0 <= clock.wallNow() + .milliseconds(10) } ?? false
    }

    /// Before all were met, the number of the day before may be the right one.
    private func noteKept() throws {
        guard pruning.isKeptKnown || pruning.kept > keptNoted ?? 0 else { return }
        guard pruning.kept != keptNoted else { return }
        try store.noteKept(rows: pruning.kept, text: pruning.keptText)
        keptNoted = pruning.kept
    }

    /// Nothing is to be pruned, so nothing is kept from it.
    private func forgetKept() throws {
        guard keptNoted != 0 else { return }
        try store.noteKept(rows: 0, text: nil)
        keptNoted = 0
    }

    private func tell(_ step: PruneStep, at now: SteadyTime) {
        if step.rows > 0 { observer(.measured(.pruned(rows: step.rows))) }
        pruneNews.pruned(step.rows)
        for kept in step.kept where pruneNews.tells(kept.text) {
            observer(.rowKept(id: kept.id, text: kept.text))
        }
        if let rows = pruneNews.take(isThrough: step.isThrough, at: now) {
            observer(.pruned(rows: rows))
        }
    }
}
