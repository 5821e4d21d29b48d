internal import Delivery
internal import SMTP
internal import Service
internal import Store

/// Mails that keep a connection for long, and the others that must not wait for them.
extension SendingLoop {
    /// Counts once a round which dialogues do not count against the connections in use.
    func spareStragglers() {
        let now = clock.steadyNow()
        // Stragglers are rare: nearly every round ends here.
        guard
            spared > 0 || !slowHelpdesks.isEmpty || pool.count > settings.connections
                || hasStraggler(at: now)
        else { return }
        let starts = pool.compactMap { $0.job?.startedAt }
        let allowed = breaker.allowance(at: now)
        let spares = Stragglers.spares(limit: settings.connections)
        spared = stragglers.spared(
            of: starts, allowed: allowed, limit: settings.connections, at: now)
        if allowed > 0 {
            let slow = SlowHelpdesks.spared(underWay: slowUnderWay, allowed: allowed)
            spared = max(spared, min(spares, slow))
        }
        returnCrowded()
        let isFull = spared == spares && busyCount >= allowed
        if isFull && !waiting.isEmpty || crowdedByStragglers != nil { giveUpOldest(at: now) }
        closeSpares(allowed)
    }

    private func hasStraggler(at now: SteadyTime) -> Bool {
        oldestStart.map { stragglers.isStraggler(startedAt: $0, at: now) } ?? false
    }

    /// When the oldest dialogue under way began; asked some times a round, so without closures.
    private var oldestStart: SteadyTime? {
        var oldest: SteadyTime?
        for pooled in pool {
            guard case .busy(let job) = pooled.activity, !pooled.isClosed else { continue }
            if oldest.map({ job.startedAt < $0 }) ?? true { oldest = job.startedAt }
        }
        return oldest
    }

    /// Helpdesks whose mails hold all the connections that they may hold.
    var crowded: Set<String> {
        var found: Set<String> = []
        if let straggling = crowdedByStragglers { found.insert(straggling) }
        if slowUnderWay >= SlowHelpdesks.most(limit: settings.connections) {
            found.formUnion(slowHelpdesks.slow)
        }
        return found
    }

    /// Helpdesks that no mail is wanted of: those that are crowded, and those with late mails and more at
    /// hand.
    func unwanted(_ held: Set<String>) -> Set<String> {
        guard spared > 0 || !slowHelpdesks.isEmpty else { return held }
        return crowded.union(held)
    }

    /// How many mails of slow helpdesks are under way.
    private var slowUnderWay: Int {
        guard !slowHelpdesks.isEmpty else { return 0 }
        return pool.count { pooled in
            pooled.job.map { slowHelpdesks.isSlow($0.mail.mail.key.helpdeskID) } ?? false
        }
    }

    /// The helpdesk whose stragglers hold every connection but the last.
    private var crowdedByStragglers: String? {
        guard spared > 0 else { return nil }
        let now = clock.steadyNow()
        var counts: [String: Int] = [:]
        for case let job? in pool.map(\.job)
        where stragglers.isStraggler(startedAt: job.startedAt, at: now) {
            counts[job.mail.mail.key.helpdeskID, default: 0] += 1
        }
        let most = Stragglers.mostOfOneHelpdesk(limit: settings.connections)
        return counts.first { $0.value >= most }?.key
    }

    /// Whether the mail must wait until another of its helpdesk ends, so that a connection is left for
    /// other helpdesks: its helpdesk is slow, or it would take the last connection though others of its
    /// helpdesk are stragglers.
    func wouldCrowd(_ mail: OutgoingMail, at now: SteadyTime) -> Bool {
        if !slowHelpdesks.isEmpty, slowHelpdesks.isSlow(mail.mail.key.helpdeskID),
            slowUnderWay >= SlowHelpdesks.most(limit: settings.connections)
        {
            return true
        }
        guard spared > 0 else { return false }
        let own = pool.compactMap(\.job)
            .filter { $0.mail.mail.key.helpdeskID == mail.mail.key.helpdeskID }
        return own.count >= Stragglers.mostOfOneHelpdesk(limit: settings.connections)
            && own.contains { stragglers.isStraggler(startedAt: $0.startedAt, at: now) }
    }

    /// Whether the mail would take a connection that is open beside its own helpdesk's stragglers: others
    /// that wait go first.
    func leavesSpare(_ mail: OutgoingMail) -> Bool {
        spared > 0 && straggling.contains(mail.mail.key.helpdeskID)
    }

    /// Helpdesks of which a mail is late, while no connection is free; their other mails go last.
    private var straggling: Set<String> {
        let now = clock.steadyNow()
        func isLate(_ job: PooledConnection.Job) -> Bool {
            stragglers.isLate(startedAt: job.startedAt, at: now)
        }
        guard let oldestStart, stragglers.isLate(startedAt: oldestStart, at: now),
            busyCount + spared >= breaker.allowance(at: now)
        else { return [] }
        return Set(pool.compactMap(\.job).filter(isLate).map(\.mail.mail.key.helpdeskID))
    }

    /// When the next dialogue is late, or a straggler.
    func nextStraggler(at now: SteadyTime) -> SteadyTime? {
        // Nearly always the oldest is young, and the next to be late.
        guard let oldest = oldestStart else { return nil }
        if let next = stragglers.nextStep(startedAt: oldest, at: now),
            !stragglers.isLate(startedAt: oldest, at: now)
        {
            return next
        }
        return pool.compactMap(\.job?.startedAt)
            .compactMap { stragglers.nextStep(startedAt: $0, at: now) }.min()
    }

    /// Of helpdesks with late mails: those that have more at hand, and how many.
    ///
    /// They must not fill the stock, or no mail of another helpdesk could be claimed.
    var heldByStragglers: (helpdesks: Set<String>, stock: Int, behind: Int) {
        let straggling = straggling
        guard !straggling.isEmpty else { return ([], 0, 0) }
        var helpdesks: Set<String> = []
        let stock = waiting.count { mail in
            let helpdesk = mail.mail.key.helpdeskID
            guard straggling.contains(helpdesk) else { return false }
            helpdesks.insert(helpdesk)
            return true
        }
        let behind = waiting.behindCount { straggling.contains($0.mail.key.helpdeskID) }
        return (helpdesks, stock, behind)
    }

    /// What was claimed of them before goes back: their turn comes when one of their mails ends.
    private func returnCrowded() {
        let crowded = crowded
        guard !crowded.isEmpty, !waiting.isEmpty else { return }
        for mail in waiting.removeAll() {
            if crowded.contains(mail.mail.key.helpdeskID) {
                note(mail, .unused)
            } else {
                waiting.append(mail, class: mail.turn, helpdesk: mail.mail.key.helpdeskID)
            }
        }
    }

    private func giveUpOldest(at now: SteadyTime) {
        let oldest = pool.compactMap { pooled in pooled.job.map { (pooled, $0) } }
            .filter { _, job in
                stragglers.mayGiveUp(
                    startedAt: job.startedAt, dotAnnounced: job.ask { $0.dotAnnounced }, at: now)
            }
            .min { $0.1.startedAt < $1.1.startedAt }
        guard let (pooled, job) = oldest else { return }
        let seconds = (now - job.startedAt).inMilliseconds / 1_000
        // What has been said by now counts.
        drive(pooled, job, readable: true)
        guard pooled.job === job, !job.ask({ $0.dotAnnounced }) else { return }
        stragglers.gaveUp(startedAt: job.startedAt, at: now)
        job.dialogue.gaveUp(after: .seconds(seconds))
        drive(pooled, job, readable: false)
    }

    /// Connections beyond the limit that are not needed any more.
    private func closeSpares(_ allowed: Int) {
        var open = openCount
        let most = max(settings.connections, allowed) + spared
        for pooled in pool where pooled.isIdle && open > most {
            pooled.quit(at: clock.steadyNow())
            open -= 1
        }
    }
}

extension PooledConnection {
    /// The mail under way on it.
    var job: Job? {
        if case .busy(let job) = activity, !isClosed { job } else { nil }
    }
}
