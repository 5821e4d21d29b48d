import CSQLite

/// A few calls of the disk fail, one after the other, and then it is well again.
struct DiskBreakage: Sendable {
    enum Kind: String, CaseIterable {
        /// Writes fail with SQLITE_FULL.
        case full
        /// Writes, syncs, truncations and deletions fail with SQLITE_IOERR.
        case failing
        /// Reads do.
        case unreadable
    }

    var kind: Kind
    /// The number of the first call that fails, from 0: of the reads, or of the changes.
    var at: Int
    var count: Int

    /// - Parameter code: SQLite's for a failure of that kind of change.
    func code(ofChange number: Int, _ code: Int32) -> Int32? {
        guard number >= at, number < at + count else { return nil }
        return switch kind {
        case .full: code == SQLITE_IOERR | 3 << 8 ? SQLITE_FULL : nil
        case .failing: code
        case .unreadable: nil
        }
    }

    func code(ofRead number: Int) -> Int32? {
        kind == .unreadable && number >= at && number < at + count ? SQLITE_IOERR | 1 << 8 : nil
    }

    /// There are no such calls any more.
    func isBeyond(changes: Int, reads: Int) -> Bool {
        at >= (kind == .unreadable ? reads : changes)
    }
}
