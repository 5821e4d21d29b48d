import Delivery
import Glibc

/// A value behind a lock, and threads that wait until it satisfies a condition.
///
/// Whoever changes the value evaluates the conditions of those who wait and wakes only those whose
/// condition holds: a waiting test costs the changing threads next to nothing.
package final class Monitor<Value>: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private var value: Value
    private var waiters: [Waiter] = []

    private final class Waiter {
        let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
        let holds: (Value) -> Bool
        var isSatisfied = false

        init(_ holds: @escaping (Value) -> Bool) {
            self.holds = holds
            var attributes = pthread_condattr_t()
            pthread_condattr_init(&attributes)
            pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
            pthread_cond_init(condition, &attributes)
            pthread_condattr_destroy(&attributes)
        }

        deinit {
            pthread_cond_destroy(condition)
            condition.deallocate()
        }
    }

    package init(_ value: Value) {
        self.value = value
        pthread_mutex_init(mutex, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    /// Reads, or reads and changes, the value; then wakes whoever waited for what it is now.
    package func update<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        let result = try body(&value)
        for waiter in waiters where !waiter.isSatisfied && waiter.holds(value) {
            waiter.isSatisfied = true
            pthread_cond_signal(waiter.condition)
        }
        return result
    }

    /// Reads the value.
    package func read<Result>(_ body: (Value) throws -> Result) rethrows -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body(value)
    }

    /// Blocks this thread until the condition holds, or has held after some change meanwhile.
    ///
    /// - Parameter holds: evaluated under the lock, on this thread and on those that change the
    ///   value: it must be quick and must not use this monitor.
    /// - Returns: false when the time has run out.
    package func wait(
        timeout: Duration, until holds: @escaping @Sendable (Value) -> Bool
    ) -> Bool {
        var deadline = Self.deadline(after: timeout)
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        if holds(value) { return true }
        let waiter = Waiter(holds)
        waiters.append(waiter)
        defer { waiters.removeAll { $0 === waiter } }
        while !waiter.isSatisfied {
            if pthread_cond_timedwait(waiter.condition, mutex, &deadline) == ETIMEDOUT {
                return waiter.isSatisfied
            }
        }
        return true
    }

    private static func deadline(after timeout: Duration) -> timespec {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        let wait = max(0, min(timeout, .seconds(1_000_000_000)).inNanoseconds)
        let sum = Int64(now.tv_nsec) + wait
        return timespec(
            tv_sec: now.tv_sec + Int(sum / 1_000_000_000), tv_nsec: Int(sum % 1_000_000_000))
    }
}
