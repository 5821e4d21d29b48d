import Delivery
import Testing

@testable import Engine

@Suite("How long the write lock is left alone")
struct LockShareTests {
    private let start = SteadyTime(nanoseconds: 1_000_000_000)

    @Test(
        "a quarter of the time it was held, no more than 5 ms, or 125 ms after a long time",
        arguments: [
            (0, 0), (4, 1), (12, 3), (20, 5), (24, 5), (88, 5), (400, 100), (30_000, 125),
        ])
    func pause(held: Int, pause: Int) {
        var share = LockShare()
        #expect(share.pause(at: start) == .zero)
        let end = start + .milliseconds(held)
        share.held(from: start, to: end)
        #expect(share.pause(at: end) == .milliseconds(pause))
    }

    @Test("what was done meanwhile counts")
    func partOver() {
        var share = LockShare()
        let end = start + .milliseconds(12)
        share.held(from: start, to: end)
        #expect(share.pause(at: end + .milliseconds(1)) == .milliseconds(2))
        #expect(share.pause(at: end + .milliseconds(3)) == .zero)
        #expect(share.pause(at: end + .seconds(9)) == .zero)
    }
}
