import Delivery
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
        /// Right before the pre-send check; nobody dies here but in a ``Model``.
        case check
        /// It asks for another process's journal; the same.
        case inquiry
    }

    private struct State {
        var passed = 0
        var deathAt: Int
        /// It ended of itself.
        var hasLeft = false
        /// Where it died.
        var end: Point?
        var preemption: Preemption?
        /// When it lost the processor right before what it sends next.
        var excuse: SteadyTime?
    }

    /// At the first point outside the database, from this one on, something else runs before it goes on.
    private struct Preemption {
        var point: Int
        var run: @Sendable (Point) -> SteadyTime?
    }
    private let state: Mutex<State>
    /// Told of each point before it is passed: others may run meanwhile.
    private let visit: (@Sendable (Point) -> Void)?
    /// Which of the processes it is.
    let number: Int

    /// - Parameter point: The number of the point at which it dies, from 0; nil: it lives.
    init(
        _ number: Int = 0, diesAt point: Int? = nil,
        visit: (@Sendable (Point) -> Void)? = nil
    ) {
        self.number = number
        self.visit = visit
        state = Mutex(State(deathAt: point ?? .max))
    }

    var isCut: Bool { state.withLock { $0.end != nil || $0.hasLeft } }

    /// It is at a point at which nobody is killed by number.
    func stand(at point: Point) { visit?(point) }

    /// It dies here.
    func cut(at point: Point) { state.withLock { $0.end = $0.end ?? point } }

    /// It dies at the next point but so many.
    func die(after points: Int) { state.withLock { $0.deathAt = $0.passed + points } }

    /// It loses the processor at the point but so many that is no commit.
    ///
    /// - Parameter run: Returns since when, if nothing that it does before its next send could tell it.
    func preempt(after points: Int, _ run: @escaping @Sendable (Point) -> SteadyTime?) {
        state.withLock { $0.preemption = Preemption(point: $0.passed + points, run: run) }
    }

    /// Since when what it sends now may have been overtaken by the world.
    func takeExcuse() -> SteadyTime? {
        state.withLock { state in
            defer { state.excuse = nil }
            return state.excuse
        }
    }

    /// It has ended of itself, and passes no point any more.
    func leave() { state.withLock { $0.hasLeft = true } }

    /// Nothing will run at a point of it: what was to run may hold the world that holds this.
    func forgetPreemption() { state.withLock { $0.preemption = nil } }

    /// Where it died.
    var end: Point? { state.withLock(\.end) }

    /// - Returns: false if it is dead.
    func passes(_ point: Point) -> Bool {
        visit?(point)
        let others = state.withLock { state -> Preemption? in
            guard let due = state.preemption, due.point <= state.passed else { return nil }
            if case .commit = point { return nil }
            state.preemption = nil
            return due
        }
        let excuse = others.flatMap { $0.run(point) }
        return state.withLock { state in
            if let excuse { state.excuse = excuse } else if point != .send { state.excuse = nil }
            guard state.end == nil, !state.hasLeft else { return false }
            defer { state.passed += 1 }
            if state.passed == state.deathAt { state.end = point }
            return state.end == nil
        }
    }

    /// A transaction is about to begin.
    func begin() throws {
        stand(at: .commit(.begins))
        if isCut { throw Died() }
    }

    func pass(_ point: Point) throws {
        if !passes(point) { throw Died() }
    }
}
