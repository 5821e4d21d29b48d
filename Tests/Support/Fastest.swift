import Delivery

/// How long the fastest of several tries took: what else runs on the machine makes a try slow, and none fast.
package func fastest(of tries: Int, _ body: () throws -> Void) rethrows -> Duration {
    var best: Duration?
    for _ in 0..<tries {
        let began = TestClock.steady
        try body()
        let took = TestClock.steady - began
        best = min(best ?? took, took)
    }
    return best ?? .zero
}
