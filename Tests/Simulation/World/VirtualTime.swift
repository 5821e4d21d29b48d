import Delivery
import Synchronization
import TestSupport

@testable import Engine

/// Clocks that stand still until a test moves them.
final class VirtualClock: SimulatedClock {
    /// What the steady clock says when a world begins.
    static let start = SteadyTime(nanoseconds: 1_000_000_000)

    private let nanoseconds = Mutex(start.nanoseconds)
    /// By how much the wall clock was set.
    private let step = Mutex<Duration>(.zero)
    private let began: WallTime

    /// - Parameter began: what the wall clock says at ``start``.
    init(began: WallTime) {
        self.began = began
    }

    func steadyNow() -> SteadyTime { SteadyTime(nanoseconds: nanoseconds.withLock(\.self)) }

    func wallNow() -> WallTime {
        began + (steadyNow() - Self.start) + step.withLock(\.self)
    }

    /// Sets the wall clock.
    func set(by time: Duration) { step.withLock { $0 += time } }

    func advance(by time: Duration) {
        nanoseconds.withLock { $0 += time.inNanoseconds }
    }
}

/// The same numbers for the same seed.
final class VirtualRandom: SimulatedRandom {
    private let generator: Mutex<SplitMix64>

    init(seed: UInt64) {
        generator = Mutex(SplitMix64(seed: seed))
    }

    func next() -> UInt64 { generator.withLock { $0.next() } }
}

/// A signal without a descriptor.
final class Flag: Signal {
    private let isRaised = Mutex(false)

    func signal() { isRaised.withLock { $0 = true } }

    @discardableResult
    func drain() -> Bool {
        isRaised.withLock { isRaised in
            defer { isRaised = false }
            return isRaised
        }
    }

    var isSet: Bool { isRaised.withLock(\.self) }
}
