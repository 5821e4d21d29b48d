package import Delivery
internal import Service

/// The clocks of the engine: the machine's, or a simulator's.
///
/// Every decision of the engine takes its time from here; asking the machine's costs one comparison more
/// than ``SystemClock``.
package struct EngineClock: Sendable {
    /// The machine's.
    package static let system = EngineClock()

    private let simulated: (any SimulatedClock)?

    package init(_ simulated: (any SimulatedClock)? = nil) {
        self.simulated = simulated
    }

    /// May be set, and so may jump.
    package func wallNow() -> WallTime { simulated?.wallNow() ?? SystemClock().wallNow() }

    /// Never set; goes on during suspend.
    package func steadyNow() -> SteadyTime { simulated?.steadyNow() ?? SystemClock().steadyNow() }

    package func now() -> ClockReading { ClockReading(wall: wallNow(), steady: steadyNow()) }
}

/// Time that goes on when a simulator says so.
package protocol SimulatedClock: AnyObject, Sendable {
    func wallNow() -> WallTime
    func steadyNow() -> SteadyTime
}
