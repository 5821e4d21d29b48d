import Store
import Testing

@testable import Engine

@Suite("A disk that takes long for a commit")
struct CommitPaceTests {
    @Test("three in a row that take 5 ms and more say so, a fast one ends it")
    func rule() {
        var pace = CommitPace()
        func commit(_ microseconds: Int) -> Bool {
            pace.committed(in: .microseconds(microseconds))
            return pace.isSlow
        }
        #expect(!commit(5_000) && !commit(5_000) && commit(5_000))
        #expect(commit(60_000) && !commit(4_999))
        #expect(!commit(5_000) && !commit(5_000) && !commit(4_999) && !commit(5_000))
    }

    @Test("twice as many mails are claimed, and more are kept at hand")
    func largerTransactions() throws {
        let bed = try EngineBed()
        let clock = SteppedClock()
        var time = 5
        let (loop, journal) = try bed.storingLoop(clock: EngineClock(clock)) { point in
            if case .before = point { clock.step(by: .milliseconds(time)) }
        }
        defer { journal.remove() }
        func commit(_ message: String) throws -> [Int] {
            try bed.insert(message)
            loop.hasChanged = true
            loop.handOff.deliver([], relay: [], demand: HandOff.Demand())
            try loop.work()
            loop.handOff.deliver([], relay: [], demand: HandOff.Demand(mails: 10_000))
            return [loop.capacity.mails, loop.handOff.isCommittingSlow ? 1 : 0]
        }
        #expect(try commit("a") == [256, 0])
        #expect(try commit("b") == [256, 0])
        #expect(try commit("c") == [512, 1])
        time = 4
        #expect(try commit("d") == [256, 0])
    }
}
