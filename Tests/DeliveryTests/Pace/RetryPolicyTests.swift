import Delivery
import TestSupport
import Testing

@Suite struct RetryPolicyTests {
    /// The table of the doc comment.
    static let defaults = [30, 60, 120, 240, 480, 960, 1_920, 3_600, 3_600]

    // "retried after `min(cap, base × 2^(n-1)) × [0.5, 1]`"
    @Test func `the schedule of the defaults`() {
        let policy = RetryPolicy.usual
        let longest = (1...9).map { policy.longestDelay(attempt: $0) }
        #expect(longest == Self.defaults.map { .seconds($0) })
    }

    @Test(arguments: 1...9)
    func `each draw lies between half of the longest and the longest`(attempt: Int) {
        var generator = SplitMix64(seed: UInt64(attempt))
        let longest = Duration.seconds(Self.defaults[attempt - 1])
        let draws = (0..<2_000).map { _ in
            RetryPolicy.usual.delay(attempt: attempt, using: &generator)
        }
        #expect(draws.allSatisfy { longest / 2 <= $0 && $0 <= longest })
        // Evenly: each quarter of the range gets its share, 500 on average.
        for quarter in 0..<4 {
            let low = longest / 2 + longest / 8 * quarter
            let share = draws.count { low <= $0 && $0 < low + longest / 8 }
            #expect((350...650).contains(share))
        }
    }

    @Test func `the same seed draws the same`() {
        var one = SplitMix64(seed: 7)
        var other = SplitMix64(seed: 7)
        #expect(
            RetryPolicy.usual.delay(attempt: 3, using: &one)
                == RetryPolicy.usual.delay(attempt: 3, using: &other))
    }

    @Test(arguments: [Int.min, 0, 63, 64, 65, 1_000, Int.max])
    func `no attempt overflows`(attempt: Int) {
        var generator = SplitMix64(seed: 1)
        let expected: Duration = attempt < 1 ? .seconds(30) : .seconds(3_600)
        #expect(RetryPolicy.usual.longestDelay(attempt: attempt) == expected)
        #expect(RetryPolicy.usual.delay(attempt: attempt, using: &generator) >= expected / 2)

        let endless = RetryPolicy(base: .seconds(Int64.max), cap: .seconds(Int64.max))
        #expect(
            endless.delay(attempt: attempt, using: &generator) >= .nanoseconds(Int64.max / 2))
    }

    @Test func `a cap below the base holds from the first attempt`() {
        var generator = SplitMix64(seed: 1)
        let policy = RetryPolicy(base: .seconds(30), cap: .milliseconds(100))
        #expect(policy.longestDelay(attempt: 1) == .milliseconds(100))
        #expect(policy.delay(attempt: 1, using: &generator) <= .milliseconds(100))
    }
}

extension RetryPolicy {
    fileprivate static let usual = RetryPolicy(base: .seconds(30), cap: .seconds(3_600))
}
