import Delivery
import Testing

@testable import Engine

/// Every line of the table of ``FaultNews``.
struct FaultNewsTests {
    private func steady(_ seconds: Int64) -> SteadyTime {
        SteadyTime(nanoseconds: seconds * 1_000_000_000)
    }

    @Test func `the first ten of a minute are told, the others counted`() {
        var news = FaultNews()
        let told = (0..<1_000).map { _ in news.countAndTell("no such table", at: steady(1)) }
        #expect(told == Array(repeating: true, count: 10) + Array(repeating: false, count: 990))
        let isOtherTold = news.countAndTell("malformed JSON", at: steady(2))
        #expect(isOtherTold)
        let early = news.takeUntold(at: steady(60))
        #expect(early.isEmpty)
        let untold = news.takeUntold(at: steady(61))
        #expect(untold.map(\.text) == ["no such table"] && untold.map(\.count) == [990])
        // A new minute.
        let isToldAgain = news.countAndTell("no such table", at: steady(61))
        #expect(isToldAgain)
        let late = news.takeUntold(at: steady(200))
        #expect(late.isEmpty)
    }

    @Test func `texts that differ each time are counted together`() {
        var news = FaultNews()
        let told = (0..<1_000).count { news.countAndTell("position \($0)", at: steady(1)) }
        #expect(told == 110)
        let untold = news.takeUntold(at: steady(61))
        #expect(untold.map(\.count) == [890])
    }
}
