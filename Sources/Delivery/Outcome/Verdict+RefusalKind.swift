extension Verdict {
    /// The kind of refusal.
    ///
    /// nil if the relay did not refuse the mail, or if its reply concerns this mail alone (550 5.1.1: the
    /// mailbox is unknown).
    package var refusalKind: RefusalKind? {
        switch self {
        case .rejected(let error) where error.countsAgainstSender: .permanent
        case .unauthorized: .identity
        case .deferred(let error) where error.speaksOfSystem: .system
        default: nil
        }
    }
}
