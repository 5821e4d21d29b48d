internal import Delivery
internal import Service
internal import Store

/// Whose fault a refusal is, as far as one connection after the other can tell (contract, section 3).
///
/// What needs more than that (530, five refusals in a row) is told by the store, which knows all mails.
extension SendingLoop {
    /// What the end of a dialogue means for the mail, by the relay's present state; the breaker is
    /// told.
    func judged(_ verdict: Verdict, _ job: PooledConnection.Job) -> Verdict {
        let now = clock.steadyNow()
        let isDown = breaker.state == .down
        let wasUnderWay = job.epoch != breaker.epoch
        let verdict = isDown ? verdict.inTrouble(pausedFor, isFirst: job.isFirst) : verdict
        var epoch = job.epoch
        if case .accepted = verdict {
            accepted += 1
            lastAcceptedAt = clock.wallNow()
            // What was under way when others were refused, and is accepted now, shows that the relay takes
            // mail. (After an outage it would be news of before.)
            if isDown, pausedFor != nil { epoch = breaker.epoch }
        }
        let evidence = lostReplies.judge(
            verdict, mail: job.mail.mail.mailID,
            usual: isDown ? verdict.evidenceInTrouble(pausedFor) : verdict.relayEvidence)
        breaker.noted(evidence, at: now, in: epoch)
        if case .uncertain = verdict, case .trouble = evidence {
            if !isDown { newcomers = Newcomers(after: job.mail.mail.mailID) }
            noteRefused(job.mail, wasUnderWay: wasUnderWay)
        }
        if breaker.state != .down {
            pausedFor = nil
            accusation = nil
            newcomers = nil
        }
        guard case .relayTrouble = verdict else {
            report()
            return verdict
        }
        accusation = accusation?.confirmed(by: job.mail.mail.mailID, sender: job.mail.mail.sender)
        noteRefused(job.mail, wasUnderWay: wasUnderWay)
        return verdict
    }

    /// A mail met the trouble that the relay is taken for down for.
    private func noteRefused(_ mail: OutgoingMail, wasUnderWay: Bool) {
        newcomers?.refused(mail.mail.mailID, wasUnderWay: wasUnderWay, at: clock.wallNow())
        report(isTrouble: true)
        quitIdleConnections()
    }

    // MARK: The relay's refusals

    /// The store has found that the relay refuses mail for reasons of its own.
    func takePause() {
        guard let pause = handOff.takePause(), !isStopping else { return }
        // It has accepted a mail since.
        if let lastAcceptedAt, lastAcceptedAt > pause.at { return }
        guard breaker.state != .down else {
            pausedFor = pausedFor ?? pause.kind
            return
        }
        breaker.troubled(pause.trouble, at: clock.steadyNow(), in: breaker.epoch)
        pausedFor = pause.kind
        accusation = pause.accusation
        newcomers = Newcomers(after: pause.mail)
        report(isTrouble: true)
    }

    /// While the relay is taken for down on the word of one mail or sender, mail that has no part in it
    /// is tried at once, and no other.
    func innocent(_ mails: [OutgoingMail]) -> [OutgoingMail] {
        let now = clock.steadyNow()
        guard accusation != nil || newcomers != nil, !mails.isEmpty,
            breaker.allowance(at: now) == 0
        else { return mails }
        let wallNow = clock.wallNow()
        var innocent: [OutgoingMail] = []
        for mail in mails {
            let id = mail.mail.mailID
            let hasNoPart = accusation?.isInnocent(mail: id, sender: mail.mail.sender) ?? false
            if hasNoPart || newcomers?.allows(id, at: wallNow) ?? false {
                innocent.append(mail)
            } else {
                note(mail, .unused)
            }
        }
        if !innocent.isEmpty { breaker.hasten(at: now) }
        return innocent
    }

    // MARK: 421

    /// The relay has ended the connection instead of taking this mail.
    func turnedAway(_ job: PooledConnection.Job, _ result: SendResult, _ error: DeliveryError) {
        // 421 is a refusal, even to the dot: whoever recovers this mail finds that nothing went out.
        journal.free(job.slot)
        if isStopping { return note(job.mail, .unused) }
        var result = result
        result.slot = nil
        let next = fresh.turnedAway(
            job.mail, onFresh: job.isFirst, accepted: accepted, othersCouldGo: othersCouldGo)
        switch next {
        case .firstOnFresh: break
        case .ownFailure:
            result.end = .verdict(.deferred(error))
            results.append(result)
        case .waitForOthers, .relayTrouble:
            fresh.hold(result)
            settleHeld()
        }
    }

    /// Another than those that were turned away twice is under way, or could be.
    private var othersCouldGo: Bool {
        !waiting.isEmpty || !again.isEmpty || !fresh.isEmpty || busyCount > 0
    }

    /// The relay takes mail: what was turned away was turned away for itself.
    func othersWereAccepted() {
        for var result in fresh.takeHeld() {
            guard case .verdict(.turnedAway(let error)) = result.end else { continue }
            result.end = .verdict(.deferred(error))
            results.append(result)
        }
    }

    /// Nobody is left to show that the relay takes mail, or enough have been turned away: it is the
    /// relay.
    func settleHeld() {
        guard let first = fresh.held.first else { return }
        guard !isStopping, fresh.held.count >= FreshLine.mostHeld || !othersCouldGo else { return }
        guard case .verdict(.turnedAway(let error)) = first.end else { return }
        let trouble = RelayTrouble(kind: .outage, error: error)
        let held = fresh.takeHeld()
        breaker.troubled(trouble, at: clock.steadyNow(), in: breaker.epoch)
        accusation = Self.accusation(of: held.map(\.mail))
        newcomers = held.map(\.mail.mail.mailID).max().map(Newcomers.init(after:))
        for var result in held {
            result.end = .verdict(.relayTrouble(trouble))
            results.append(result)
        }
        report(isTrouble: true)
        quitIdleConnections()
    }

    private static func accusation(of mails: [OutgoingMail]) -> Accusation? {
        guard let first = mails.first?.mail else { return nil }
        let others = Set(mails.map(\.mail.sender)).subtracting([first.sender])
        return Accusation(
            mails: mails.map(\.mail.mailID), sender: first.sender,
            helpdeskID: first.key.helpdeskID, others: others.sorted())
    }

    // MARK: First on a fresh connection

    /// Begins those that may go now, or opens connections for them.
    func beginOnFresh() {
        while let mail = nextOnFresh {
            let now = clock.steadyNow()
            guard busyCount < breaker.allowance(at: now), checkTrouble.allowsBeginning(at: now)
            else { return }
            if let place = bucket?.nextAt, place > now { return }
            guard let pooled = pool.last(where: { $0.isIdle && !$0.isUsed && !$0.isRetired }) else {
                return openForFresh(at: now)
            }
            fresh.remove(mail)
            guard begin(mail, on: pooled, at: now) else { return fresh.putBack(mail) }
        }
    }

    private var nextOnFresh: OutgoingMail? {
        guard !fresh.isEmpty else { return nil }
        let isUnderWay = pool.contains { $0.job.map { fresh.isSuspect($0.mail) } ?? false }
        let now = clock.steadyNow()
        return fresh.next(othersWait: !waiting.isEmpty, suspectIsUnderWay: isUnderWay) {
            wouldCrowd($0, at: now)
        }
    }

    /// Where all connections are open, one that lies idle makes room.
    private func openForFresh(at now: SteadyTime) {
        let allowed = breaker.allowance(at: now)
        if openCount + dialer.underWay >= allowed + shares.spared,
            let pooled = pool.first(where: \.isIdle)
        {
            pooled.quit(at: now)
        }
        openConnections(allowed: allowed)
    }
}
