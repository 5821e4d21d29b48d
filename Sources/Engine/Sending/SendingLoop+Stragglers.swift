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
        guard spared > 0 || pool.count > settings.connections || hasStraggler(at: now) else {
            return
        }
        let starts = pool.compactMap { $0.job?.startedAt }
        let allowed = breaker.allowance(at: now)
        spared = 0
        spared = stragglers.spared(
            of: starts, allowed: allowed, limit: settings.connections, at: now)
        returnCrowded()
        let isFull =
            spared == Stragglers.spares(limit: settings.connections) && busyCount >= allowed
        if isFull && !waiting.isEmpty || crowded != nil { giveUpOldest(at: now) }
        closeSpares(allowed)
    }

    private func hasStraggler(at now: SteadyTime) -> Bool {
        pool.contains { pooled in
            guard let job = pooled.job else { return false }
            return stragglers.isStraggler(startedAt: job.startedAt, at: now)
        }
    }

    /// The helpdesk whose stragglers hold every connection but the last.
    var crowded: String? {
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

    /// Whether the mail would take the last connection though others of its helpdesk are stragglers:
    /// if it became one too, no connection would be left for other helpdesks.
    func wouldCrowd(_ mail: OutgoingMail, at now: SteadyTime) -> Bool {
        guard spared > 0 else { return false }
        let own = pool.compactMap(\.job)
            .filter { $0.mail.mail.key.helpdeskID == mail.mail.key.helpdeskID }
        return own.count >= Stragglers.mostOfOneHelpdesk(limit: settings.connections)
            && own.contains { stragglers.isStraggler(startedAt: $0.startedAt, at: now) }
    }

    /// What was claimed of it before goes back: its turn comes when one of its stragglers ends.
    private func returnCrowded() {
        guard let crowded, !waiting.isEmpty else { return }
        for mail in waiting.removeAll() {
            if mail.mail.key.helpdeskID == crowded {
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
