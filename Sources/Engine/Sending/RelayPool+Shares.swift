internal import Delivery
internal import SMTP
internal import Store

/// Who may hold the connections: what ``ConnectionShares`` is asked about those that are open.
extension RelayPool {
    var dialogues: [ConnectionShares.Dialogue] { connections.compactMap(\.job?.share) }

    /// When the oldest dialogue under way began; asked some times a round, so without closures.
    private var oldestStart: SteadyTime? {
        var oldest: SteadyTime?
        for pooled in connections {
            guard let job = pooled.job else { continue }
            if oldest.map({ job.startedAt < $0 }) ?? true { oldest = job.startedAt }
        }
        return oldest
    }

    /// Lets go of the octets of stragglers that the relay has whole, and whose copies are in the database: a
    /// relay that is silent for ten minutes about ten of the longest mails takes no memory from the others.
    func emptyStragglers(at now: SteadyTime) {
        for pooled in connections {
            guard let job = pooled.job, shares.isLate(startedAt: job.startedAt, at: now) else {
                continue
            }
            job.empty()
        }
    }

    /// What others may take though the stragglers whose final dot is out count for it: all of those that were
    /// emptied, and of the rest a part (``OctetBudget/mostExempt``).
    func exemptOctets(at now: SteadyTime) -> Int {
        guard let oldestStart, shares.isLate(startedAt: oldestStart, at: now) else { return 0 }
        var (emptied, inMemory) = (0, 0)
        for pooled in connections {
            guard let job = pooled.job, job.ask({ $0.dotAnnounced }),
                shares.isLate(startedAt: job.startedAt, at: now)
            else { continue }
            if job.mail.isEmptied {
                emptied += job.mail.octets
            } else {
                inMemory += job.mail.octets
            }
        }
        return emptied + min(inMemory, OctetBudget.mostExempt)
    }

    /// Nearly every round: no dialogue takes long, and no connection is open beyond the limit.
    func isUsual(at now: SteadyTime) -> Bool {
        connections.count <= shares.limit && shares.isUsual(oldest: oldestStart, at: now)
    }

    /// Whether a mail of the helpdesk must wait until another of its own ends, so that a connection is left
    /// for other helpdesks.
    func wouldCrowd(_ helpdesk: String, at now: SteadyTime) -> Bool {
        guard !shares.isUsual else { return false }
        return shares.wouldCrowd(helpdesk, dialogues, at: now)
    }

    /// Whether a mail of the helpdesk would take a connection that is open beside its own stragglers: others
    /// that wait go first.
    func leavesSpare(_ helpdesk: String, at now: SteadyTime) -> Bool {
        shares.spared > 0 && late(at: now).contains(helpdesk)
    }

    func leavesOneOpen(_ helpdesk: String, at now: SteadyTime) -> Bool {
        leavingOneOpen(at: now).contains(helpdesk)
    }

    /// Helpdesks whose mails must wait until a connection more lies idle, or until it is clear that none more can
    /// be had and nobody else needs this one.
    func leavingOneOpen(at now: SteadyTime) -> Set<String> {
        // While it is down one mail at a time is tried, and there is no connection to be left to others.
        guard shares.spared > 0, !health.isDown, connections.count(where: \.isIdle) < 2 else {
            return []
        }
        let mayGetMore = openingCount > 0 || mayOpenMore(at: now) || isAtCeiling(at: now)
        return shares.leavingOneOpen(dialogues, mayGetMore: mayGetMore, at: now)
            .filter { recent.hasOther(than: $0, at: now) }
    }

    /// Helpdesks with late mails.
    func late(at now: SteadyTime) -> Set<String> {
        guard let oldestStart, shares.isLate(startedAt: oldestStart, at: now) else { return [] }
        return shares.late(dialogues, allowed: health.allowance(at: now), at: now)
    }

    /// Helpdesks that hold all that they may.
    func crowded(at now: SteadyTime) -> Set<String> {
        shares.isUsual ? [] : shares.crowded(dialogues, at: now)
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

    /// The straggler to give up so that others find a connection; nil if none has to be.
    func oldestToGiveUp(at now: SteadyTime) -> PooledConnection? {
        connections.filter { pooled in
            guard let job = pooled.job else { return false }
            return shares.mayGiveUp(
                startedAt: job.startedAt, dotAnnounced: job.ask { $0.dotAnnounced }, at: now)
        }
        .min { $0.job?.startedAt ?? now < $1.job?.startedAt ?? now }
    }

    /// Those of a helpdesk's stragglers that are given up at once.
    func excess(at now: SteadyTime) -> [PooledConnection] {
        var excess = shares.excess(dialogues, at: now)
        guard !excess.isEmpty else { return [] }
        return connections.filter { pooled in
            // Of several that began at the same moment no more than are named.
            guard let job = pooled.job, let index = excess.firstIndex(of: job.share) else {
                return false
            }
            excess.remove(at: index)
            return !job.ask { $0.dotAnnounced }
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
        ConnectionShares.Dialogue(
            helpdesk: mail.mail.key.helpdeskID, startedAt: startedAt,
            dotAnnounced: ask { $0.dotAnnounced })
    }
}
