/// What came of comparing the database's epoch with the one beside it.
package enum EpochNews: Sendable, Equatable {
    /// Everything is held.
    ///
    /// - Parameters:
    ///   - rows: So many wait that would go; nil if counting takes too long.
    ///   - isNew: It was noticed just now.
    case held(OutboxView.Restoration, rows: Int?, isNew: Bool)
    /// The one beside it can't be written: why. Mail goes on, and a restored backup would not be noticed.
    case unwritable(String)
}
