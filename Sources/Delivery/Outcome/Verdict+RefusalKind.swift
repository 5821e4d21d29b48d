extension Verdict {
    /// The kind of refusal that this is; nil where it is none, or only this mail's.
    package var refusalKind: RefusalKind? {
        switch self {
        case .rejected(let error) where error.countsAgainstSender: .permanent
        case .unauthorized: .identity
        case .deferred(let error) where error.speaksOfSystem: .system
        default: nil
        }
    }
}
