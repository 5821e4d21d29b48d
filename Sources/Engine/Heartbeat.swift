package import Delivery
internal import Synchronization

/// When a thread was last seen at the top of its loop: what the watchdog is fed with is progress, not
/// the mere existence of a process.
package final class Heartbeat: Sendable {
    private let last = Atomic<Int64>(0)

    private let count = Atomic<Int>(0)

    package init() {}

    func beat(_ now: SteadyTime) {
        last.store(now.nanoseconds, ordering: .relaxed)
        count.add(1, ordering: .relaxed)
    }

    /// How many rounds the loop has made: few while there is nothing to do.
    package var rounds: Int { count.load(ordering: .relaxed) }

    /// How long ago; nil before the first beat.
    package func age(at now: SteadyTime) -> Duration? {
        let nanoseconds = last.load(ordering: .relaxed)
        return nanoseconds == 0 ? nil : now - SteadyTime(nanoseconds: nanoseconds)
    }
}
