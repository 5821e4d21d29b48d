import Store
import Synchronization

@testable import Engine

/// How long a virtual process lives: it dies at one of the points that it passes (a write to its journal, a
/// commit, a send to the relay), and nothing of it gets out from then on.
final class Lifeline: Sendable {
    struct Died: Error {}

    /// A point that a process passes.
    enum Point: Hashable, Sendable {
        case slot(SlotWrite)
        case commit(CommitPoint)
        case send
    }

    private struct State {
        var passed = 0
        var deathAt: Int
        /// Where it died.
        var end: Point?
    }
    private let state: Mutex<State>

    /// - Parameter point: The number of the point at which it dies, from 0; nil: it lives.
    init(diesAt point: Int? = nil) {
        state = Mutex(State(deathAt: point ?? .max))
    }

    var isCut: Bool { state.withLock { $0.end != nil } }
    /// Where it died.
    var end: Point? { state.withLock(\.end) }

    /// - Returns: false if it is dead.
    func passes(_ point: Point) -> Bool {
        state.withLock { state in
            guard state.end == nil else { return false }
            defer { state.passed += 1 }
            if state.passed == state.deathAt { state.end = point }
            return state.end == nil
        }
    }

    func pass(_ point: Point) throws {
        if !passes(point) { throw Died() }
    }
}
