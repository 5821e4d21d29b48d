/// Keeps mails at ``RateLimit``, evenly: 50/s is one every 20 ms, not 50 at once.
///
/// Each mail has a place in an even row of places, one ``RateLimit/interval`` apart, and may go up to
/// half an interval before its place; that makes up for a timer that fires late. Hence two mails are
/// never closer than half an interval, and a window as long as `per` holds at most `count + 1`,
/// wherever it is laid. Time not used is not saved up: after a pause the row of places starts anew.
package struct TokenBucket: Hashable, Sendable {
    package private(set) var limit: RateLimit
    /// The next mail's place; nil before the first.
    private var place: SteadyTime?

    package init(_ limit: RateLimit) {
        self.limit = limit
    }

    /// When the next mail may go; nil: at once, none has gone yet.
    package var nextAt: SteadyTime? {
        place.map { $0 + .nanoseconds(-(limit.interval / 2)) }
    }

    /// Another rate counts from here on: the next mail goes one new interval after the last one's place, so
    /// that changing it again and again lets nobody go faster.
    package mutating func change(to limit: RateLimit) {
        place = place.map { $0 + .nanoseconds(limit.interval - self.limit.interval) }
        self.limit = limit
    }

    /// Takes the right to send one mail, if there is one now.
    package mutating func take(at now: SteadyTime) -> Bool {
        if let nextAt, now < nextAt { return false }
        place = max(place ?? now, now) + .nanoseconds(limit.interval)
        return true
    }
}
