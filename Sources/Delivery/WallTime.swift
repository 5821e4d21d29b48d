/// A moment as the tables hold it: milliseconds since the Unix epoch, UTC.
///
/// The wall clock may be set while outboxd runs. What must not depend on that is measured in
/// ``SteadyTime``.
package struct WallTime: Hashable, Comparable, Sendable {
    package var milliseconds: Int64

    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    package static func < (lhs: WallTime, rhs: WallTime) -> Bool {
        lhs.milliseconds < rhs.milliseconds
    }

    /// Saturates: a value read from a table may be anything.
    package static func + (lhs: WallTime, rhs: Duration) -> WallTime {
        let (sum, overflow) = lhs.milliseconds.addingReportingOverflow(rhs.inMilliseconds)
        guard overflow else { return WallTime(milliseconds: sum) }
        return WallTime(milliseconds: rhs < .zero ? .min : .max)
    }

    package static func - (lhs: WallTime, rhs: Duration) -> WallTime {
        lhs + (.zero - rhs)
    }

    package static func - (lhs: WallTime, rhs: WallTime) -> Duration {
        let (difference, overflow) = lhs.milliseconds.subtractingReportingOverflow(rhs.milliseconds)
        guard overflow else { return .milliseconds(difference) }
        return .milliseconds(lhs < rhs ? Int64.min : .max)
    }
}
