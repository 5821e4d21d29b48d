internal import Delivery
internal import Store

/// What a run keeps for its end: `drain` acts through the pauses that stood when it began, counts what it has
/// attempted, and keeps aside what another relay refuses.
struct DrainProgress {
    /// Operator's pauses that this run acts through, and when each was set.
    let pausesAtStart: [String: WallTime]
    /// What was paused since.
    private(set) var newPauses: Set<String> = []
    /// The database was restored, and nobody has released it.
    var isHeldAsRestored = false
    /// Mails that were attempted in this run.
    private(set) var attempted = 0
    /// Refused by another relay.
    var setAside = SetAside()
    private var looksAgainUntil = SteadyTime(nanoseconds: 0)

    /// - Parameter pauses: Those that stand; none for the daemon.
    init(pausesAtStart pauses: [String: WallTime]) {
        pausesAtStart = pauses
    }

    var ignoredPauses: Set<String> { Set(pausesAtStart.keys) }

    /// - Parameter pauses: Those that stand now. One that was lifted and set again is another.
    /// - Returns: true if one was set since the start, and none was known before.
    mutating func follow(_ pauses: [String: WallTime]) -> Bool {
        guard newPauses.isEmpty else { return false }
        newPauses = Set(pauses.filter { pausesAtStart[$0.key] != $0.value }.keys)
        return !newPauses.isEmpty
    }

    /// What went back as it was is no mail of a drain's limit.
    mutating func attempted(_ attempts: [EngineEvent.Attempt]) {
        attempted += attempts.count { if case .returned = $0.outcome { false } else { true } }
    }

    /// A mail has gone back for a moment: a drain does not end meanwhile.
    mutating func looksAgain(at now: SteadyTime) {
        looksAgainUntil = now + FinishedMail.pauseBeforeLookingAgain * 2
    }

    func isLookingAgain(at now: SteadyTime) -> Bool { now < looksAgainUntil }
}
