internal import Delivery
internal import Store

/// A drain of chosen rows: nothing else is claimed, and no line is read.
extension StoringLoop {
    /// Rows looked at in one read, and in one round.
    private static let slice = 1_000
    private static let mostAtOnce = 20_000
    /// Rows that a claim looks at beyond those it may bring.
    private static let spare = 64
    /// So many are asked whether they have no part in an accusation.
    private static let mostInnocent = 2_000

    /// Finds out where rows stand whose time has come.
    func lookAtPicks() throws {
        guard picks != nil else { return }
        picks?.wake(at: clock.wallNow())
        lookAtWaitingPicks(at: clock.steadyNow())
        try ingestAwaited()
        try look(at: picks?.takeLeft() ?? [], wereOffered: true)
        var looked = 0
        while looked < Self.mostAtOnce, let rows = picks?.takeUnknown(Self.slice), !rows.isEmpty {
            looked += rows.count
            try look(at: rows)
        }
        if let count = picks?.mails.count, picks?.isKnown == true, count != chosenTold {
            chosenTold = count
            observer(.chosen(mails: count))
        }
    }

    /// What an operator or the API server has changed is noticed within a second, or a second for each thousand
    /// rows that wait.
    private func lookAtWaitingPicks(at now: SteadyTime) {
        isPickLookWanted = isPickLookWanted || hasChanged
        guard isPickLookWanted, pickLook.isDue(at: now) else { return }
        isPickLookWanted = false
        pickLook.done(at: now, again: .seconds(1 + (picks?.waitingCount ?? 0) / 1_000))
        picks?.lookAgainAtWaiting()
    }

    /// Of new rows that can't be sent only those fail that were chosen.
    func ingestRules(at now: WallTime) throws -> IngestRules {
        var settings = settings
        // The daemon may have changed it since the drain began.
        if mode.isDrain, let hold = try store.hold() { settings.hold = HoldPolicy(hold: hold) }
        var rules = RowRules.ingest(settings, at: now, clockSteps: timekeeper.steps)
        if let picks { rules.leavesAlone = { !picks.isChosen($0) } }
        return rules
    }

    private func look(at rows: [Int64], wereOffered: Bool = false) throws {
        do {
            let standings = try store.standings(of: rows)
            picks?.file(standings, at: clock.wallNow(), wereOffered: wereOffered)
        } catch {
            picks?.giveBackUnknown(rows)
            throw error
        }
    }

    /// Rows that are not among the new ones have ids below those that are known.
    private func ingestAwaited() throws {
        guard picks?.hasAwaited == true else { return }
        if try mayHaveMoreRows || store.hasNewRows() {
            // Somebody may insert faster than we ingest: they are not waited for to the last.
            guard awaitedLook.isDue(at: clock.steadyNow()) else { return }
            awaitedLook.done(at: clock.steadyNow(), again: .seconds(1))
            picks?.lookAgainAtAwaited()
            return
        }
        let ids = picks?.takeAwaited() ?? []
        let now = clock.wallNow()
        let rules = try ingestRules(at: now)
        for start in stride(from: 0, to: ids.count, by: Self.slice) {
            let some = Array(ids[start..<min(ids.count, start + Self.slice)])
            tell(try store.ingestLate(LateInserts(ids: some), at: now, rules: rules))
        }
    }

    /// The rows that a claim is to look at; nil if all mails are drained.
    func takePicks(_ capacity: Capacity) -> [Int64]? {
        guard picks != nil else { return nil }
        let demand = handOff.demand
        let isTest = demand.isDown && (demand.accusation != nil || demand.newcomers != nil)
        return picks?.take(
            (isTest ? 256 : capacity.mails + capacity.urgent + capacity.behind) + Self.spare)
    }

    /// A claim has looked at the rows.
    func settlePicks(_ offered: [Int64], _ batch: ClaimedBatch) {
        for claim in batch.claims { picks?.claimed(claim.rowIDs) }
        picks?.giveBack(batch.unseen)
        examined = batch.claims.isEmpty ? examined + offered.count - batch.unseen.count : 0
        picks?.offered(offered)
    }

    /// What became of mails is written down.
    func notePicks(_ finished: [Finished], _ written: FinishedBatch) {
        guard picks != nil else { return }
        for one in finished where written.unrecorded[one.mail.mail.token] == nil {
            picks?.ended(one.mail.mail.rows.map(\.id))
        }
        let waitsAgain = written.reopenedForRelay > 0 || !written.reopenedRows.isEmpty
        if waitsAgain || !written.unblockedSenders.isEmpty { picks?.lookAgainAtFailed() }
    }

    /// Whether a chosen mail may be due that has no part in what the relay refuses.
    var mayHaveInnocentPick: Bool {
        guard let picks else { return false }
        return picks.hasReady && examined < min(picks.readyCount, Self.mostInnocent)
    }

    /// - Returns: whether nothing is left to do for a drain.
    func arePicksThrough() -> Bool {
        guard let picks, picks.isKnown, !picks.hasReady, !picks.hasWoken(at: clock.wallNow()) else {
            return false
        }
        if self.picks?.lookAgainAtBehind() == true { return false }
        return !(mode.waitsForDeferred && picks.hasDeferred)
    }
}
