import Delivery
import Testing

@testable import Engine

@Suite("When results are handed to the storing thread")
struct ResultGatheringTests {
    private let start = SteadyTime(nanoseconds: 1_000_000_000)
    private let periodEnd = SteadyTime(nanoseconds: 1_000_000_000) + ResultGathering.period

    private func asks(
        _ gathering: inout ResultGathering, results: Int, othersWait: Bool = true,
        at now: SteadyTime
    ) -> Bool {
        gathering.endIfOver(results: results, othersWait: othersWait, at: now)
    }

    @Test("at once while nothing else waits")
    func nothingElseWaits() {
        var gathering = ResultGathering()
        let isOver = asks(&gathering, results: 1, othersWait: false, at: start)
        #expect(isOver && gathering.endsAt == nil)
    }

    @Test(
        "some milliseconds after the first of them while others wait, however many come meanwhile")
    func gathers() {
        var gathering = ResultGathering()
        let first = asks(&gathering, results: 1, at: start)
        #expect(!first && gathering.endsAt == periodEnd)
        let later = asks(&gathering, results: 40, at: start + .milliseconds(1))
        #expect(!later && gathering.endsAt == periodEnd)
        let last = asks(&gathering, results: 41, at: periodEnd)
        #expect(last && gathering.endsAt == nil)
    }

    @Test("the next one begins a period of its own though results never run out")
    func gathersAgain() {
        var gathering = ResultGathering()
        var handedOver = 0
        var results = 0
        let steps = 10
        for step in 0..<100 * (steps + 1) {
            results += 1
            let now = start + ResultGathering.period / steps * step
            guard asks(&gathering, results: results, at: now) else { continue }
            handedOver += 1
            results = 0
        }
        #expect(handedOver == 100)
    }

    @Test("as many as a batch holds are not kept any longer")
    func many() {
        var gathering = ResultGathering()
        let few = asks(&gathering, results: ResultGathering.most - 1, at: start)
        let many = asks(&gathering, results: ResultGathering.most, at: start)
        #expect(!few && many)
    }

    @Test("a moment without results ends the period")
    func pause() {
        var gathering = ResultGathering()
        let first = asks(&gathering, results: 1, at: start)
        let none = asks(&gathering, results: 0, at: start + .milliseconds(1))
        let next = asks(&gathering, results: 1, at: periodEnd)
        #expect(!first && none && !next)
        #expect(gathering.endsAt == periodEnd + ResultGathering.period)
    }
}
