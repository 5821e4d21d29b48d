/// A barrier that a test opens: whoever comes to it waits until then.
package final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var arrivals = 0
        /// Counts the calls of `nudge`, so that a waiter notices one.
        var nudges = 0
    }
    private let state = Monitor(State())

    package init() {}

    /// Lets through everybody who waits and whoever comes later.
    package func open() {
        state.update { $0.isOpen = true }
    }

    /// How many have come to the gate so far, those let through included.
    package var arrivals: Int { state.read { $0.arrivals } }

    /// Waits until that many have come to the gate.
    package func waitForArrivals(_ count: Int = 1, timeout: Duration = .seconds(10)) -> Bool {
        state.wait(timeout: timeout) { $0.arrivals >= count }
    }

    /// Waits at the gate.
    ///
    /// - Parameter givesUp: asked at first and after each `nudge`.
    /// - Returns: true when the gate is open.
    func pass(unless givesUp: () -> Bool) -> Bool {
        state.update { $0.arrivals += 1 }
        while true {
            let (isOpen, nudges) = state.read { ($0.isOpen, $0.nudges) }
            if isOpen { return true }
            if givesUp() { return false }
            _ = state.wait(timeout: .seconds(3_600)) { $0.isOpen || $0.nudges != nudges }
        }
    }

    /// Makes everybody who waits ask again whether to give up.
    func nudge() {
        state.update { $0.nudges += 1 }
    }
}
