import Delivery
import TestSupport

extension Simulate {
    /// Explores a model, and tells how much there was, or how a promise is broken.
    ///
    /// - Parameter isVerbose: Each state of the history that breaks it is told, too.
    /// - Returns: false if a promise was broken.
    static func explore(_ size: ModelSize, isVerbose: Bool) -> Bool {
        let began = TestClock.steady
        do {
            let model = try Model(size)
            let failure = try model.run()
            let graph = model.graph
            say(
                """
                2 processes, \(size.mails) mails, \(size.faults) faults: \(graph.states) states, \
                \(graph.transitions) transitions, \(graph.ends) ends, depth \(graph.depth), in \
                \(Int((TestClock.steady - began).inSeconds)) s
                """)
            guard let failure else { return true }
            tell(failure, isVerbose: isVerbose)
        } catch {
            say("\(error)")
        }
        return false
    }

    private static func tell(_ failure: Model.Failure, isVerbose: Bool) {
        for (place, step) in failure.history.enumerated() {
            say("\(step)")
            if isVerbose, place < failure.states.count { say(failure.states[place]) }
        }
        say("\(failure.violation)")
    }
}
