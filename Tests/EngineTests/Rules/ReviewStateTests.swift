import Delivery
import Testing

@testable import Engine

@Suite("When the next step of a review is due")
struct ReviewStateTests {
    private let start = SteadyTime(nanoseconds: 1_000_000_000)

    /// - Parameter next: milliseconds after the step.
    @Test(arguments: [
        (cost: 5, isBusy: false, tookLong: false, next: 0),
        (cost: 5, isBusy: true, tookLong: false, next: 500),
        (cost: 100, isBusy: false, tookLong: true, next: 1_000),
        (cost: 100, isBusy: true, tookLong: true, next: 1_000),
    ])
    func `a step`(cost: Int, isBusy: Bool, tookLong: Bool, next: Int) {
        var review = ReviewState()
        review.isUnderWay = true
        review.stepped(at: start, cost: .milliseconds(cost), isBusy: isBusy, tookLong: tookLong)
        #expect(review.nextAt(isWanted: false) == start + .milliseconds(next))
        #expect(review.isDue(at: start) == (next == 0))
        #expect(review.isDue(at: start + .milliseconds(next)))
    }

    /// Else one slow view would keep an API server's `paused = 0` from being seen for ten seconds.
    @Test func `what took long delays no later pass`() {
        var review = ReviewState()
        review.stepped(at: start, cost: .milliseconds(3), isBusy: false, tookLong: false)
        review.stepped(at: start, cost: .milliseconds(100), isBusy: false, tookLong: true)
        review.finished(at: start, isDown: false)
        #expect(review.nextAt(isWanted: true) == start + .milliseconds(300))
        #expect(review.nextAt(isWanted: false) == nil)
    }
}
