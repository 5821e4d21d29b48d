/// What happened to a mail of one sender, as far as the sender goes.
package enum SenderEvent: Hashable, Sendable {
    case accepted(mail: Int64)
    /// A permanent reply. `counts`: ``DeliveryError/countsAgainstSender``.
    case refused(mail: Int64, counts: Bool)
    /// A temporary reply, or none that is clear.
    case deferred(mail: Int64)
    /// The mail went back as it was, or came to an end for a reason of its own.
    case released(mail: Int64)
    /// While the sender is blocked: this mail is tried for all.
    case probeStarted(mail: Int64)

    /// The event that follows from an outcome.
    package init(_ verdict: Verdict, mail: Int64) {
        switch verdict {
        case .accepted: self = .accepted(mail: mail)
        case .rejected(let error): self = .refused(mail: mail, counts: error.countsAgainstSender)
        case .deferred, .uncertain: self = .deferred(mail: mail)
        case .unsupported, .relayTrouble, .released: self = .released(mail: mail)
        }
    }
}
