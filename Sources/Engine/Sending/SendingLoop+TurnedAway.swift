internal import Delivery
internal import Service
internal import Store

/// Mails that got 421: each is first on a fresh connection, until others show whose fault it is
/// (Contract.md).
extension SendingLoop {
    // MARK: 421

    /// The relay has ended the connection instead of taking this mail.
    func turnedAway(_ job: PooledConnection.Job, _ result: SendResult, _ error: DeliveryError) {
        // 421 is a refusal, even to the dot: whoever recovers this mail finds that nothing went out.
        journal.free(job.slot)
        if isStopping { return note(job.mail, .unused) }
        if job.mail.isEmptied {
            // It can't go again from here, and took its time: an attempt.
            return results.append(result.withoutSlot(.verdict(.deferred(error))))
        }
        let next = fresh.turnedAway(
            job.mail, onFresh: job.isFirst, accepted: relay.health.accepted,
            othersCouldGo: othersCouldGo)
        switch next {
        case .firstOnFresh: break
        case .ownFailure: results.append(result.withoutSlot(.verdict(.deferred(error))))
        case .waitForOthers, .relayTrouble:
            fresh.hold(result.withoutSlot())
            settleHeld()
        }
    }

    /// Another than those that were turned away twice is under way, or could be.
    private var othersCouldGo: Bool {
        !waiting.isEmpty || !again.isEmpty || !fresh.isEmpty || relay.busyCount > 0
    }

    /// The relay takes mail: what was turned away was turned away for itself.
    func othersWereAccepted() {
        for result in fresh.takeHeld() {
            guard case .verdict(.turnedAway(let error)) = result.end else { continue }
            results.append(result.withoutSlot(.verdict(.deferred(error))))
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
        relay.health.turnedAway(held.map(\.mail.mail), trouble, at: clock.now())
        results += held.map { $0.withoutSlot(.verdict(.relayTrouble(trouble))) }
        relay.quitIdle(at: clock.steadyNow())
    }

    // MARK: First on a fresh connection

    /// Begins those that may go now, or opens connections for them.
    func beginOnFresh() {
        while let mail = nextOnFresh {
            let now = clock.steadyNow()
            guard relay.mayBeginMail(at: now), checkTrouble.allowsBeginning(at: now) else { return }
            guard let pooled = relay.freshConnection else {
                return relay.openFresh(for: waiting.count + fresh.count, at: clock.now())
            }
            fresh.remove(mail)
            guard begin(mail, on: pooled, at: now) else { return fresh.putBack(mail) }
        }
    }

    private var nextOnFresh: OutgoingMail? {
        guard !fresh.isEmpty else { return nil }
        let isUnderWay = relay.connections.contains {
            $0.job.map { fresh.isSuspect($0.mail) } ?? false
        }
        let now = clock.steadyNow()
        return fresh.next(othersWait: !waiting.isEmpty, suspectIsUnderWay: isUnderWay) {
            relay.wouldCrowd($0.mail.key.helpdeskID, at: now)
        }
    }
}
