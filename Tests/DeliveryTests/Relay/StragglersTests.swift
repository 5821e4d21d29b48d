import Delivery
import Testing

/// The table of ``Stragglers``, line by line.
struct StragglersTests {
    /// A relay that took so long for the mail that began then.
    private func relay(took seconds: Double, at start: Double = 0) -> Stragglers {
        var stragglers = Stragglers()
        stragglers.accepted(startedAt: steady(start), at: steady(start + seconds))
        return stragglers
    }

    private func spared(
        _ stragglers: Stragglers, _ starts: [Double], allowed: Int = 4, at now: Double
    ) -> Int {
        stragglers.spared(
            of: starts.map(steady), allowed: allowed, limit: 4, at: steady(now))
    }

    // MARK: Patience

    @Test func `five times what is usual, within bounds`() {
        #expect(Stragglers().patience == .seconds(2))
        #expect(relay(took: 0.01).patience == .seconds(1))
        #expect(relay(took: 1).patience == .seconds(5))
        #expect(relay(took: 6).patience == .seconds(30))
        #expect(relay(took: 40).patience == .seconds(60))
    }

    @Test func `the slowest counts, and is forgotten`() {
        var stragglers = relay(took: 300)
        for _ in 0..<8 { stragglers.accepted(startedAt: steady(300), at: steady(300.01)) }
        #expect(stragglers.patience == .seconds(60))
        for _ in 0..<60 { stragglers.accepted(startedAt: steady(300), at: steady(300.01)) }
        #expect(stragglers.patience == .seconds(1))
    }

    @Test func `late after half of its patience`() {
        let stragglers = relay(took: 0.01)
        #expect(!stragglers.isLate(startedAt: steady(1), at: steady(1.4)))
        #expect(stragglers.isLate(startedAt: steady(1), at: steady(1.5)))
        #expect(stragglers.nextStep(startedAt: steady(1), at: steady(1.4)) == steady(1.5))
        #expect(stragglers.nextStep(startedAt: steady(1), at: steady(1.5)) == steady(2))
        #expect(stragglers.nextStep(startedAt: steady(1), at: steady(2)) == nil)
    }

    // MARK: The table

    @Test func `none is a straggler`() {
        #expect(spared(Stragglers(), [0, 0, 0, 0], at: 1.9) == 0)
        #expect(spared(relay(took: 0.01), [1, 1, 1, 1], at: 1.9) == 0)
        #expect(spared(Stragglers(), [], at: 100) == 0)
    }

    @Test func `those that are overtaken are spared`() {
        #expect(spared(relay(took: 0.01, at: 1), [0, 0, 3, 3], at: 3) == 2)
        #expect(spared(relay(took: 0.01, at: 1), [0, 0, 0, 0], at: 3) == 4)
        // Begun at the same time, or later.
        #expect(spared(relay(took: 0.01, at: 1), [1, 2, 3, 3], allowed: 5, at: 30) == 0)
    }

    @Test func `while fewer are stragglers than may be under way none is spared`() {
        #expect(spared(Stragglers(), [0, 0, 0, 1], at: 2.5) == 0)
    }

    @Test func `if all are stragglers one more is tried at a time`() {
        #expect(spared(Stragglers(), [0, 0, 0, 0], at: 2) == 1)
        #expect(spared(Stragglers(), [0, 0, 0, 0, 2], at: 3.9) == 1)
        #expect(spared(Stragglers(), [0, 0, 0, 0, 2], at: 4) == 2)
        #expect(spared(Stragglers(), [0], allowed: 1, at: 2) == 1)
    }

    @Test func `there is an end to it`() {
        let starts = Array(repeating: 0.0, count: 30)
        #expect(spared(Stragglers(), starts, at: 100) == 4)
        #expect(spared(relay(took: 0.01, at: 1), starts, at: 100) == 4)
        #expect([1, 2, 4, 16, 1_000].map(Stragglers.spares) == [2, 2, 4, 16, 16])
        for limit in 1...40 {
            let most = Stragglers.mostHeldByStragglers(limit: limit)
            #expect(most > limit && most < limit + Stragglers.spares(limit: limit))
        }
    }

    @Test func `nothing is spared while nothing may go`() {
        #expect(spared(relay(took: 0.01, at: 1), [0, 0, 0, 0], allowed: 0, at: 100) == 0)
    }

    @Test func `a relay that is slow with everybody overtakes nobody`() {
        var stragglers = Stragglers()
        for _ in 0..<4 { stragglers.accepted(startedAt: steady(0), at: steady(6)) }
        #expect(spared(stragglers, [6, 6, 6, 6], at: 12) == 0)
        // Its patience is known now.
        #expect(spared(stragglers, [6, 6, 6, 6], at: 35) == 0)
    }

    // MARK: Given up

    @Test(
        arguments: [
            (0.01, 0, 30, false, true), (0.01, 0, 29.9, false, false), (0.01, 0, 300, true, false),
            (3, 0, 44, false, false), (3, 0, 45, false, true),
            // Not overtaken.
            (0.01, 10, 40, false, true), (0.01, 10, 39.9, false, false),
        ] as [(Double, Double, Double, Bool, Bool)])
    func `given up after half a minute, before the dot`(
        took: Double, start: Double, now: Double, dotAnnounced: Bool, expected: Bool
    ) {
        let stragglers = relay(took: took, at: 10)
        #expect(
            stragglers.mayGiveUp(
                startedAt: steady(start), dotAnnounced: dotAnnounced, at: steady(now)) == expected)
    }

    @Test func `with each that is given up in vain the next has twice as long`() {
        var stragglers = relay(took: 0.01)
        func patience(_ start: Double) -> Double? {
            [30.0, 60, 120, 240, 960].first {
                stragglers.mayGiveUp(
                    startedAt: steady(start), dotAnnounced: false, at: steady(start + $0))
            }
        }
        #expect(patience(10) == 30)
        stragglers.gaveUp(startedAt: steady(10), at: steady(40))
        #expect(patience(40) == 60)
        // Those that began before it was given up are given up with it.
        #expect(patience(39) == 30)
        stragglers.gaveUp(startedAt: steady(39), at: steady(69))
        #expect(patience(40) == 60)
        stragglers.gaveUp(startedAt: steady(40), at: steady(100))
        #expect(patience(99) == 60 && patience(100) == 120)
        for start in 0..<50 {
            let start = 100 + Double(start) * 1_000
            stragglers.gaveUp(startedAt: steady(start), at: steady(start + 960))
        }
        #expect(patience(60_000) == 960)
        stragglers.accepted(startedAt: steady(60_200), at: steady(60_200.01))
        #expect(patience(60_300) == 30)
        // Giving up one that is overtaken is no failure.
        stragglers.gaveUp(startedAt: steady(100), at: steady(240))
        #expect(patience(60_300) == 30)
    }
}
