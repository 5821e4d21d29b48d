/// What happened to a mail of one sender, as far as sender and relay go.
package enum SenderEvent: Hashable, Sendable {
    case accepted(mail: Int64)
    case refused(mail: Int64, RefusalKind)
    /// A permanent reply that says that the mailbox is unknown: nobody's fault.
    case unknownMailbox(mail: Int64)
    /// A temporary reply about this mail, or none that is clear.
    case deferred(mail: Int64)
    /// The mail went back as it was, or came to an end for a reason of its own.
    case released(mail: Int64)
    /// While the sender is blocked: this mail is tried for all.
    case probeStarted(mail: Int64)

    /// The event that follows from an outcome.
    package init(_ verdict: Verdict, mail: Int64) {
        if let kind = verdict.refusalKind {
            self = .refused(mail: mail, kind)
            return
        }
        switch verdict {
        case .accepted: self = .accepted(mail: mail)
        case .rejected: self = .unknownMailbox(mail: mail)
        case .deferred, .uncertain: self = .deferred(mail: mail)
        case .unsupported, .relayTrouble, .released, .turnedAway, .unauthorized:
            self = .released(mail: mail)
        }
    }
}
