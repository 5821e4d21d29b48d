import SQLite
import TestSupport

@testable import Engine

/// The power fails at a write, a sync or a truncation, and comes back.
struct PowerFailure: Sendable {
    /// The number of the change of the disk at which it does, from 0.
    var at: Int
    var loss: MemoryDisk.Loss
    var journals: JournalLoss
}

/// Which pages of the in-flight journals have reached the disk: the kernel writes them when it likes.
enum JournalLoss: String, CaseIterable {
    /// All of them.
    case kept
    /// Those that were there when the file was made.
    case stale
    /// None: not even the file.
    case gone
}

extension World {
    /// What the API server could not do, since there was no power or the disk failed, it does again.
    func carryOutDespiteTheDisk(_ action: Action) throws {
        while true {
            do {
                try carryOut(action)
                guard MemoryDisk.shared.isDark else { return }
            } catch  where MemoryDisk.shared.isDark {
                log.add("no power: \(action)")
            } catch  where breakage != nil {
                log.add("\(error): \(action)")
                continue
            }
            try powerIsBack()
        }
    }

    func powerIsBack() throws {
        guard let power else { return }
        for process in processes { process.lifeline.leave() }
        processes = []
        boots += 1
        journals.losePower(power.journals)
        if power.journals != .kept { epochNote.fallBack() }
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
                for journals in JournalLoss.allCases {
                    let power = PowerFailure(at: at, loss: loss, journals: journals)
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

    /// Calls of the disk fail at every place of one small run, one after the other, in each of the ways.
    ///
    /// - Returns: how many failures there were, and the first that broke a promise.
    static func diskFailures() -> (count: Int, broken: (DiskBreakage, Violation)?) {
        var tried = 0
        for kind in DiskBreakage.Kind.allCases {
            for count in [1, 3, 40] {
                for at in 0... {
                    let breakage = DiskBreakage(kind: kind, at: at, count: count)
                    let outcome = Outcome(PlanGenerator.small, breakage: breakage)
                    if let violation = outcome.violation { return (tried, (breakage, violation)) }
                    if breakage.isBeyond(changes: outcome.changes, reads: outcome.reads) { break }
                    tried += 1
                }
            }
        }
        return (tried, nil)
    }
}
