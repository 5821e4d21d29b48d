internal import Delivery

/// When something is done that is done now and then: at once, and after that so long after the last time.
struct Interval {
    private var next = SteadyTime(nanoseconds: 0)

    func isDue(at now: SteadyTime) -> Bool { now >= next }

    mutating func done(at now: SteadyTime, again after: Duration) { next = now + after }
}
