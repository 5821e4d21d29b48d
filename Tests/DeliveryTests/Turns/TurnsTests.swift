import Delivery
import TestSupport
import Testing

/// The table of ``Turns``, line by line, and what follows from it.
struct TurnsTests {
    private func order(_ count: Int, instant: Bool, first: Bool, retry: Bool) -> String {
        var turns = Turns()
        return (0..<count).map { _ in
            switch turns.next(instant: instant, first: first, retry: retry) {
            case .instant: "I"
            case .first: "F"
            case .retry: "R"
            case nil: "-"
            }
        }.joined()
    }

    @Test(arguments: [
        (false, false, false, "--------"), (true, false, false, "IIIIIIII"),
        (true, true, false, "IIIFIIIF"), (true, false, true, "IIIRIIIR"),
        (false, true, false, "FFFFFFFF"), (false, false, true, "RRRRRRRR"),
        (false, true, true, "FFFRFFFR"), (true, true, true, "IIIFIIIF"),
    ])
    func `each line of the table`(instant: Bool, first: Bool, retry: Bool, turns: String) {
        #expect(order(8, instant: instant, first: first, retry: retry) == turns)
    }

    @Test func `all three wait: of sixteen turns twelve, three and one`() {
        #expect(order(16, instant: true, first: true, retry: true) == "IIIFIIIFIIIFIIIR")
    }

    /// The contract: a quarter of the capacity stays for those behind.
    @Test(arguments: 0..<20)
    func `nobody who waits all the time is passed over for long`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var turns = Turns()
        var sinceRetry = 0
        var sinceFirst = 0
        for _ in 0..<2_000 {
            let instant = Bool.random(using: &random)
            let turn = turns.next(instant: instant, first: true, retry: true)
            sinceRetry = turn == .retry ? 0 : sinceRetry + 1
            sinceFirst = turn == .first ? 0 : sinceFirst + 1
            #expect(sinceRetry <= 16 && sinceFirst <= 8)
        }
    }

    @Test(arguments: [
        (0, 0, false, TurnClass.first), (0, 0, true, .instant), (1, 0, true, .retry),
        (0, 1, true, .retry), (2, 3, false, .retry),
    ])
    func `a mail's class follows from its history`(
        attempts: Int, troubles: Int, isInstant: Bool, turn: TurnClass
    ) {
        #expect(TurnClass(attempts: attempts, troubles: troubles, isInstant: isInstant) == turn)
    }
}
