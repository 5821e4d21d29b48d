import SQLite
import TestSupport

@testable import Engine

/// The power fails at a write, a sync or a truncation, and comes back.
struct PowerFailure: Sendable {
    /// The number of the change of the disk at which it does, from 0.
    var at: Int
    var loss: MemoryDisk.Loss
    /// The pages of the in-flight journals reached the disk.
    var keepsJournals: Bool
}

extension World {
    /// What the API server could not do, since there was no power, it does when it is back.
    func carryOutInPower(_ action: Action) throws {
        do {
            try carryOut(action)
            guard MemoryDisk.shared.isDark else { return }
        } catch  where MemoryDisk.shared.isDark {
            log.add("no power: \(action)")
        }
        try powerIsBack()
        try carryOut(action)
    }

    func powerIsBack() throws {
        guard let power else { return }
        for process in processes { process.lifeline.leave() }
        processes = []
        boots += 1
        if !power.keepsJournals { journals.lose() }
        MemoryDisk.shared.powerIsBack(power.loss)
        log.add("power is back")
        server = try Connection(path: settings.database, mode: .readWrite)
        let found = try server.statement("PRAGMA integrity_check").first { $0.text(0) }
        if found != "ok" { throw Violation(.broken, "the database: \(found ?? "")") }
        try start(.daemon)
    }
}

extension Outcome {
    /// Power fails at every change of the disk of one small run, one after the other, in each of the ways.
    ///
    /// - Returns: how many failures there were, and the first that broke a promise.
    static func powerFailures() -> (count: Int, broken: (PowerFailure, Violation)?) {
        let plan = PlanGenerator.small
        var count = 0
        for at in 0... {
            var hasFailed = false
            for loss in MemoryDisk.Loss.allCases {
                for keepsJournals in [true, false] {
                    let power = PowerFailure(at: at, loss: loss, keepsJournals: keepsJournals)
                    let outcome = Outcome(plan, power: power)
                    if let violation = outcome.violation { return (count, (power, violation)) }
                    hasFailed = hasFailed || outcome.boots > 1
                    count += 1
                }
            }
            if !hasFailed { break }
        }
        return (count, nil)
    }
}
