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
        guard !relay.isUsual(at: now) else { return }
        relay.emptyStragglers(at: now)
        let allowed = relay.health.allowance(at: now)
        let dialogues = relay.dialogues
        relay.shares.ceiling = relay.knownCeiling(at: now)
        relay.shares.recount(dialogues, allowed: allowed, at: now)
        returnCrowded()
        if relay.shares.oldestShouldMakeRoom(
            dialogues, allowed: allowed, othersWait: !waiting.isEmpty, at: now)
        {
            giveUpOldest(at: now)
        }
        for pooled in relay.excess(at: now) { giveUp(pooled, isExcess: true, at: now) }
        relay.closeSpares(allowed: allowed, at: now)
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
        // What can't begin now must not fill the stock.
        let late = relay.late(at: now).union(relay.leavingOneOpen(at: now))
        if !late.isEmpty {
            unwanted.stock = waiting.count { mail in
                let helpdesk = mail.mail.key.helpdeskID
                guard late.contains(helpdesk) else { return false }
                unwanted.helpdesks.insert(helpdesk)
                return true
            }
            unwanted.behind = waiting.behindCount { late.contains($0.mail.key.helpdeskID) }
        }
        unwanted.helpdesks.formUnion(relay.crowded(at: now))
        return unwanted
    }

    /// What was claimed of them before goes back: their turn comes when one of their mails ends.
    private func returnCrowded() {
        let crowded = relay.crowded(at: clock.steadyNow())
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
        guard let pooled = relay.oldestToGiveUp(at: now) else { return }
        giveUp(pooled, isExcess: false, at: now)
    }

    private func giveUp(_ pooled: PooledConnection, isExcess: Bool, at now: SteadyTime) {
        guard let job = pooled.job else { return }
        let seconds = (now - job.startedAt).inMilliseconds / 1_000
        // What has been said by now counts.
        drive(pooled, job, readable: true)
        guard pooled.job === job, !job.ask({ $0.dotAnnounced }) else { return }
        relay.shares.gaveUp(job.share, isExcess: isExcess, at: now)
        job.dialogue.gaveUp(after: .seconds(seconds))
        drive(pooled, job, readable: false)
    }
}
