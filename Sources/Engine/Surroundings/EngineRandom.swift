/// The engine's randomness: the system's, or a simulator's.
///
/// Backoffs are drawn from it, and what makes Message-IDs unguessable. Copies draw from the same source.
package struct EngineRandom: RandomNumberGenerator, Sendable {
    private var system = SystemRandomNumberGenerator()
    private let simulated: (any SimulatedRandom)?

    package init(_ simulated: (any SimulatedRandom)? = nil) {
        self.simulated = simulated
    }

    package mutating func next() -> UInt64 { simulated?.next() ?? system.next() }
}

/// Numbers that are the same again for the same seed.
package protocol SimulatedRandom: Sendable {
    func next() -> UInt64
}
