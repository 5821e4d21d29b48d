import Delivery
import TestSupport
import Testing

@Suite struct TokenBucketTests {
    static let limits = [(50, 1), (600, 60), (3, 1), (1, 1), (1, 60), (7, 60), (5_000, 1)]

    @Test(arguments: [(0, Duration.seconds(1)), (-1, .seconds(1)), (5, .zero), (5, .seconds(-1))])
    func `a limit needs something to count and time to count in`(count: Int, per: Duration) {
        #expect(RateLimit(count: count, per: per) == nil)
    }

    @Test(arguments: [(50, 1, 20_000_000), (600, 60, 100_000_000), (3, 1, 333_333_334)])
    func `the interval is rounded up`(count: Int, seconds: Int, interval: Int64) throws {
        let limit = try #require(RateLimit(count: count, per: .seconds(seconds)))
        #expect(limit.interval == interval)
    }

    @Test func `a limit finer than a nanosecond is one`() throws {
        let limit = try #require(RateLimit(count: .max, per: .seconds(1)))
        #expect(limit.interval == 1)
    }

    @Test func `the first goes at once, the next half an interval before its place`() throws {
        var bucket = TokenBucket(try #require(RateLimit(count: 50, per: .seconds(1))))
        #expect(bucket.nextAt == nil)
        // The second's place is 5.02, the third's 5.04.
        let taken = [5.0, 5.0, 5.009, 5.01, 5.02, 5.029, 5.03].filter {
            bucket.take(at: steady($0))
        }
        #expect(taken == [5.0, 5.01, 5.03])
        #expect(bucket.nextAt == steady(5.05))
    }

    @Test func `a refusal changes nothing`() throws {
        var bucket = TokenBucket(try #require(RateLimit(count: 1, per: .seconds(60))))
        _ = bucket.take(at: steady(0))
        let before = bucket
        let again = bucket.take(at: steady(29))
        #expect(!again)
        #expect(bucket == before)
    }

    @Test(arguments: limits)
    func `never more than n and one in any window, at any call times`(
        count: Int, seconds: Int
    ) throws {
        let limit = try #require(RateLimit(count: count, per: .seconds(seconds)))
        for seed in 0..<20 as Range<UInt64> {
            var generator = SplitMix64(seed: seed)
            var bucket = TokenBucket(limit)
            var now = steady(1)
            var taken: [SteadyTime] = []
            while taken.count < 2 * min(count, 300) + 10 {
                if bucket.take(at: now) { taken.append(now) }
                let most = generator.chance(5) ? 4 * limit.interval : limit.interval / 3
                now = now + .nanoseconds(Int64.random(in: 1...most, using: &generator))
            }
            for (index, start) in taken.enumerated() {
                let end = start + limit.per
                #expect(taken[index...].count { $0 <= end } <= count + 1)
                if index > 0 {
                    let gap = start - taken[index - 1]
                    #expect(gap >= .nanoseconds(limit.interval / 2))
                }
            }
        }
    }

    @Test(arguments: limits)
    func `a timer that is late by less than half an interval loses nothing`(
        count: Int, seconds: Int
    ) throws {
        let limit = try #require(RateLimit(count: count, per: .seconds(seconds)))
        var generator = SplitMix64(seed: 42)
        var bucket = TokenBucket(limit)
        let start = steady(0)
        var now = start
        for _ in 0..<1_000 {
            let taken = bucket.take(at: now)
            #expect(taken)
            let late = Int64.random(in: 0...(limit.interval / 2), using: &generator)
            now = try #require(bucket.nextAt) + .nanoseconds(late)
        }
        #expect(now - start <= .nanoseconds(1_000 * limit.interval))
    }

    @Test func `another rate counts from the last place on, and changing it gains nothing`() throws
    {
        let slow = try #require(RateLimit(count: 1, per: .seconds(60)))
        let fast = try #require(RateLimit(count: 1, per: .seconds(1)))
        var bucket = TokenBucket(slow)
        _ = bucket.take(at: steady(0))
        bucket.change(to: fast)
        #expect(bucket.nextAt == steady(0.5))
        bucket.change(to: slow)
        bucket.change(to: slow)
        #expect(bucket.nextAt == steady(30))
        #expect(bucket.limit == slow)
    }

    @Test func `time not used is not saved up`() throws {
        var bucket = TokenBucket(try #require(RateLimit(count: 50, per: .seconds(1))))
        _ = bucket.take(at: steady(0))
        let burst = (0..<1_000).count { _ in bucket.take(at: steady(3_600)) }
        #expect(burst == 1)
    }
}
