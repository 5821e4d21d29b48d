import Delivery
import Engine
import Synchronization
import TestSupport

/// Stands still but for the steps of a test, so that nothing depends on how fast the machine is.
final class SteppedClock: SimulatedClock {
    private let passed = Mutex(Duration.zero)
    private let (steady, wall) = (TestClock.steady, TestClock.wall)

    func steadyNow() -> SteadyTime { steady + passed.withLock { $0 } }
    func wallNow() -> WallTime { wall + passed.withLock { $0 } }

    func step(by duration: Duration) { passed.withLock { $0 += duration } }
}
