/// When the write-ahead log is copied back into the database, and how.
///
/// A PASSIVE checkpoint blocks no writer. But a version of SQLite with the WAL-reset bug can lose a commit
/// that another process makes during one. A RESTART checkpoint blocks every writer until it ends, so
/// outboxd runs it while the log is small and, up to 2,000 pages, waits until no mail is under way.
/// https://sqlite.org/wal.html#walresetbug, https://sqlite.org/c3ref/wal_checkpoint_v2.html
///
/// | pages in the log | mails under way | SQLite | what is done |
/// |---|---|---|---|
/// | up to 1,000 (4 MB) | | | nothing |
/// | more | | repaired | PASSIVE |
/// | more | none | has the bug | RESTART |
/// | up to 2,000; up to ``shared`` where others commit, too | some | has the bug | nothing |
/// | more | some | has the bug | RESTART |
/// | more than 16,384 (64 MB) | none | | TRUNCATE: the file is cut |
///
/// Never sooner than ``pause(isShared:)`` after the last one. Where others commit, too, each has to be short: they
/// wait for all of it.
package struct CheckpointPolicy: Hashable, Sendable {
    package enum Step: Hashable, Sendable {
        case nothing, passive, restart, truncate
    }

    /// Pages that are copied back in some 5 ms.
    package static let shared = 400

    package static func pause(isShared: Bool) -> Duration {
        isShared ? .milliseconds(50) : .milliseconds(250)
    }

    package let isRepaired: Bool

    /// - Parameter sqliteVersion: As SQLite numbers itself: 3040001 is 3.40.1.
    package init(sqliteVersion: Int) {
        isRepaired =
            switch sqliteVersion {
            case 3_044_006..<3_045_000, 3_050_007..<3_051_000, 3_051_003...: true
            case ..<3_007_000: true
            default: false
            }
    }

    /// - Parameter isShared: Others commit, too.
    package func step(pages: Int, isBusy: Bool, isShared: Bool = false) -> Step {
        if !isBusy, pages > 16_384 { return .truncate }
        if isRepaired { return pages > 1_000 ? .passive : .nothing }
        let most = isBusy ? (isShared ? Self.shared : 2_000) : 1_000
        return pages > most ? .restart : .nothing
    }
}
