/// What the outcome of one mail says about the relay.
package enum RelayEvidence: Hashable, Sendable {
    /// It accepted the mail or gave a reply about it.
    case works
    case trouble(RelayTrouble)
    /// Nothing: the mail went back as it was, or the dialogue ended without a reply.
    case nothing
}

extension Verdict {
    package var relayEvidence: RelayEvidence {
        switch self {
        case .accepted, .rejected: .works
        case .deferred(let error), .uncertain(let error): error.code == nil ? .nothing : .works
        case .relayTrouble(let trouble): .trouble(trouble)
        case .unsupported, .released, .turnedAway, .unauthorized: .nothing
        }
    }
}

extension RelayBreaker {
    /// The result of one attempt, by what it says about the relay.
    package mutating func noted(_ evidence: RelayEvidence, at now: SteadyTime, in epoch: Epoch) {
        switch evidence {
        case .works: succeeded(at: now, in: epoch)
        case .trouble(let trouble): troubled(trouble, at: now, in: epoch)
        case .nothing: released(at: now, in: epoch)
        }
    }
}
