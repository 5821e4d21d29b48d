import Delivery
import Glibc

/// Asks every 5 ms until the condition holds: the last resort, for what other processes do to files
/// and nothing signals.
///
/// - Returns: false when the time has run out.
package func eventually(
    timeout: Duration = .seconds(10), _ condition: () throws -> Bool
) rethrows -> Bool {
    let deadline = TestClock.steady + timeout
    while true {
        if try condition() { return true }
        if TestClock.steady >= deadline { return false }
        usleep(5_000)
    }
}
