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
