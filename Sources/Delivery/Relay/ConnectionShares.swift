/// Who may hold the connections to the relay, so that no helpdesk keeps all of them from the others
/// (contract, section 3, "Neighbours"): ``Stragglers`` and ``SlowHelpdesks`` together.
///
/// | a mail's helpdesk | the mail begins |
/// |---|---|
/// | has no late mail, and is not slow | in its turn |
/// | has a late mail, and no connection within the limit is free | after all others that wait |
/// | has stragglers or is slow, and all connections but the last are in use | when a mail ends |
/// | is slow, and the slow ones hold their half | when one of theirs ends |
///
/// A value without a clock. What is asked for at each mail costs nothing until something is late.
package struct ConnectionShares: Hashable, Sendable {
    /// A mail under way.
    package struct Dialogue: Hashable, Sendable {
        package var helpdesk: String
        package var startedAt: SteadyTime

        package init(helpdesk: String, startedAt: SteadyTime) {
            self.helpdesk = helpdesk
            self.startedAt = startedAt
        }
    }

    /// `OUTBOXD_SMTP_CONNECTIONS`.
    package let limit: Int
    /// Of the mails under way, those that do not count against the limit.
    package private(set) var spared = 0
    private var stragglers = Stragglers()
    private var slow = SlowHelpdesks()

    package init(limit: Int) {
        self.limit = limit
    }

    // MARK: What happened

    /// A dialogue ended with a reply.
    package mutating func ended(_ dialogue: Dialogue, isAccepted: Bool, at now: SteadyTime) {
        slow.ended(dialogue.helpdesk, took: now - dialogue.startedAt)
        // A slow helpdesk's mails are not what is usual, or the silent ones of another would have 15 s.
        if isAccepted, !slow.isSlow(dialogue.helpdesk) {
            stragglers.accepted(startedAt: dialogue.startedAt, at: now)
        }
    }

    /// Counts which dialogues do not count; once a round, unless ``isUsual(oldest:at:)``.
    package mutating func recount(_ dialogues: [Dialogue], allowed: Int, at now: SteadyTime) {
        let starts = dialogues.map(\.startedAt)
        spared = stragglers.spared(of: starts, allowed: allowed, limit: limit, at: now)
        guard allowed > 0 else { return }
        let beside = SlowHelpdesks.spared(underWay: slowCount(dialogues), allowed: allowed)
        spared = max(spared, min(Stragglers.spares(limit: limit), beside))
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
        var found: Set<String> = []
        if let straggling = crowdedByStragglers(dialogues, at: now) { found.insert(straggling) }
        if !slow.isEmpty, slowCount(dialogues) >= SlowHelpdesks.most(limit: limit) {
            found.formUnion(slow.slow)
        }
        return found
    }

    /// Whether one more mail of the helpdesk would take a connection that is left for others.
    package func wouldCrowd(
        _ helpdesk: String, _ dialogues: [Dialogue], at now: SteadyTime
    ) -> Bool {
        let isSlow = slow.isSlow(helpdesk)
        if isSlow, slowCount(dialogues) >= SlowHelpdesks.most(limit: limit) { return true }
        guard spared > 0, dialogues.count >= Stragglers.mostOfOneHelpdesk(limit: limit) else {
            return false
        }
        return isSlow
            || dialogues.contains {
                $0.helpdesk == helpdesk
                    && stragglers.isStraggler(startedAt: $0.startedAt, at: now)
            }
    }

    /// Helpdesks of which a mail is late, while no connection within the limit is free: their other mails
    /// go last.
    package func late(
        _ dialogues: [Dialogue], allowed: Int, at now: SteadyTime
    ) -> Set<String> {
        guard dialogues.count >= allowed else { return [] }
        return Set(
            dialogues.filter { stragglers.isLate(startedAt: $0.startedAt, at: now) }
                .map(\.helpdesk))
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
    package func makesRoom(
        _ dialogues: [Dialogue], allowed: Int, othersWait: Bool, at now: SteadyTime
    ) -> Bool {
        let isFull =
            spared == Stragglers.spares(limit: limit) && dialogues.count - spared >= allowed
        return isFull && othersWait || crowdedByStragglers(dialogues, at: now) != nil
    }

    /// Of a helpdesk with more stragglers than ``limit``, the latest, though it has not had its half minute: its
    /// other mails would find no connection, one silent mail after the other.
    ///
    /// Only while the relay accepts mail; that of others, or of the same helpdesk. Example: the relay is silent
    /// about thirty recipients of one helpdesk. Four have half a minute; of the others each has a second, and
    /// comes back as after any failure.
    package func excess(_ dialogues: [Dialogue], at now: SteadyTime) -> [Dialogue] {
        guard spared > 0, stragglers.isProven(at: now) else { return [] }
        var byHelpdesk: [String: [Dialogue]] = [:]
        for dialogue in dialogues
        where stragglers.isStraggler(startedAt: dialogue.startedAt, at: now) {
            byHelpdesk[dialogue.helpdesk, default: []].append(dialogue)
        }
        return byHelpdesk.values.filter { $0.count > limit }.flatMap { late in
            late.sorted { $0.startedAt < $1.startedAt }.dropFirst(limit)
        }
    }

    /// See ``Stragglers/mayGiveUp(startedAt:dotAnnounced:at:)``.
    package func mayGiveUp(
        startedAt: SteadyTime, dotAnnounced: Bool, at now: SteadyTime
    ) -> Bool {
        stragglers.mayGiveUp(startedAt: startedAt, dotAnnounced: dotAnnounced, at: now)
    }

    package mutating func gaveUp(startedAt: SteadyTime, at now: SteadyTime) {
        stragglers.gaveUp(startedAt: startedAt, at: now)
    }

    // MARK: Counting

    private func slowCount(_ dialogues: [Dialogue]) -> Int {
        slow.isEmpty ? 0 : dialogues.count { slow.isSlow($0.helpdesk) }
    }

    /// The helpdesk whose stragglers hold every connection but the last.
    private func crowdedByStragglers(_ dialogues: [Dialogue], at now: SteadyTime) -> String? {
        guard spared > 0 else { return nil }
        var counts: [String: Int] = [:]
        for dialogue in dialogues
        where stragglers.isStraggler(startedAt: dialogue.startedAt, at: now) {
            counts[dialogue.helpdesk, default: 0] += 1
        }
        return counts.first { $0.value >= Stragglers.mostOfOneHelpdesk(limit: limit) }?.key
    }
}
