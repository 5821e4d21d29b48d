internal import Delivery
internal import Store

/// How far the storing thread has come with each process whose mails it takes over.
struct RecoveryBook {
    private struct Case {
        /// Mails up to this id have been dealt with in this pass.
        var after: Int64 = 0
        /// A mail of this pass could not be taken over.
        var hasFailed = false
        /// Passes in a row in which that was so.
        var failures = 0
        var notBefore = SteadyTime(nanoseconds: 0)
    }

    private var cases: [Int64: Case] = [:]
    /// The process that was looked at last: when a round's time is up the next goes on after it, so that
    /// nobody's turn never comes.
    var position: Int64 = 0
    var reminder = Reminder<JournalTrouble>()

    /// By id, starting behind the one that was looked at last.
    func inTurn(_ others: [Instance]) -> [Instance] {
        let sorted = others.sorted { $0.id < $1.id }
        return sorted.filter { $0.id > position } + sorted.filter { $0.id <= position }
    }

    func isDue(_ id: Int64, at now: SteadyTime) -> Bool { (cases[id]?.notBefore ?? now) <= now }

    func after(_ id: Int64) -> Int64 { cases[id]?.after ?? 0 }

    /// Failures are told in the first pass; the same mails fail in those after it.
    func tellsFailures(of id: Int64) -> Bool { (cases[id]?.failures ?? 0) == 0 }

    /// Some mails of the process were dealt with.
    ///
    /// - Parameters:
    ///   - last: the last of them; nil if there was none.
    ///   - isLast: there are no more.
    /// - Returns: whether none is left.
    mutating func stepped(
        _ id: Int64, to last: Int64?, failed: Bool, isLast: Bool, at now: SteadyTime
    ) -> Bool {
        var known = cases[id] ?? Case()
        known.hasFailed = known.hasFailed || failed
        known.after = last ?? known.after
        guard isLast else {
            cases[id] = known
            return false
        }
        guard known.hasFailed else {
            cases[id] = nil
            return true
        }
        known.failures += 1
        known.notBefore = now + RecoveryPause.pause(failures: known.failures)
        known.hasFailed = false
        known.after = 0
        cases[id] = known
        return false
    }

    /// Forgets the processes that are not there any more.
    mutating func keep(_ ids: [Int64]) {
        let ids = Set(ids)
        cases = cases.filter { ids.contains($0.key) }
    }
}
