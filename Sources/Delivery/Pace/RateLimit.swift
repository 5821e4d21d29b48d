/// So many mails in a stretch of time: `50/s`, `600/m`.
package struct RateLimit: Hashable, Sendable {
    package let count: Int
    package let per: Duration

    /// nil if there is nothing to count or no time to count in.
    package init?(count: Int, per: Duration) {
        guard count > 0, per.inNanoseconds > 0 else { return nil }
        self.count = count
        self.per = per
    }

    /// The distance between two mails in nanoseconds, rounded up: never more than was asked for.
    package var interval: Int64 {
        let (whole, rest) = per.inNanoseconds.quotientAndRemainder(dividingBy: Int64(count))
        return rest == 0 ? whole : whole + 1
    }
}
