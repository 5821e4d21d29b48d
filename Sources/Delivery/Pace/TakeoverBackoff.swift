/// How long a mail waits whose process died while it had it.
///
/// Most such mails are bystanders and go at once. A mail that kills the process each time must not
/// take the daemon down in a loop:
///
/// | taken over | wait |
/// |---|---|
/// | once, twice | none |
/// | 3 times | 1 s |
/// | 4, 5, 6 … 11 times | 2 s, 4 s, 8 s … 256 s |
/// | 12 times and more | 5 min |
package enum TakeoverBackoff {
    private static let schedule = Doubling(from: .seconds(1), upTo: .seconds(300))
    private static let freeOfWait = 2

    /// - Parameter takeovers: How often the mail has been taken over from a dead process, this time
    ///   included.
    package static func delay(takeovers: Int) -> Duration {
        takeovers <= freeOfWait ? .zero : schedule.wait(step: takeovers - freeOfWait)
    }
}
