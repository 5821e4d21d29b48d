/// How long a mail waits after a temporary failure: `min(cap, base × 2^(n-1)) × [0.5, 1]`.
///
/// With the defaults, base 30 s and cap 1 h:
///
/// | after attempt | wait |
/// |---|---|
/// | 1 | 15 s to 30 s |
/// | 2 | 30 s to 1 min |
/// | 3 | 1 min to 2 min |
/// | 4 | 2 min to 4 min |
/// | 5 | 4 min to 8 min |
/// | 6 | 8 min to 16 min |
/// | 7 | 16 min to 32 min |
/// | 8 and later | 30 min to 1 h |
///
/// The draw spreads mails that failed together, so that they do not come back together.
package struct RetryPolicy: Hashable, Sendable {
    private let schedule: Doubling

    package init(base: Duration, cap: Duration) {
        schedule = Doubling(from: base, upTo: cap)
    }

    /// The longest wait after attempt `attempt`, counted from 1.
    package func longestDelay(attempt: Int) -> Duration {
        schedule.wait(step: attempt)
    }

    /// A wait drawn evenly between half of the longest and the longest.
    package func delay(
        attempt: Int, using generator: inout some RandomNumberGenerator
    ) -> Duration {
        let longest = longestDelay(attempt: attempt).inNanoseconds
        return .nanoseconds(Int64.random(in: (longest - longest / 2)...longest, using: &generator))
    }
}
