internal import Delivery
internal import Glibc
internal import Service
internal import Store

/// What has to be done now and then: when, and what is left of the last time.
struct Maintenance {
    let processID = getpid()
    var checkFile = Interval()
    /// To look for processes that died or froze.
    var recover = Interval()
    /// To delete in-flight journals that no process owns.
    var tidy = Interval()
    /// To look for rows that have waited for their sender for too long.
    var age = Interval()
    var recovery = RecoveryBook()
    /// The last round's time was up before it was through.
    var hasMoreToRecover = false
    /// In-flight journals that no process owns, and that can't be read or deleted.
    var orphans: [JournalTrouble] = []
    var lateInserts = LateInsertSearch()
    /// To write the number beside the database, where it can't be written.
    var epoch = Interval()
    /// What stood in the place of the epoch's file when it could not be written.
    var obstacle: NotedEpoch?
    var epochTelling = EpochTelling()
}

extension StoringLoop {
    func followClock() throws {
        let jumped = try timekeeper.follow(store, at: clock.now())
        guard let jumped else { return }
        observer(.clockWasSet(by: jumped))
        pruning.clockWasSet(at: clock.steadyNow())
        picks?.lookAgainAtWaiting()
    }

    // MARK: Maintenance

    func maintain(at now: SteadyTime) throws {
        if maintenance.checkFile.isDue(at: now) {
            maintenance.checkFile.done(at: now, again: .seconds(1))
            try store.checkIdentity()
            if let newest = try store.guardIDs() {
                observer(.idsBeganAnew(newest: newest))
                maintenance.lateInserts.hasten()
            }
            try journal.checkPlace()
            try lookAtEpoch(at: now)
            // Should somebody have deleted our row, others would take us for dead.
            if try !store.isRegistered(instance.id) { try renewLease(at: now) }
        }
        if maintenance.recover.isDue(at: now) || maintenance.hasMoreToRecover {
            maintenance.recover.done(at: now, again: min(.seconds(1), settings.pollInterval))
            if try maintenance.tidy.isDue(at: now) || store.othersAreSending(than: instance.id) {
                try recover(at: now)
            }
        }
        if hasChanged {
            maintenance.lateInserts.isWanted = true
            if try store.idsAreSuspect() { maintenance.lateInserts.hasten() }
        }
        if maintenance.lateInserts.isDue(at: now) { try searchLateInserts(at: clock.steadyNow()) }
        if hand.count > 0, lease.isRenewalDue(at: now) { try renewLease(at: now) }
        if maintenance.age.isDue(at: now) {
            // Mail that waits for a refused sender expires, and no commit wakes the review for it.
            maintenance.age.done(
                at: now, again: max(.seconds(1), min(.seconds(60), settings.expiry.after / 4)))
            if try store.hasBlockedLines() { review.want() }
        }
    }

    func renewLease(at now: SteadyTime) throws {
        try store.renewLease(
            of: instance, processID: maintenance.processID, for: lease.length, at: now)
        lease.renewed(at: now)
    }

    private func recover(at now: SteadyTime) throws {
        maintenance.hasMoreToRecover = false
        let recovery = Recovery(
            settings: settings, bootID: bootID, instance: instance.id, journals: journals,
            random: generator)
        let round = try recovery.run(store, clock: clock, book: &maintenance.recovery)
        maintenance.hasMoreToRecover = round.hasMore
        if maintenance.tidy.isDue(at: now), !round.hasMore {
            maintenance.tidy.done(at: now, again: .seconds(60))
            maintenance.orphans = try recovery.removeOrphans(store, at: clock.now())
        }
        tell(round, at: now)
    }

    private func tell(_ round: Recovery.Round, at now: SteadyTime) {
        for taken in round.taken {
            observer(.tookOver(mails: taken.mails, isDead: taken.isDead))
            observer(.measured(.takenOver(taken.outcomes)))
        }
        for (mailID, error) in round.failed {
            observer(.notTakenOver(mailID: mailID, error: error))
        }
        for fault in round.faults { tell(fault) }
        // A round that broke off has not seen all the trouble there is.
        guard !round.hasMore else { return }
        for trouble in maintenance.recovery.reminder.due(
            of: round.troubles + maintenance.orphans, at: now)
        {
            observer(.journalTrouble(trouble))
        }
    }

    /// For what is looked at now and then: whether it may go on, asked again and again.
    ///
    /// The look stops when another process may have committed an instant row. It has half a millisecond in any case: beside
    /// an API server that commits all the time it would else never get on.
    private func untilNeeded(from start: SteadyTime) -> () -> Bool {
        { [watch, clock] in
            let now = clock.steadyNow()
            return now - start < Self.leastLook || watch?.isQuiet(since: start, at: now) ?? true
        }
    }

    private static let leastLook: Duration = .microseconds(500)

    /// One step of the search for rows with ids below the newest one known.
    private func searchLateInserts(at now: SteadyTime) throws {
        let end = now + LateInsertSearch.step
        let goesOn = untilNeeded(from: now)
        let found = try store.findLateInserts(
            from: maintenance.lateInserts.position, limit: LateInsertSearch.most
        ) { clock.steadyNow() < end && goesOn() }
        if !found.usedAgain.isEmpty { observer(.idsUsedAgain(rows: found.usedAgain)) }
        if found.count > 0 {
            let wall = clock.wallNow()
            tell(try store.ingestLate(found, at: wall, rules: ingestRules(at: wall)))
        }
        maintenance.lateInserts.stepped(
            to: found.position, found: found.count, from: now,
            at: clock.steadyNow(),
            isBusy: hand.count > 0 || mayHaveMoreRows)
    }

    // MARK: Review

    private func reviewRules() throws -> ClaimRules {
        let wall = clock.wallNow()
        return ClaimRules(
            settings: settings, ignoresHold: false, now: wall, nonce: 0,
            relayDown: try store.relayDownTotal(at: wall),
            pauses: try store.pauseHistory(of: nil))
    }

    private func glanceAtParkedLines() throws {
        let start = clock.steadyNow()
        let rules = try reviewRules()
        let reviewed = try store.review(
            ReviewRequest(
                now: rules.now, limit: 200, after: review.glance, onlyParkedLines: true),
            goesOn: { true }, decide: rules.review)
        let end = clock.steadyNow()
        review.glanced(to: reviewed.position, at: end, cost: end - start)
    }

    func reviewStep() throws {
        // Nothing but what was chosen is touched, and that is looked at when it is claimed.
        guard picks == nil else { return }
        let now = clock.steadyNow()
        if relay.isDown { review.wantWhileDown(at: now) }
        if handOff.stopBy == nil, review.beginsGlance(at: now) { try glanceAtParkedLines() }
        guard handOff.stopBy == nil, review.begin(at: now) else { return }
        let rules = try reviewRules()
        // What is due is looked at when it is claimed, and that is soon while the relay works.
        let reviewed = try store.review(
            ReviewRequest(
                now: rules.now, limit: 200, after: review.position, includesDue: relay.isDown,
                looksForPauses: mode.isDrain),
            // A drain may end before the next part.
            goesOn: mode.isDrain ? { true } : untilNeeded(from: now), decide: rules.review)
        tell(reviewed.skipped)
        for id in reviewed.expired {
            observer(.failedRow(id: id, reason: .rejected, text: "the relay refuses its sender"))
        }
        let end = clock.steadyNow()
        review.stepped(
            to: reviewed.position, at: end, cost: end - now, isBusy: hand.count > 0,
            takesIn: mayHaveMoreRows, tookLong: reviewed.tookLong, isDown: relay.isDown)
    }
}
