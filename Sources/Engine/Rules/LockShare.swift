internal import Delivery

/// How much of the write lock the storing thread leaves to others.
///
/// SQLite has no queue for its lock: whoever waits polls, after pauses of 1, 2, 5, 10 … up to 100 ms, and
/// gets it only if it is free at that moment (https://sqlite.org/c3ref/busy_timeout.html). A thread that
/// takes it again at once keeps an API server waiting for as long as there is work.
///
/// | another process's last commit | a transaction claims | then the lock stays free for |
/// |---|---|---|
/// | was a second ago or longer | as much as there is | a quarter of the time it was held, 5 ms at most |
/// | was within the last second | ``sharedBatch`` mails | twice the time it was held, 12 ms at most |
/// | brought an instant row | ``urgentBatch`` mails | |
/// | | after a hold of 90 ms and more | 125 ms at most: whoever waits polls no more often by then |
///
/// An instant row that comes while the lock is left free cuts that to once the time it was held: its insert has had
/// the lock, and its mail does not wait for 64 others.
///
/// Example: an API server commits 500 times a second beside a drain. A batch holds the lock for 4 ms, and it is
/// free for 8: an insert that came in between has it at its third or fourth try, 3 to 8 ms later. Composing
/// mails lies between two transactions too, so a drain that is alone pays nothing.
struct LockShare {
    static let sharedBatch = 64
    static let urgentBatch = 32
    /// How often it is looked for instant rows meanwhile.
    static let look: Duration = .milliseconds(1)
    private static let memory: Duration = .seconds(1)
    private static let longestAlone: Duration = .milliseconds(5)
    private static let longestShared: Duration = .milliseconds(12)
    /// A hold of this length waited for a slow disk, or for the API server's slow view or trigger.
    private static let long: Duration = .milliseconds(90)
    private static let longestAfterLong: Duration = .milliseconds(125)

    private var freeUntil: SteadyTime?
    /// For an instant row that has just come.
    private var urgentFrom: SteadyTime?
    private var othersCommittedAt: SteadyTime?

    mutating func othersCommitted(at now: SteadyTime) { othersCommittedAt = now }

    func isShared(at now: SteadyTime) -> Bool {
        othersCommittedAt.map { now - $0 < Self.memory } ?? false
    }

    /// How many mails a transaction claims.
    ///
    /// - Parameter isUrgent: An instant row has just come.
    func batch(_ most: Int, isUrgent: Bool = false, at now: SteadyTime) -> Int {
        if isUrgent { return min(most, Self.urgentBatch) }
        return isShared(at: now) ? min(most, Self.sharedBatch) : most
    }

    mutating func held(from start: SteadyTime, to end: SteadyTime) {
        let held = end - start
        let (wanted, most) =
            isShared(at: end) ? (held * 2, Self.longestShared) : (held / 4, Self.longestAlone)
        let isLong = held >= Self.long
        let pause = min(wanted, isLong ? Self.longestAfterLong : most)
        freeUntil = end + pause
        urgentFrom = end + (isLong ? pause : min(pause, held))
    }

    /// What is left of the pause.
    ///
    /// - Parameter isUrgent: An instant row has just come.
    func pause(isUrgent: Bool = false, at now: SteadyTime) -> Duration {
        guard let end = isUrgent ? urgentFrom : freeUntil else { return .zero }
        return max(.zero, end - now)
    }
}
