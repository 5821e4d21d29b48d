internal import Delivery

/// How fast a drain goes: over the last ten seconds, once one has passed.
struct DrainPace {
    private var samples: [(at: SteadyTime, done: Int)] = []
    private static let window: Duration = .seconds(10)
    private static let least: Duration = .seconds(1)

    /// - Parameter done: Mails that have come to an end so far.
    mutating func add(_ done: Int, at now: SteadyTime) {
        samples.append((now, done))
        while samples.count > 2, samples[1].at <= now + (.zero - Self.window) {
            samples.removeFirst()
        }
    }

    private var stretch: (milliseconds: Int64, done: Int64)? {
        guard let first = samples.first, let last = samples.last,
            first.at + Self.least <= last.at
        else { return nil }
        return (
            (last.at.nanoseconds - first.at.nanoseconds) / 1_000_000, Int64(last.done - first.done)
        )
    }

    var perMinute: Int? { stretch.map { Int($0.done * 60_000 / $0.milliseconds) } }

    /// How long so many more take; nil if nothing moves.
    func left(_ rest: Int) -> Duration? {
        guard let stretch, stretch.done > 0, rest > 0 else { return nil }
        let (product, isTooLong) = Int64(rest).multipliedReportingOverflow(by: stretch.milliseconds)
        return isTooLong ? nil : .milliseconds(product / stretch.done)
    }
}
