package import Delivery
import Glibc

/// The machine's clocks, in the words of the product.
package enum TestClock {
    /// `CLOCK_BOOTTIME`, as outboxd measures.
    package static var steady: SteadyTime {
        SteadyTime(nanoseconds: nanoseconds(CLOCK_BOOTTIME))
    }

    /// `CLOCK_REALTIME`, in whole milliseconds.
    package static var wall: WallTime {
        WallTime(milliseconds: nanoseconds(CLOCK_REALTIME) / 1_000_000)
    }

    private static func nanoseconds(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}

/// When something happened, on both clocks.
package struct Moment: Hashable, Sendable {
    package let steady: SteadyTime
    package let wall: WallTime

    package static var now: Moment { Moment(steady: TestClock.steady, wall: TestClock.wall) }
}
