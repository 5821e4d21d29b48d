internal import Delivery

/// The database does not take what we write: since when, and when it is tried again.
struct StoreTrouble {
    private(set) var since: SteadyTime?
    private(set) var retryAt: SteadyTime?
    private(set) var failures = 0
    private var told: String?
    private var recoveredAt: SteadyTime?

    private static let schedule = Doubling(from: .milliseconds(100), upTo: .seconds(10))
    /// Trouble that comes back so soon was not over: the waits go on where they were.
    private static let relapse: Duration = .seconds(60)

    /// - Parameter longest: the longest wait.
    /// - Returns: true if the text is news: each is told once.
    mutating func failed(_ text: String, at now: SteadyTime, longest: Duration) -> Bool {
        if since == nil, let recoveredAt, now - recoveredAt > Self.relapse { failures = 0 }
        since = since ?? now
        failures += 1
        retryAt = now + min(longest, Self.schedule.wait(step: failures))
        defer { told = text }
        return told != text
    }

    mutating func ended(at now: SteadyTime) {
        since = nil
        retryAt = nil
        told = nil
        recoveredAt = now
    }
}
