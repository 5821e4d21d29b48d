internal import Delivery

/// How long the storing thread leaves the write lock alone between two transactions.
///
/// SQLite has no queue for its lock: whoever waits polls, after pauses of up to 100 ms, and gets it only
/// if it is free at that moment (https://sqlite.org/c3ref/busy_timeout.html). A thread that takes it again
/// at once keeps an API server waiting for as long as there is work: with a fifth of the time free every
/// fifth try succeeds. Composing mails lies between two transactions too, so a drain pays nothing.
///
/// Example: a batch of ingest held the lock for 12 ms; the next begins 3 ms after it. After one that a slow
/// view kept for 400 ms it is free for 100 ms: whoever waits polls no more often by then.
struct LockShare {
    private static let longest: Duration = .milliseconds(5)
    /// A hold of this length waited for a slow disk, or for the API server's slow view or trigger.
    private static let long: Duration = .milliseconds(90)
    private static let longestAfterLong: Duration = .milliseconds(125)
    private var freeUntil: SteadyTime?

    mutating func held(from start: SteadyTime, to end: SteadyTime) {
        let held = end - start
        let most = held >= Self.long ? Self.longestAfterLong : Self.longest
        freeUntil = end + min(held / 4, most)
    }

    /// What is left of the pause.
    func pause(at now: SteadyTime) -> Duration {
        guard let freeUntil else { return .zero }
        return max(.zero, freeUntil - now)
    }
}
