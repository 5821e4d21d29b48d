internal import Delivery
internal import Glibc

/// Waiting for descriptors.
package enum Waiting {
    /// Waits until one of the descriptors is ready or the time has passed (nil: never).
    ///
    /// Signals that interrupt it do not lengthen the wait.
    ///
    /// - Parameter writing: Ready to be written, not read.
    /// - Returns: for each whether it is ready, at its end or in error.
    package static func poll(
        _ descriptors: [Int32], writing: Bool = false, timeout: Duration?
    ) -> [Bool] {
        let events = Int16(writing ? POLLOUT : POLLIN)
        var entries = descriptors.map { pollfd(fd: $0, events: events, revents: 0) }
        let end = timeout.map { SystemClock().steadyNow() + $0 }
        var result: Int32
        var isOver = false
        repeat {
            result = Glibc.poll(
                &entries, nfds_t(entries.count), end.map(milliseconds(until:)) ?? -1)
            isOver = end.map { SystemClock().steadyNow() >= $0 } ?? false
        } while (result < 0 && errno == EINTR) || (result == 0 && !isOver)
        return entries.map { result > 0 && $0.revents != 0 }
    }

    /// The time until then, rounded up so that nobody wakes early, and at most a day at once.
    private static func milliseconds(until end: SteadyTime) -> Int32 {
        let left = (end - SystemClock().steadyNow()).inNanoseconds
        return Int32(min(86_400_000, max(0, left / 1_000_000 + (left % 1_000_000 > 0 ? 1 : 0))))
    }
}
