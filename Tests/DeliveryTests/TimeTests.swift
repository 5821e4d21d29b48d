import Delivery
import Testing

@Suite struct TimeTests {
    @Test(
        arguments: [
            (.milliseconds(1), 1), (.microseconds(1_999), 1), (.microseconds(-1_999), -1),
            (.seconds(-2), -2_000), (.zero, 0),
            (.seconds(Int64.max), Int64.max), (.seconds(Int64.min), Int64.min),
            (.milliseconds(Int64.max), Int64.max), (.milliseconds(Int64.min), Int64.min),
            (.milliseconds(Int64.max) + .seconds(1), Int64.max),
            (.milliseconds(Int64.min) - .seconds(1), Int64.min),
        ] as [(Duration, Int64)])
    func `whole milliseconds are rounded towards zero and saturate`(
        duration: Duration, expected: Int64
    ) {
        #expect(duration.inMilliseconds == expected)
    }

    @Test(
        arguments: [
            (.nanoseconds(7), 7), (.seconds(3), 3_000_000_000), (.nanoseconds(-7), -7),
            (.seconds(Int64.max), Int64.max), (.seconds(-10_000_000_000), Int64.min),
            (.nanoseconds(Int64.max), Int64.max),
            (.nanoseconds(Int64.max) + .seconds(1), Int64.max),
        ] as [(Duration, Int64)])
    func `whole nanoseconds saturate`(duration: Duration, expected: Int64) {
        #expect(duration.inNanoseconds == expected)
    }

    @Test func `wall time adds and subtracts`() {
        #expect(wall(0) + .seconds(60) == wall(60))
        #expect(wall(60) - .seconds(60) == wall(0))
        #expect(wall(60) - wall(0) == .seconds(60))
        #expect(wall(0) - wall(60) == .seconds(-60))
        #expect(wall(0) < wall(0.001))
        #expect(!(wall(0) < wall(0)))
    }

    @Test func `wall time saturates, since a value from a table may be anything`() {
        let latest = WallTime(milliseconds: .max)
        let earliest = WallTime(milliseconds: .min)
        #expect(latest + .milliseconds(1) == latest)
        #expect(earliest + .milliseconds(-1) == earliest)
        #expect(latest - .milliseconds(-1) == latest)
        #expect(earliest - .milliseconds(1) == earliest)
        #expect(latest + .seconds(Int64.max) == latest)
        #expect(earliest - .seconds(Int64.max) == earliest)
        #expect(latest - earliest == .milliseconds(Int64.max))
        #expect(earliest - latest == .milliseconds(Int64.min))
    }

    @Test func `steady time adds, subtracts and saturates`() {
        let latest = SteadyTime(nanoseconds: .max)
        let earliest = SteadyTime(nanoseconds: .min)
        #expect(steady(1) + .seconds(2) == steady(3))
        #expect(steady(3) - steady(1) == .seconds(2))
        #expect(steady(1) - steady(3) == .seconds(-2))
        #expect(latest + .nanoseconds(1) == latest)
        #expect(earliest + .nanoseconds(-1) == earliest)
        #expect(latest - earliest == .nanoseconds(Int64.max))
        #expect(earliest - latest == .nanoseconds(Int64.min))
        #expect(steady(1.5).milliseconds == 1_500)
    }
}
