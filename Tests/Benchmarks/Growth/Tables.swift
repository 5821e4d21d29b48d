import TestSupport

/// A grown database and a fresh one, whose measurements take turns.
struct Tables {
    let fresh: Outbox
    let grown: Outbox

    init(finished: Int, waiting: Int) throws {
        fresh = try Outbox()
        grown = try Outbox()
        try GrownTable.fill(grown, finished: finished, waiting: waiting)
        // The same settings were in use from the beginning.
        try GrownTable.fill(fresh, finished: 10, waiting: 0)
    }

    /// Measures both, so many times.
    func inTurns(_ rounds: Int, _ measure: (Outbox) throws -> Double) throws -> Pair {
        var pair = Pair()
        for round in 1...rounds {
            // Who goes first changes from round to round.
            if round.isMultiple(of: 2) { pair.fresh.append(try measure(fresh)) }
            pair.grown.append(try measure(grown))
            if !round.isMultiple(of: 2) { pair.fresh.append(try measure(fresh)) }
        }
        return pair
    }

    /// What was measured of each.
    struct Pair {
        var fresh: [Double] = []
        var grown: [Double] = []

        /// - Parameter limit: for the grown one.
        func figures(_ name: String, _ unit: String, _ limit: Target? = nil) -> [Figure] {
            [
                Figure("\(name), fresh", unit, fresh), Figure("\(name), grown", unit, grown, limit),
            ]
        }

        func ratio(_ name: String, _ target: Target?) -> Figure {
            Figure("\(name), grown to fresh", "", grown.ratios(to: fresh), target)
        }
    }
}
