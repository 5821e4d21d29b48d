/// What came of an operator's word that a restored database may send.
package enum ReleaseResult: Sendable, Equatable {
    case released(problem: String?)
    /// It does not look restored.
    case notHeld
}
