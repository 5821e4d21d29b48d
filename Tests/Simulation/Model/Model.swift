import CFork
import Delivery
import Glibc
import TestSupport

/// Explores every history of two processes, a few mails and a few faults, by the functions that run in production.
///
/// A state is a process of the operating system: at each fork in the way one is forked for each step but the last, so
/// that nothing has to know how an engine is copied. A state whose text (``ModelState``) was met before is not
/// explored again.
struct Model {
    let size: ModelSize
    let graph: StateGraph
    /// Steps without an end: a history that is longer has gone astray.
    private static let longestHistory = 2_000

    init(_ size: ModelSize) throws {
        self.size = size
        graph = try StateGraph()
    }

    /// A history that broke a promise.
    struct Failure {
        var violation: Violation
        var history: [ModelStep]
        /// The state after each step, as far as it was reached.
        var states: [String] = []
    }

    /// - Returns: nil if every promise was kept.
    /// - Throws: ``SystemCallError``; ``StateGraph/Full``.
    func run() throws -> Failure? {
        let world = try ModelWorld(size)
        let first = try number(of: world).number
        if try !inChild({ try explore(world, [], from: first) }) { return try failure() }
        guard let stuck = graph.stuck() else { return nil }
        let text = "no way to the end without another fault"
        guard var failure = try follow(graph.way(to: stuck), text: text) else { return nil }
        if failure.violation.promise == .broken { failure.violation.promise = .stuck }
        return failure
    }

    private func number(of world: ModelWorld) throws -> (number: UInt32, isNew: Bool) {
        var hash = FNV1a64()
        hash.combine(ModelState.text(of: world))
        return try graph.insert(hash.value, isEnd: world.isOver)
    }

    // MARK: Exploring

    /// Explores what follows, in the world's own process.
    ///
    /// - Parameter way: The places of the steps that have led here.
    private func explore(_ world: ModelWorld, _ way: [Int], from state: UInt32) throws {
        var (way, state) = (way, state)
        while true {
            let steps = world.steps
            guard let last = steps.indices.last else { return }
            for place in steps.indices.dropLast() {
                let isKept = try inChild {
                    guard let next = try go(world, way + [place], from: state) else { return }
                    try explore(world, way + [place], from: next)
                }
                // What was broken there is noted.
                if !isKept { _exit(1) }
            }
            way.append(last)
            guard let next = try go(world, way, from: state) else { return }
            state = next
        }
    }

    /// - Returns: the state that the last step leads to, if it is new.
    private func go(_ world: ModelWorld, _ way: [Int], from state: UInt32) throws -> UInt32? {
        guard let place = way.last, way.count <= Self.longestHistory else {
            throw Violation(.spinning, "a history of \(way.count) steps")
        }
        graph.goes(way, from: state)
        let step = world.steps[place]
        try world.take(step)
        let found = try number(of: world)
        try graph.connect(
            StateGraph.Edge(
                from: state, to: found.number, step: UInt16(place), isFault: step.isFault))
        return found.isNew ? found.number : nil
    }

    /// - Returns: false if a promise was broken there.
    private func inChild(_ body: () throws -> Void) throws -> Bool {
        let child = outboxd_fork()
        guard child != 0 else {
            do {
                try body()
                _exit(0)
            } catch {
                graph.fail("\(error)")
                _exit(1)
            }
        }
        var status: Int32 = 0
        guard child > 0, waitpid(child, &status, 0) == child else { throw SystemCallError("fork") }
        return status == 0
    }

    // MARK: Telling

    /// The shortest history known that ends with the step that failed, or else the one that was followed.
    private func failure() throws -> Failure? {
        let (way, from) = graph.followed
        let shortest = graph.way(to: from) + way.suffix(1)
        for way in [shortest, way] {
            if let failure = try follow(way, text: graph.text) { return failure }
        }
        return Failure(violation: Violation(.broken, graph.text), history: [])
    }

    /// Follows a way once more, to its end or until it breaks a promise.
    ///
    /// - Parameter text: What is wrong if it does not.
    /// - Returns: nil if it can't be followed.
    private func follow(_ way: [Int], text: String) throws -> Failure? {
        let world = try ModelWorld(size)
        var failure = Failure(violation: Violation(.broken, text), history: [])
        for place in way {
            let steps = world.steps
            guard place < steps.count else { return nil }
            failure.history.append(steps[place])
            do {
                try world.take(steps[place])
            } catch {
                failure.violation = error as? Violation ?? Violation(.broken, "\(error)")
                return failure
            }
            failure.states.append(ModelState.text(of: world))
        }
        return failure
    }
}
