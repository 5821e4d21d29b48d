/// Who may hold the connections to the relay, so that no helpdesk keeps all of them from the others
/// (Contract.md, "Neighbours"): ``Stragglers`` and ``SlowHelpdesks`` together.
///
/// | a mail's helpdesk | the mail begins |
/// |---|---|
/// | has no late mail, and is not slow | in its turn |
/// | has a late mail, and no connection within the limit is free | after all others that wait |
/// | has stragglers, had one given up lately, or is slow, and all connections but the last are in use | when a mail ends |
/// | is slow, and the slow ones hold their half | when one of theirs ends |
/// | has stragglers | where one more connection lies idle |
///
/// A straggler whose final dot is announced can't be given up, since a second copy might go out. It is
/// *parked*: it keeps its socket and takes nobody's place. Example: the relay is silent after eight dots, and
/// the ninth mail finds a connection all the same.
///
/// A value without a clock. What is asked for at each mail costs nothing until something is late.
package struct ConnectionShares: Hashable, Sendable {
    /// A mail under way.
    package struct Dialogue: Hashable, Sendable {
        package var helpdesk: String
        package var startedAt: SteadyTime
        package var dotAnnounced: Bool

        package init(helpdesk: String, startedAt: SteadyTime, dotAnnounced: Bool = false) {
            self.helpdesk = helpdesk
            self.startedAt = startedAt
            self.dotAnnounced = dotAnnounced
        }
    }

    /// `OUTBOXD_SMTP_CONNECTIONS`.
    package var limit: Int
    /// How many connections the relay takes, as far as is known: also of the parked ones.
    package var ceiling: Int?
    /// Of the mails under way, those that do not count against the limit.
    package private(set) var spared = 0
    /// The parked ones among them.
    private var parked = 0
    private var stragglers = Stragglers()
    private var suspects = SuspectHelpdesks()
    private var slow = SlowHelpdesks()

    package init(limit: Int) {
        self.limit = limit
    }

    // MARK: What happened

    /// A dialogue ended with a reply.
    package mutating func ended(_ dialogue: Dialogue, isAccepted: Bool, at now: SteadyTime) {
        slow.ended(dialogue.helpdesk, took: now - dialogue.startedAt)
        if !stragglers.isStraggler(startedAt: dialogue.startedAt, at: now) {
            suspects.clear(dialogue.helpdesk)
        }
        // A slow helpdesk's mails are not what is usual, or the silent ones of another would have 15 s.
        if isAccepted, !slow.isSlow(dialogue.helpdesk) {
            stragglers.accepted(startedAt: dialogue.startedAt, at: now)
        }
    }

    /// Decides which dialogues do not use up a place; once a round, unless ``isUsual(oldest:at:)``.
    package mutating func recount(_ dialogues: [Dialogue], allowed: Int, at now: SteadyTime) {
        let active = active(dialogues, at: now)
        parked = dialogues.count - active.count
        var beside = stragglers.spared(
            of: active.map(\.startedAt), allowed: allowed, limit: limit, at: now)
        if allowed > 0 {
            let slow = SlowHelpdesks.spared(underWay: slowCount(active), allowed: allowed)
            beside = max(beside, min(Stragglers.spares(limit: limit), slow))
        }
        spared = parked + beside
        if allowed > 0, triesBeyond(dialogues, at: now) {
            spared = max(spared, dialogues.count - allowed + 1)
        }
    }

    /// Whether one mail more is tried though all connections are taken: all of them have been silent for half a
    /// minute after their final dots, so that none can be given up, and the relay may work for others, or again.
    private func triesBeyond(_ dialogues: [Dialogue], at now: SteadyTime) -> Bool {
        guard let youngest = dialogues.map(\.startedAt).max(),
            dialogues.count < Stragglers.mostOpen(limit: limit),
            dialogues.allSatisfy(\.dotAnnounced)
        else { return false }
        return stragglers.isStraggler(startedAt: youngest, at: now)
            && now - youngest >= .seconds(30)
    }

    /// Those that are not parked.
    ///
    /// At most `max(4, limit)` of one helpdesk are.
    private func active(_ dialogues: [Dialogue], at now: SteadyTime) -> [Dialogue] {
        var (total, own): (Int, [String: Int]) = (0, [:])
        let most = stragglers.mostParked(at: now)
        return dialogues.filter { dialogue in
            guard dialogue.dotAnnounced,
                stragglers.isStraggler(startedAt: dialogue.startedAt, at: now),
                total < most, own[dialogue.helpdesk, default: 0] < max(4, limit)
            else { return true }
            total += 1
            own[dialogue.helpdesk, default: 0] += 1
            return false
        }
    }

    // MARK: Who may begin

    /// No dialogue is spared and no helpdesk's mails take long, so no helpdesk is crowded.
    package var isUsual: Bool { spared == 0 && slow.isEmpty }

    /// Whether ``recount(_:allowed:at:)`` would change nothing.
    ///
    /// - Parameter oldest: when the oldest dialogue under way began.
    package func isUsual(oldest: SteadyTime?, at now: SteadyTime) -> Bool {
        guard isUsual, let oldest else { return isUsual }
        return !stragglers.isStraggler(startedAt: oldest, at: now)
    }

    /// Helpdesks that hold all the connections that they may hold.
    package func crowded(_ dialogues: [Dialogue], at now: SteadyTime) -> Set<String> {
        let active = active(dialogues, at: now)
        var found = crowdedByStragglers(dialogues, active, at: now)
        if !slow.isEmpty, slowCount(active) >= SlowHelpdesks.most(limit: limit) {
            found.formUnion(slow.slow)
        }
        return found
    }

    /// Whether one more mail of the helpdesk would take a connection that is left for others.
    package func wouldCrowd(
        _ helpdesk: String, _ dialogues: [Dialogue], at now: SteadyTime
    ) -> Bool {
        let active = active(dialogues, at: now)
        let isSlow = slow.isSlow(helpdesk)
        if isSlow, slowCount(active) >= SlowHelpdesks.most(limit: limit) { return true }
        guard spared > 0, active.count >= mostHeldByStragglers else {
            return false
        }
        // A parked one shows as well as any other what its helpdesk's mails are like.
        return isSlow || suspects.contains(helpdesk, at: now)
            || straggling(dialogues, at: now).contains { $0.helpdesk == helpdesk }
    }

    /// Helpdesks whose mails begin only where they leave an open connection to the others: they have stragglers,
    /// and the relay may take no further connection once their next mail is silent, too.
    ///
    /// - Parameter mayGetMore: A further connection is being opened or may be, or the relay takes none. If not, only our own
    ///   limit is reached: then those wait that have a young mail under way, which may be silent, too, and move
    ///   the limit. Example: four silent mails began within 2 ms; the first is a straggler, and a fifth connection is
    ///   open.
    package func leavingOneOpen(
        _ dialogues: [Dialogue], mayGetMore: Bool, at now: SteadyTime
    ) -> Set<String> {
        guard spared > 0, limit > 1 else { return [] }
        let straggling = straggling(dialogues, at: now)
        let all = Set(straggling.map(\.helpdesk)).union(suspects.all(at: now))
        guard !mayGetMore else { return all }
        let young = dialogues.filter { !stragglers.isStraggler(startedAt: $0.startedAt, at: now) }
        return all.intersection(young.map(\.helpdesk))
    }

    /// Helpdesks of which a mail is late, while no connection within the limit is free: their other mails
    /// go last.
    package func late(
        _ dialogues: [Dialogue], allowed: Int, at now: SteadyTime
    ) -> Set<String> {
        let active = active(dialogues, at: now)
        guard active.count >= allowed else { return [] }
        return Set(
            dialogues.filter { stragglers.isLate(startedAt: $0.startedAt, at: now) }.map(\.helpdesk)
        ).union(suspects.all(at: now))
    }

    package func isLate(startedAt: SteadyTime, at now: SteadyTime) -> Bool {
        stragglers.isLate(startedAt: startedAt, at: now)
    }

    /// When the dialogue is late, or a straggler; nil if it is a straggler already.
    package func nextStep(startedAt: SteadyTime, at now: SteadyTime) -> SteadyTime? {
        stragglers.nextStep(startedAt: startedAt, at: now)
    }

    // MARK: Given up

    /// Whether the oldest dialogue is to make room: others wait and no connection is left, or one
    /// helpdesk's stragglers hold all but the last.
    package func oldestShouldMakeRoom(
        _ dialogues: [Dialogue], allowed: Int, othersWait: Bool, at now: SteadyTime
    ) -> Bool {
        let isFull =
            spared - parked == Stragglers.spares(limit: limit)
            && dialogues.count - spared >= allowed
            || ceiling.map { dialogues.count >= $0 } ?? false
        return isFull && othersWait
            || isHeldByOne(active(dialogues, at: now), at: now)
    }

    /// Of a helpdesk with more stragglers than ``limit``, the latest, though it has not had its half minute: its
    /// other mails would find no connection, one silent mail after the other.
    ///
    /// Of all stragglers together, the latest that hold the last connection.
    ///
    /// Only while the relay accepts mail; that of others, or of the same helpdesk. Example: four connections, and a
    /// relay that is silent about thirty recipients of one helpdesk. Four have half a minute; of the others each
    /// has a second, and comes back as after any failure.
    package func excess(_ dialogues: [Dialogue], at now: SteadyTime) -> [Dialogue] {
        guard spared > 0, stragglers.isProven(at: now) else { return [] }
        let late = straggling(active(dialogues, at: now), at: now)
            .sorted { $0.startedAt < $1.startedAt }
        var own: [String: Int] = [:]
        var kept = 0
        return late.filter { dialogue in
            own[dialogue.helpdesk, default: 0] += 1
            let isTooMany =
                own[dialogue.helpdesk, default: 0] > limit
                || kept >= mostHeldByStragglers
            if !isTooMany { kept += 1 }
            return isTooMany
        }
    }

    /// See ``Stragglers/mayGiveUp(startedAt:dotAnnounced:at:)``.
    package func mayGiveUp(
        startedAt: SteadyTime, dotAnnounced: Bool, at now: SteadyTime
    ) -> Bool {
        stragglers.mayGiveUp(startedAt: startedAt, dotAnnounced: dotAnnounced, at: now)
    }

    /// A dialogue was given up.
    ///
    /// - Parameter isExcess: It was one of ``excess(_:at:)``: that says nothing of the relay.
    package mutating func gaveUp(_ dialogue: Dialogue, isExcess: Bool, at now: SteadyTime) {
        suspects.add(dialogue.helpdesk, at: now)
        if !isExcess { stragglers.gaveUp(startedAt: dialogue.startedAt, at: now) }
    }

    // MARK: Counting

    /// The most connections that helpdesks with stragglers hold, beside those that are parked.
    ///
    /// One is left for the others. Where the relay takes no more, it must be one of those that are open.
    private var mostHeldByStragglers: Int {
        let most = Stragglers.mostHeldByStragglers(limit: limit)
        return ceiling.map { min(most, max(0, $0 - parked - 1)) } ?? most
    }

    private func straggling(_ dialogues: [Dialogue], at now: SteadyTime) -> [Dialogue] {
        dialogues.filter { stragglers.isStraggler(startedAt: $0.startedAt, at: now) }
    }

    private func slowCount(_ dialogues: [Dialogue]) -> Int {
        slow.isEmpty ? 0 : dialogues.count { slow.isSlow($0.helpdesk) }
    }

    /// One helpdesk's stragglers hold every connection but the last.
    private func isHeldByOne(_ active: [Dialogue], at now: SteadyTime) -> Bool {
        guard spared > 0 else { return false }
        var own: [String: Int] = [:]
        for dialogue in straggling(active, at: now) { own[dialogue.helpdesk, default: 0] += 1 }
        return own.values.contains { $0 >= mostHeldByStragglers }
    }

    /// The helpdesks whose stragglers together hold every connection but the last.
    private func crowdedByStragglers(
        _ dialogues: [Dialogue], _ active: [Dialogue], at now: SteadyTime
    ) -> Set<String> {
        guard spared > 0 else { return [] }
        let helpdesks = Set(straggling(dialogues, at: now).map(\.helpdesk))
            .union(suspects.all(at: now))
        let held = active.count { helpdesks.contains($0.helpdesk) }
        return held >= mostHeldByStragglers ? helpdesks : []
    }
}
