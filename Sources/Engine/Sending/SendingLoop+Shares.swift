internal import Delivery
internal import SMTP
internal import Service
internal import Store

/// Mails that keep a connection for long, and the others that must not wait for them: what
/// ``ConnectionShares`` decides is carried out here.
extension SendingLoop {
    /// Counts once a round which dialogues do not count against the connections in use.
    func recountShares() {
        let now = clock.steadyNow()
        // Nearly every round ends here.
        guard pool.count > settings.connections || !shares.isUsual(oldest: oldestStart, at: now)
        else { return }
        let allowed = breaker.allowance(at: now)
        let dialogues = dialogues
        shares.recount(dialogues, allowed: allowed, at: now)
        returnCrowded()
        if shares.makesRoom(
            dialogues, allowed: allowed, othersWait: !waiting.isEmpty, at: now)
        {
            giveUpOldest(at: now)
        }
        giveUpExcess(dialogues, at: now)
        closeSpares(allowed)
    }

    private var dialogues: [ConnectionShares.Dialogue] { pool.compactMap(\.job?.share) }

    /// When the oldest dialogue under way began; asked some times a round, so without closures.
    private var oldestStart: SteadyTime? {
        var oldest: SteadyTime?
        for pooled in pool {
            guard let job = pooled.job else { continue }
            if oldest.map({ job.startedAt < $0 }) ?? true { oldest = job.startedAt }
        }
        return oldest
    }

    /// Whether the mail must wait until another of its helpdesk ends, so that a connection is left for
    /// other helpdesks.
    func wouldCrowd(_ mail: OutgoingMail, at now: SteadyTime) -> Bool {
        guard !shares.isUsual else { return false }
        return shares.wouldCrowd(mail.mail.key.helpdeskID, dialogues, at: now)
    }

    /// Whether the mail would take a connection that is open beside its own helpdesk's stragglers: others
    /// that wait go first.
    func leavesSpare(_ mail: OutgoingMail, at now: SteadyTime) -> Bool {
        shares.spared > 0 && late(at: now).contains(mail.mail.key.helpdeskID)
    }

    private func late(at now: SteadyTime) -> Set<String> {
        guard let oldestStart, shares.isLate(startedAt: oldestStart, at: now) else { return [] }
        return shares.late(dialogues, allowed: breaker.allowance(at: now), at: now)
    }

    /// When the next dialogue is late, or a straggler.
    func nextStraggler(at now: SteadyTime) -> SteadyTime? {
        // Nearly always the oldest is young, and the next to be late.
        guard let oldest = oldestStart else { return nil }
        guard shares.isLate(startedAt: oldest, at: now) else {
            return shares.nextStep(startedAt: oldest, at: now)
        }
        return dialogues.compactMap { shares.nextStep(startedAt: $0.startedAt, at: now) }.min()
    }

    // MARK: What is claimed

    /// Helpdesks that no mail is wanted of, and what others' claims must not count.
    struct Unwanted {
        /// Those that hold all they may, and those with late mails and more at hand.
        var helpdesks: Set<String> = []
        /// What is at hand of those with late mails: it must not fill the stock, or no mail of another
        /// helpdesk could be claimed.
        var stock = 0
        /// First attempts and retries among it.
        var behind = 0
    }

    func unwanted(at now: SteadyTime) -> Unwanted {
        var unwanted = Unwanted()
        let late = late(at: now)
        if !late.isEmpty {
            unwanted.stock = waiting.count { mail in
                let helpdesk = mail.mail.key.helpdeskID
                guard late.contains(helpdesk) else { return false }
                unwanted.helpdesks.insert(helpdesk)
                return true
            }
            unwanted.behind = waiting.behindCount { late.contains($0.mail.key.helpdeskID) }
        }
        if !shares.isUsual {
            unwanted.helpdesks.formUnion(shares.crowded(dialogues, at: now))
        }
        return unwanted
    }

    /// What was claimed of them before goes back: their turn comes when one of their mails ends.
    private func returnCrowded() {
        let crowded = shares.crowded(dialogues, at: clock.steadyNow())
        guard !crowded.isEmpty, !waiting.isEmpty else { return }
        for mail in waiting.removeAll() {
            if crowded.contains(mail.mail.key.helpdeskID) {
                note(mail, .unused)
            } else {
                waiting.append(mail, class: mail.turn, helpdesk: mail.mail.key.helpdeskID)
            }
        }
    }

    // MARK: Making room

    private func giveUpOldest(at now: SteadyTime) {
        let oldest = pool.compactMap { pooled in pooled.job.map { (pooled, $0) } }
            .filter { _, job in
                shares.mayGiveUp(
                    startedAt: job.startedAt, dotAnnounced: job.ask { $0.dotAnnounced }, at: now)
            }
            .min { $0.1.startedAt < $1.1.startedAt }
        guard let (pooled, job) = oldest, giveUp(pooled, job, at: now) else { return }
        shares.gaveUp(startedAt: job.startedAt, at: now)
    }

    private func giveUpExcess(_ dialogues: [ConnectionShares.Dialogue], at now: SteadyTime) {
        var excess = shares.excess(dialogues, at: now)
        guard !excess.isEmpty else { return }
        for pooled in pool {
            // Of several that began at the same moment no more than are named.
            guard let job = pooled.job, let index = excess.firstIndex(of: job.share) else {
                continue
            }
            excess.remove(at: index)
            guard !job.ask({ $0.dotAnnounced }) else { continue }
            _ = giveUp(pooled, job, at: now)
        }
    }

    /// - Returns: false if its reply has come after all.
    private func giveUp(
        _ pooled: PooledConnection, _ job: PooledConnection.Job, at now: SteadyTime
    ) -> Bool {
        let seconds = (now - job.startedAt).inMilliseconds / 1_000
        // What has been said by now counts.
        drive(pooled, job, readable: true)
        guard pooled.job === job, !job.ask({ $0.dotAnnounced }) else { return false }
        job.dialogue.gaveUp(after: .seconds(seconds))
        drive(pooled, job, readable: false)
        return true
    }

    /// Connections beyond the limit that are not needed any more.
    private func closeSpares(_ allowed: Int) {
        var open = openCount
        let most = max(settings.connections, allowed) + shares.spared
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

extension PooledConnection.Job {
    var share: ConnectionShares.Dialogue {
        ConnectionShares.Dialogue(helpdesk: mail.mail.key.helpdeskID, startedAt: startedAt)
    }
}
