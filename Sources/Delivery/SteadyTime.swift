/// A moment on a clock that nobody sets and that goes on while the machine sleeps
/// (`CLOCK_BOOTTIME`), in nanoseconds since boot.
///
/// Only comparable within one boot.
package struct SteadyTime: Hashable, Comparable, Sendable {
    package var nanoseconds: Int64

    package init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    package var milliseconds: Int64 { nanoseconds / 1_000_000 }

    package static func < (lhs: SteadyTime, rhs: SteadyTime) -> Bool {
        lhs.nanoseconds < rhs.nanoseconds
    }

    package static func + (lhs: SteadyTime, rhs: Duration) -> SteadyTime {
        let (sum, overflow) = lhs.nanoseconds.addingReportingOverflow(rhs.inNanoseconds)
        return SteadyTime(nanoseconds: overflow ? (rhs < .zero ? .min : .max) : sum)
    }

    package static func - (lhs: SteadyTime, rhs: SteadyTime) -> Duration {
        let (difference, overflow) =
            lhs.nanoseconds.subtractingReportingOverflow(rhs.nanoseconds)
        guard overflow else { return .nanoseconds(difference) }
        return .nanoseconds(lhs < rhs ? Int64.min : .max)
    }
}
