import Delivery
import TestSupport
import Testing

/// The table of ``FreshRefusals``, line by line.
@Suite struct FreshRefusalsTests {
    @Test(arguments: [false, true], [0, 5])
    func `on a used connection it says nothing of the mail`(othersCouldGo: Bool, accepted: Int) {
        var refusals = FreshRefusals()
        for _ in 0..<9 {
            let next = refusals.turnedAway(
                onFresh: false, accepted: accepted, othersCouldGo: othersCouldGo)
            #expect(next == .firstOnFresh)
        }
        #expect(refusals.count == 0)
    }

    @Test(arguments: [false, true])
    func `the first on a fresh connection gets another`(othersCouldGo: Bool) {
        var refusals = FreshRefusals()
        let next = refusals.turnedAway(onFresh: true, accepted: 7, othersCouldGo: othersCouldGo)
        #expect(next == .firstOnFresh)
        #expect(refusals.count == 1)
    }

    @Test(arguments: [
        (8, false, FreshRefusals.Next.ownFailure), (8, true, .ownFailure),
        (7, true, .waitForOthers), (7, false, .relayTrouble),
    ])
    func `the second depends on what the relay did for others`(
        accepted: Int, othersCouldGo: Bool, expected: FreshRefusals.Next
    ) {
        var refusals = FreshRefusals()
        _ = refusals.turnedAway(onFresh: true, accepted: 7, othersCouldGo: true)
        // Routine in between changes nothing.
        _ = refusals.turnedAway(onFresh: false, accepted: 7, othersCouldGo: true)
        let next = refusals.turnedAway(
            onFresh: true, accepted: accepted, othersCouldGo: othersCouldGo)
        #expect(next == expected)
    }

    /// A poison mail among mails that are accepted is never taken for the relay's trouble.
    @Test(arguments: 1...50 as ClosedRange<UInt64>)
    func `while others are accepted it is the mail's own`(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        var refusals = FreshRefusals()
        var accepted = 0
        var last = FreshRefusals.Next.firstOnFresh
        for _ in 0..<40 {
            // Between any two looks at it at least one other goes through.
            accepted += Int.random(in: 1...5, using: &generator)
            last = refusals.turnedAway(
                onFresh: generator.chance(70), accepted: accepted,
                othersCouldGo: generator.chance(50))
            #expect(last == .firstOnFresh || last == .ownFailure)
        }
        #expect(refusals.count > 1)
    }
}
