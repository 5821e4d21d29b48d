internal import Delivery
internal import Glibc
internal import Service
internal import Store

/// What has to be done now and then.
struct Chores {
    let processID = getpid()
    var recoverAt = SteadyTime(nanoseconds: 0)
    var recovery = RecoveryBook()
    /// The last round's time was up before it was through.
    var hasMoreToRecover = false
    var tidyAt = SteadyTime(nanoseconds: 0)
    /// In-flight journals that no process owns, and that can't be read or deleted.
    var orphans: [JournalTrouble] = []
    var lateInserts = LateInsertSearch()
    var checkFileAt = SteadyTime(nanoseconds: 0)
    /// When to look next for rows that have waited for their sender for too long.
    var agingAt = SteadyTime(nanoseconds: 0)
    var clockOffset: Duration?
    /// Until the first look: a process may have died over it.
    var timesToMove = TimesToMove.clock
    /// Rows that are not ingested yet follow these.
    var clockSteps: [ClockStep] = []
}

extension StoringLoop {
    // MARK: The clock

    /// Every time in the tables is the wall clock's: where somebody sets it, they follow.
    func followClock() throws {
        let wall = clock.wallNow()
        let steady = clock.steadyNow()
        let offset = Duration.milliseconds(wall.milliseconds - steady.milliseconds)
        if isAsFollowed(offset) { return try moveTimes() }
        let jumped = try store.followClock(bootID: bootID, offset: offset, at: wall) {
            before, now in
            Self.jump(from: before, to: now, at: wall)?.by
        }
        chores.clockOffset = offset
        chores.timesToMove = .clock
        try moveTimes()
        // Also those that another process noticed.
        chores.clockSteps = try store.clockSteps()
        if let jumped { observer(.clockWasSet(by: jumped)) }
    }

    /// Whether the clock is as it was at the last look.
    ///
    /// By a clock that was set since, rows would be due that are not.
    var isClockAsFollowed: Bool {
        let (wall, steady) = (clock.wallNow(), clock.steadyNow())
        return isAsFollowed(.milliseconds(wall.milliseconds - steady.milliseconds))
    }

    private func isAsFollowed(_ offset: Duration) -> Bool {
        chores.clockOffset.map { abs((offset - $0).inMilliseconds) < 500 } ?? false
    }

    /// One slice a round of what a step of the clock, or another hold, moves.
    private func moveTimes() throws {
        guard chores.timesToMove != .none else { return }
        chores.timesToMove = try store.moveTimes()
    }

    /// By how much the wall clock is ahead of the steady one, before and now.
    private static func jump(
        from before: Duration, to offset: Duration, at now: WallTime
    ) -> ClockJump? {
        let steady = SteadyTime(nanoseconds: 0)
        return ClockJump(
            from: ClockReading(wall: now - (offset - before), steady: steady),
            to: ClockReading(wall: now, steady: steady))
    }

    // MARK: Chores

    func doChores(at now: SteadyTime) throws {
        if now >= chores.checkFileAt {
            chores.checkFileAt = now + .seconds(1)
            try store.checkIdentity()
            if let newest = try store.guardIDs() {
                observer(.idsBeganAnew(newest: newest))
                chores.lateInserts.hasten()
            }
            try journal.checkPlace()
            // Should somebody have deleted our row, others would take us for dead.
            if try !store.isRegistered(instance.id) { try renewLease(at: now) }
        }
        if now >= chores.recoverAt || chores.hasMoreToRecover {
            chores.recoverAt = now + min(.seconds(1), settings.pollInterval)
            if try now >= chores.tidyAt || store.othersAreSending(than: instance.id) {
                try recover(at: now)
            }
        }
        if hasChanged {
            chores.lateInserts.isWanted = true
            if try store.idsAreSuspect() { chores.lateInserts.hasten() }
        }
        if chores.lateInserts.isDue(at: now) { try searchLateInserts(at: clock.steadyNow()) }
        if inFlight > 0, leaseUntil - now < settings.lease / 2 { try renewLease(at: now) }
        if now >= chores.agingAt {
            // Mail that waits for a refused sender expires, and no commit wakes the review for it.
            chores.agingAt = now + max(.seconds(1), min(.seconds(60), settings.expiry.after / 4))
            if try store.hasBlockedLines() { review.isWanted = true }
        }
    }

    func renewLease(at now: SteadyTime) throws {
        let until = now + settings.lease
        try store.renewLease(of: instance, processID: chores.processID, until: until)
        leaseUntil = until
    }

    private func recover(at now: SteadyTime) throws {
        chores.hasMoreToRecover = false
        let recovery = Recovery(
            settings: settings, bootID: bootID, instance: instance.id, random: generator)
        let round = try recovery.run(store, clock: clock, book: &chores.recovery)
        chores.hasMoreToRecover = round.hasMore
        if now >= chores.tidyAt, !round.hasMore {
            chores.tidyAt = now + .seconds(60)
            chores.orphans = try recovery.removeOrphans(store, at: clock.wallNow())
        }
        tell(round, at: now)
    }

    private func tell(_ round: Recovery.Round, at now: SteadyTime) {
        for taken in round.taken {
            observer(.tookOver(mails: taken.mails, isDead: taken.isDead))
        }
        for (mailID, error) in round.failed {
            observer(.notTakenOver(mailID: mailID, error: error))
        }
        for fault in round.faults { tell(fault) }
        // A round that broke off has not seen all the trouble there is.
        guard !round.hasMore else { return }
        for trouble in chores.recovery.reminder.due(of: round.troubles + chores.orphans, at: now) {
            observer(.journalTrouble(trouble))
        }
    }

    /// One step of the search for rows with ids below the newest one known.
    private func searchLateInserts(at now: SteadyTime) throws {
        let end = now + LateInsertSearch.step
        let found = try store.findLateInserts(
            from: chores.lateInserts.position, limit: LateInsertSearch.most
        ) { clock.steadyNow() < end }
        if !found.usedAgain.isEmpty { observer(.idsUsedAgain(rows: found.usedAgain)) }
        if found.count > 0 {
            let wall = clock.wallNow()
            let rules = RowRules.ingest(settings, at: wall, clockSteps: chores.clockSteps)
            tell(try store.ingestLate(found, at: wall, rules: rules))
        }
        chores.lateInserts.stepped(
            to: found.position, found: found.count, from: now,
            at: clock.steadyNow())
    }

    // MARK: Review

    func reviewStep() throws {
        let now = clock.steadyNow()
        if isRelayDown { review.isWanted = true }
        guard review.isWanted || review.isUnderWay, review.isDue(at: now),
            handOff.stopBy == nil
        else { return }
        if !review.isUnderWay {
            review.isUnderWay = true
            review.isWanted = false
        }
        let wall = clock.wallNow()
        let rules = ClaimRules(
            settings: settings, ignoresHold: false, now: wall, nonce: 0,
            relayDown: try store.relayDownTotal(at: wall))
        // What is due is looked at when it is claimed, and that is soon while the relay works.
        let reviewed = try store.review(
            ReviewRequest(
                now: rules.now, limit: 200, after: review.position, includesDue: isRelayDown),
            decide: rules.review)
        for row in reviewed.skipped { observer(.skipped(id: row.id, reason: row.reason)) }
        for id in reviewed.expired {
            observer(.failedRow(id: id, reason: .rejected, text: "the relay refuses its sender"))
        }
        review.position = reviewed.position
        let end = clock.steadyNow()
        review.stepped(
            at: end, cost: end - now, isBusy: inFlight > 0, tookLong: reviewed.tookLong)
        if reviewed.position == nil { review.finished(at: end, isDown: isRelayDown) }
    }
}
