import Delivery
@testable import Store
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
        review.want()
        #expect(begins(&review, after: 0))
        step(&review, to: ReviewPosition(), cost: cost, isBusy: isBusy, tookLong: tookLong)
        #expect(review.nextAt(isWanted: false, isDown: false) == start + .milliseconds(next))
        #expect(next == 0 || !begins(&review, after: next - 1))
        #expect(begins(&review, after: next))
    }

    /// An instant row that comes beside a million waiting mails rarely meets a part of the pass.
    @Test func `a long pass takes a tenth of the time, though nothing else is to be done`() {
        var review = ReviewState()
        review.want()
        #expect(begins(&review, after: 0))
        step(&review, to: ReviewPosition(), cost: 20)
        #expect(begins(&review, after: 0))
        step(&review, to: ReviewPosition(), cost: 3)
        #expect(!begins(&review, after: 26) && begins(&review, after: 27))
        step(&review, to: nil, cost: 0)
        review.want()
        #expect(begins(&review, after: 2_300))
        step(&review, to: ReviewPosition(), cost: 3)
        #expect(begins(&review, after: 0))
    }

    /// Beside a million waiting mails rows that need no mail are gone through at full speed.
    @Test func `a long pass rests while rows are taken in, a short one does not`() {
        var review = ReviewState()
        review.want()
        #expect(begins(&review, after: 0))
        step(&review, to: ReviewPosition(), cost: 20, takesIn: true)
        #expect(begins(&review, after: 0))
        step(&review, to: ReviewPosition(), cost: 3, takesIn: true)
        #expect(!begins(&review, after: 299) && begins(&review, after: 300))
    }

    /// Else one slow view would keep an API server's `paused = 0` from being seen for ten seconds.
    @Test func `what took long delays no later pass`() {
        var review = ReviewState()
        review.want()
        #expect(begins(&review, after: 0))
        step(&review, to: ReviewPosition(), cost: 3)
        step(&review, to: nil, cost: 100, tookLong: true)
        #expect(review.nextAt(isWanted: true, isDown: false) == start + .milliseconds(300))
        #expect(review.nextAt(isWanted: false, isDown: false) == nil)
    }

    @Test func `while the relay is down what hangs on time is looked at once a minute`() {
        var review = ReviewState()
        review.wantWhileDown(at: start)
        #expect(begins(&review, after: 0))
        step(&review, to: nil, cost: 5)
        review.wantWhileDown(at: start + .milliseconds(59_999))
        #expect(!begins(&review, after: 59_999))
        #expect(review.nextAt(isWanted: false, isDown: true) == start + .seconds(60))
        #expect(review.nextAt(isWanted: false, isDown: false) == nil)
        // What the API server has changed does not wait for that.
        #expect(review.nextAt(isWanted: true, isDown: true) == start + .milliseconds(500))
        review.wantWhileDown(at: start + .seconds(60))
        #expect(begins(&review, after: 60_000))
    }

    @Test func `nothing is done unless it is wanted, or under way`() {
        var review = ReviewState()
        #expect(!begins(&review, after: 0) && review.nextAt(isWanted: false, isDown: false) == nil)
        review.want()
        #expect(begins(&review, after: 0) && begins(&review, after: 0))
        step(&review, to: nil, cost: 0)
        #expect(!begins(&review, after: 10_000))
    }

    /// While the relay is down all that waits is looked at, again and again.
    @Test func `passes during an outage are a second apart`() {
        var review = ReviewState()
        review.want()
        #expect(begins(&review, after: 0))
        step(&review, to: nil, cost: 1, isDown: true)
        review.want()
        #expect(!begins(&review, after: 999) && begins(&review, after: 1_000))
    }

    /// A pass beside a million mails takes an hour: a helpdesk that is paused no more does not wait for it.
    @Test func `a change during a pass has the parked lines looked at`() {
        var review = ReviewState()
        review.want()
        #expect(begins(&review, after: 0) && !review.beginsGlance(at: start))
        step(&review, to: ReviewPosition(), cost: 10, isBusy: true)
        review.want()
        #expect(review.nextAt(isWanted: false, isDown: false).map { $0 <= start } == true)
        #expect(review.beginsGlance(at: start))
        review.glanced(to: nil, at: start, cost: .milliseconds(1))
        #expect(!review.beginsGlance(at: start + .milliseconds(249)))
        #expect(review.beginsGlance(at: start + .milliseconds(250)))
        #expect(review.nextAt(isWanted: false, isDown: false) == start + .milliseconds(250))
        review.glanced(to: nil, at: start, cost: .milliseconds(5))
        #expect(review.nextAt(isWanted: false, isDown: false) == start + .milliseconds(500))
    }

    private func begins(_ review: inout ReviewState, after milliseconds: Int) -> Bool {
        review.begin(at: start + .milliseconds(milliseconds))
    }

    private func step(
        _ review: inout ReviewState, to position: ReviewPosition?, cost: Int, isBusy: Bool = false,
        takesIn: Bool = false, tookLong: Bool = false, isDown: Bool = false
    ) {
        review.stepped(
            to: position, at: start, cost: .milliseconds(cost), isBusy: isBusy, takesIn: takesIn,
            tookLong: tookLong, isDown: isDown)
    }
}
