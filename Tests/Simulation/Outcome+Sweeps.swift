/// What came of a small run with a failure at each of its places, one after the other.
struct Sweep<Failure> {
    /// How many failures there were.
    var count: Int
    /// The first that broke a promise.
    var broken: (failure: Failure, violation: Violation)?
}

extension Outcome {
    /// Power fails at every change of the disk of one small run, one after the other, in each of the ways.
    static func powerFailures() -> Sweep<PowerFailure> {
        let plan = PlanGenerator.small
        var count = 0
        for at in 0... {
            var hasFailed = false
            for loss in MemoryDisk.Loss.allCases {
                for journals in JournalLoss.allCases {
                    let power = PowerFailure(at: at, loss: loss, journals: journals)
                    let outcome = Outcome(plan, power: power)
                    if let violation = outcome.violation {
                        return Sweep(count: count, broken: (power, violation))
                    }
                    hasFailed = hasFailed || outcome.boots > 1
                    count += 1
                }
            }
            if !hasFailed { break }
        }
        return Sweep(count: count)
    }

    /// Calls of the disk fail at every place of one small run, one after the other, in each of the ways.
    static func diskFailures() -> Sweep<DiskBreakage> {
        var tried = 0
        for kind in DiskBreakage.Kind.allCases {
            for count in [1, 3, 40] {
                for at in 0... {
                    let breakage = DiskBreakage(kind: kind, at: at, count: count)
                    let outcome = Outcome(PlanGenerator.small, breakage: breakage)
                    if let violation = outcome.violation {
                        return Sweep(count: tried, broken: (breakage, violation))
                    }
                    if breakage.isBeyond(changes: outcome.changes, reads: outcome.reads) { break }
                    tried += 1
                }
            }
        }
        return Sweep(count: tried)
    }
}
