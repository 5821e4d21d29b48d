internal import Crash
internal import Delivery
internal import Service
internal import Store

/// The transaction of a round.
extension StoringLoop {
    /// The sending thread begins with these while the next ones are composed.
    private static let composedAtOnce = 32
    static let mostHeldBack: Duration = .milliseconds(50)

    /// How many mails may be claimed now: `mails` of any class, then `urgent` more instant ones and `behind` more
    /// of the rest.
    struct Capacity {
        var mails = 0
        var urgent = 0
        var behind = 0

        var isNone: Bool { mails + urgent + behind == 0 }
    }

    var capacity: Capacity {
        // What seems due by the new clock may not be while times of the old one are left.
        let demand = handOff.demand
        guard handOff.stopBy == nil, hand.hasRoom(besides: demand.exemptOctets), timekeeper.isDone
        else { return Capacity() }
        // The turns of all are known before the first has its own.
        guard picks?.isKnown != false else { return Capacity() }
        var rest =
            mode.limit.map { max(0, $0 - progress.attempted - hand.count) } ?? batches.claimed * 2
        func take(_ wanted: Int) -> Int {
            let count = max(0, min(wanted, rest))
            rest -= count
            return count
        }
        let hasResultsToWrite = !hand.hasNoResults
        // A transaction is due anyway, so all the room is filled.
        var wanted = hasResultsToWrite ? max(demand.mails, demand.room) : demand.mails
        if wanted == 0, isInnocentDue(demand) { wanted = 1 }
        let batch = lockShare.batch(batches.claimed, isUrgent: isUrgent, at: clock.steadyNow())
        let mails = take(min(wanted, batch))
        let urgent = take(demand.urgent)
        // Where any class is wanted, turns see to those behind.
        let behind = mails > 0 ? 0 : take(min(demand.behind, batch))
        return Capacity(mails: mails, urgent: urgent, behind: behind)
    }

    func claimRequest(_ capacity: Capacity) -> ClaimRequest {
        let demand = handOff.demand
        let accusation = demand.isDown ? demand.accusation : nil
        let newcomers = demand.isDown ? demand.newcomers : nil
        return ClaimRequest(
            now: clock.wallNow(), limit: capacity.mails, urgent: capacity.urgent,
            behind: capacity.behind, owner: instance.id,
            ignoresHold: mode.ignoresHold, ignoredPauses: progress.ignoredPauses,
            isRelayProbe: demand.isProbe || accusation != nil || newcomers != nil,
            innocentOf: accusation, newcomers: newcomers,
            crowded: demand.crowded.union(hand.full))
    }

    /// Rows of a burst are ingested when their mails can be claimed, in the same transaction: while the relay takes
    /// mail fast that is within milliseconds, and each mail is written once instead of twice.
    ///
    /// A relay that takes none for longer than ``mostHeldBack`` is not waited for.
    /// - Returns: how much longer; zero if nothing is held back.
    func heldBack(_ capacity: Capacity) -> Duration {
        guard capacity.mails + capacity.behind == 0, mayHaveMoreRows, store.isInBurst,
            handOff.stopBy == nil
        else { return .zero }
        return max(.zero, claimedAt + Self.mostHeldBack - clock.steadyNow())
    }

    /// How many rows may be ingested at once.
    private func rowsAtOnce(isHoldingBack: Bool) -> Int {
        if isHoldingBack || isUrgent { return batches.newcomers }
        return lockShare.isShared(at: clock.steadyNow()) ? batches.ingestedShared : batches.ingested
    }

    private func wantedAtOnce(_ capacity: Capacity) -> Int {
        claimRequest(capacity).isRelayProbe ? 0 : capacity.mails + capacity.behind
    }

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
        let finished = try finishedMails()
        let now = clock.wallNow()
        let rows = hasDue ? takePicks(capacity) : picks.map { _ in [] }
        var ingested = Ingested()
        var claimed: ClaimedBatch?
        var written = FinishedBatch()
        let lease = lease
        var isClockFollowed = true
        var lockedAt = clock.steadyNow()
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
        }
        handOff.leaseStands(until: self.lease.until)
        isThrough = claimed != nil
        let committedAt = clock.steadyNow()
        lockShare.held(from: lockedAt, to: committedAt)
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

    private func mayClaim(_ capacity: Capacity) throws -> Bool {
        if let picks { return picks.hasReady }
        let request = claimRequest(capacity)
        if try store.hasDue(request) { return true }
        guard capacity.mails > 0 else { return false }
        return try store.nextDue(request).map { $0 <= request.now } ?? false
    }

    private func hasRowsToIngest() throws -> Bool {
        if hasChanged || mayHaveMoreRows, try store.hasNewRows() { return true }
        return try store.hasUnread(at: clock.wallNow())
    }

    // MARK: Claiming

    private func claim(_ capacity: Capacity, of rows: [Int64]?) throws -> ClaimedBatch {
        var request = claimRequest(capacity)
        request.rows = rows
        let rules = ClaimRules(
            settings: settings, ignoresHold: mode.ignoresHold, now: request.now,
            nonce: generator.next(), maxAgeOfAll: mode.maxAge)
        let batch = try store.claim(request, decide: rules.decide)
        if !batch.claims.isEmpty { try keepLease() }
        return batch
    }

    /// In the claim's own transaction, so that no claim is ever older than its lease.
    private func keepLease() throws {
        let now = clock.steadyNow()
        if lease.isTooShortForClaim(at: now) { try renewLease(at: now) }
    }

    private func claimedBatch(_ batch: ClaimedBatch) throws {
        tell(batch.skipped)
        for fault in batch.faults { tell(fault) }
        if batch.parked > 0 { review.want() }
        hand.claimed(batch.claims.count)
        var composer = Composer(settings: settings, zones: zones, letterheads: letterheads)
        var failure: (any Error)?
        var rest = batch.claims[...]
        while !rest.isEmpty {
            let portion = compose(rest.prefix(Self.composedAtOnce), with: &composer)
            rest = rest.dropFirst(Self.composedAtOnce)
            do {
                if failure == nil { try keepLargeOnes(portion.large) }
            } catch {
                failure = error
            }
            if failure == nil {
                handOff.send(portion.mails)
            } else {
                // They are claimed, so they have to be returned: no other process would send them.
                hand.add(
                    portion.mails.map { SendResult(mail: $0, end: .unused, at: clock.wallNow()) })
            }
        }
        if let failure { throw failure }
    }

    /// - Returns: also which of them a slot can't hold.
    private func compose(
        _ claims: ArraySlice<Claim>, with composer: inout Composer
    ) -> (mails: [OutgoingMail], large: [OutgoingMail]) {
        var mails: [OutgoingMail] = []
        var large: [OutgoingMail] = []
        mails.reserveCapacity(claims.count)
        for claim in claims {
            guard let content = composer.compose(claim) else {
                hand.add(Self.notComposed(claim, at: clock.wallNow()))
                continue
            }
            let mail = OutgoingMail(
                claim, content: content, isKept: claim.frozen != nil || !journal.fits(content))
            if claim.frozen == nil, mail.isKept { large.append(mail) }
            mails.append(mail)
            hand.composed(mail)
        }
        return (mails, large)
    }

    /// A copy that a slot can't hold is kept in the database before it goes out.
    private func keepLargeOnes(_ large: [OutgoingMail]) throws {
        try store.persistOversizedCopies(large.map { (mailID: $0.mail.mailID, frozen: $0.content) })
        CrashPoint.copiesKept.pass(if: !large.isEmpty)
    }

    private static func notComposed(_ claim: Claim, at now: WallTime) -> SendResult {
        let error = DeliveryError(
            stage: .mail,
            text: "the mail could not be composed: it has no usable sender or recipient")
        let nothing = FrozenMail(
            envelopeSender: "", envelopeRecipient: "", needsSMTPUTF8: false, message: [])
        return SendResult(
            mail: OutgoingMail(claim, content: nothing, isKept: claim.frozen != nil),
            end: .verdict(.deferred(error)), at: now)
    }

    // MARK: Writing down

    struct Finished {
        var result: SendResult
        var mail: FinishedMail
    }

    private func finishedMails() throws -> [Finished] {
        guard !hand.hasNoResults else { return [] }
        let down = try store.relayDownTotal(at: clock.wallNow())
        let rules = OutcomeRules(settings: settings)
        return try hand.results.map { result in
            if case .storeFault(let error) = result.end, error.isAboutTheStatement {
                let mail = FinishedMail(
                    mail: result.mail.mail, outcome: .faulty(error.note), at: result.at)
                return Finished(result: result, mail: mail)
            }
            var mail = try rules.finish(
                result.mail.mail, makeEnding(of: result),
                relayDown: down + pausedTime(of: result.mail.mail, at: result.at),
                using: &generator)
            // What another relay accepts says nothing of how the usual one takes the sender.
            if mode.isOtherRelay {
                mail.senderEvent = .released(mail: mail.mail.mailID)
                // Its refusal counts for nothing, but stands in the row's story.
                if case .verdict(.released(let error)) = result.end, result.relay != nil {
                    mail.error = error
                    mail.isOtherRelays = true
                }
            }
            return Finished(result: result, mail: mail)
        }
    }

    /// How long operators had paused an old mail since it was first tried: that time ages nothing, either.
    private func pausedTime(of mail: InFlightMail, at now: WallTime) throws -> Duration {
        guard let first = mail.rows.compactMap(\.firstAttemptAt).min(),
            settings.expiry.isExpired(firstAttemptAt: first, now: now)
        else { return .zero }
        return try store.pauseHistory(of: mail.key.helpdeskID).total(since: first, to: now)
    }

    private func makeEnding(of result: SendResult) -> OutcomeRules.Ending {
        let nothing = Verdict.released(DeliveryError(stage: .mail, text: "not begun"))
        var ending = OutcomeRules.Ending(verdict: nothing, at: result.at)
        switch result.end {
        case .unused: break
        // The mail is decided anew: held, skipped, or composed of what is left. One that is lost too: another
        // process that revoked our record, and died before it had committed, has taken nothing:
        // if our token still stands, the mail goes back under it. Nobody else would ever send it.
        case .changed, .paused, .suppressed, .storeFault, .lost:
            ending.dueAt = result.at + rebounds.countRebound(of: result.mail.mail.mailID)
        case .accused:
            ending.dueAt = rebounds.countAccused(result.mail.mail.mailID).map { result.at + $0 }
        case .verdict(let verdict):
            rebounds.attempted(result.mail.mail.mailID)
            ending.verdict = verdict
            ending.duration = result.delays.transmitting
            ending.queued = result.delays.queued
            ending.connecting = result.delays.connecting
            ending.relay = result.relay
            if case .uncertain = verdict, !result.mail.isKept {
                ending.frozen = result.mail.content
            }
        }
        return ending
    }
}
