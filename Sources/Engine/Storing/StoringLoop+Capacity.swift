internal import Delivery
internal import Store

/// How much a round takes in and claims.
extension StoringLoop {
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
        let most = commitPace.isSlow ? batches.claimedSlowly : batches.claimed
        var rest =
            mode.limit.map { max(0, $0 - progress.attempted - hand.count) } ?? most * 2
        func take(_ wanted: Int) -> Int {
            let count = max(0, min(wanted, rest))
            rest -= count
            return count
        }
        let hasResultsToWrite = !hand.hasNoResults
        // A transaction is due anyway, so all the room is filled.
        var wanted = hasResultsToWrite ? max(demand.mails, demand.room) : demand.mails
        if wanted == 0, isInnocentDue(demand) { wanted = 1 }
        let batch = lockShare.batch(most, isUrgent: isUrgent, at: clock.steadyNow())
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
    func rowsAtOnce(isHoldingBack: Bool) -> Int {
        if isHoldingBack || isUrgent { return batches.newcomers }
        return lockShare.isShared(at: clock.steadyNow()) ? batches.ingestedShared : batches.ingested
    }

    func wantedAtOnce(_ capacity: Capacity) -> Int {
        claimRequest(capacity).isRelayProbe ? 0 : capacity.mails + capacity.behind
    }
}
