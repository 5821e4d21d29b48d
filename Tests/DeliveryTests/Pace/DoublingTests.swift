import Delivery
import Testing

@Suite struct DoublingTests {
    static let schedule = Doubling(from: .seconds(1), upTo: .seconds(10))

    @Test(arguments: [
        (Int.min, 1), (-1, 1), (0, 1), (1, 1), (2, 2), (3, 4), (4, 8), (5, 10), (6, 10), (64, 10),
        (65, 10), (Int.max, 10),
    ])
    func `the wait doubles up to the cap`(step: Int, seconds: Int) {
        #expect(Self.schedule.wait(step: step) == .seconds(seconds))
    }

    @Test func `odd bounds neither overflow nor hang`() {
        let huge = Duration.seconds(Int64.max)
        #expect(Doubling(from: .nanoseconds(1), upTo: huge).wait(step: .max) == huge)
        #expect(Doubling(from: huge, upTo: huge).wait(step: .max) == huge)
        #expect(Doubling(from: .zero, upTo: huge).wait(step: .max) == .zero)
        #expect(Doubling(from: .seconds(-1), upTo: huge).wait(step: .max) == .zero)
        #expect(Doubling(from: .seconds(5), upTo: .seconds(2)).wait(step: 1) == .seconds(2))
        #expect(Doubling(from: .seconds(5), upTo: .seconds(-2)).wait(step: 9) == .zero)
    }
}
