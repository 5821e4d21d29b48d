internal import Crash
internal import Delivery
internal import Store

/// The transaction of a round.
extension StoringLoop {
    func work() throws {
        let capacity = capacity
        let isHoldingBack = heldBack(capacity) > .zero
        // A row that has just come may be another helpdesk's, and urgent.
        let isHeldBack = isHoldingBack && !hasChanged
        let hasNew = try !isHeldBack && hasRowsToIngest()
        let isPausing =
            fruitless.pause(at: clock.steadyNow()) > .zero && !hasChanged && hand.hasNoResults
        let wants = !capacity.isNone
        let hasDue = try wants && (hasNew || (!isPausing && mayClaim(capacity)))
        guard hasNew || hasDue || !hand.hasNoResults || !relay.isEmpty else {
            mayHaveMoreRows = isHeldBack
            return settleChanges()
        }
        var finished = try finishedMails()
        let now = clock.wallNow()
        let rows = hasDue ? takePicks(capacity) : picks.map { _ in [] }
        var ingested = Ingested()
        var claimed: ClaimedBatch?
        var written = FinishedBatch()
        let lease = lease
        var isClockFollowed = true
        var lockedAt = clock.steadyNow()
        var workedUntil = lockedAt
        var isThrough = false
        defer { if !isThrough { picks?.giveBack(rows ?? []) } }
        try store.inTransaction {
            lockedAt = clock.steadyNow()
            // The clock may have been set while we waited for the lock, or were stopped.
            isClockFollowed = timekeeper.isFollowed(at: clock.now())
            // If the transaction is repeated, it starts from the lease of before.
            self.lease = lease
            for report in relay.toWrite where !mode.isOtherRelay {
                try store.note(relay: report, at: report.since ?? now)
            }
            if let picks { store.chosen = ChosenMails(readyByHelpdesk: picks.readyByHelpdesk) }
            finished = try disownIfRestored(finished)
            written = try store.finish(finished.map(\.mail))
            if hasNew, isClockFollowed {
                ingested = try store.ingest(
                    limit: rowsAtOnce(isHoldingBack: isHoldingBack),
                    wanted: rows == nil ? wantedAtOnce(capacity) : 0, at: now,
                    rules: ingestRules(at: now))
            }
            // Urgent mail alone is claimed if some is due: else the claim would find nothing each round.
            let mayFind = capacity.mails + capacity.behind > 0 || hasDue || hasNew
            // What a result of this round has paused takes nothing more, the mail that was refused least of all.
            let isPaused = written.relayPause != nil
            if wants, mayFind, rows?.isEmpty != true, isClockFollowed, !isPaused {
                claimed = try claim(capacity, of: rows)
            }
            workedUntil = clock.steadyNow()
        }
        handOff.leaseStands(until: self.lease.until)
        isThrough = claimed != nil
        let committedAt = clock.steadyNow()
        lockShare.held(from: lockedAt, to: committedAt)
        commitPace.committed(in: committedAt - workedUntil)
        handOff.setCommitting(isSlow: commitPace.isSlow)
        mayHaveMoreRows = ingested.hasMore || !isClockFollowed || isHeldBack
        settleChanges()
        ownCommits.committed(inHand: hand.count, at: clock.steadyNow())
        // Mails that were claimed are handed over first: what is told takes as long as composing some of them.
        defer { tell(finished, written) }
        committed(finished, written)
        observer(
            .measured(
                .commit(
                    committedAt - lockedAt, finished: finished.count,
                    claimed: claimed?.claims.count ?? 0, at: committedAt)))
        CrashPoint.ingested.pass(if: ingested.rows > 0)
        tell(ingested)
        if let claimed {
            // A claim that was made only because a transaction was open does not count as fruitless.
            if !claimed.claims.isEmpty { claimedAt = committedAt }
            if !claimed.claims.isEmpty || !claimed.skipped.isEmpty {
                fruitless.broughtSomething()
            } else if hasDue, !hasNew {
                fruitless.broughtNothing(at: clock.steadyNow())
            }
            if let rows { settlePicks(rows, claimed) }
            try claimedBatch(claimed)
        }
    }

    /// What changed has been looked at, but for the review.
    private func settleChanges() {
        guard hasChanged else { return }
        review.want()
        hasChanged = false
    }

    private func hasRowsToIngest() throws -> Bool {
        if hasChanged || mayHaveMoreRows, try store.hasNewRows() { return true }
        return try store.hasUnread(at: clock.wallNow())
    }
}
