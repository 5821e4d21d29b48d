/// While the relay is down its replies are read more strictly: a probe that is refused as the others
/// were has found the same trouble, and is not to blame.
///
/// | the probe's end | paused for | becomes | says of the relay |
/// |---|---|---|---|
/// | accepted | any, or nothing | the same | works |
/// | 421 as the first of a fresh connection | any, or nothing | relay trouble, outage | trouble |
/// | 530, 534, 535, 538 | any, or nothing | relay trouble, credentials | trouble |
/// | a permanent refusal that counts | permanent | relay trouble, credentials | trouble |
/// | a temporary one that speaks of the system | system | relay trouble, outage | trouble |
/// | anything else | permanent, identity or system | the same | nothing |
/// | anything else | nothing: it was an outage | the same | as ever |
///
/// So an unknown mailbox fails its mail, and another mail is the next probe, a second later.
extension Verdict {
    /// - Parameter pausedFor: nil if the relay is down for an outage.
    package func inTrouble(_ pausedFor: RefusalKind?, isFirst: Bool) -> Verdict {
        switch self {
        case .turnedAway(let error) where isFirst:
            .relayTrouble(RelayTrouble(kind: .outage, error: error))
        case .unauthorized(let error):
            .relayTrouble(RelayTrouble(kind: .credentials, error: error))
        case .rejected(let error), .deferred(let error):
            if let kind = refusalKind, kind == pausedFor {
                .relayTrouble(RelayTrouble(kind: kind.troubleKind, error: error))
            } else {
                self
            }
        default: self
        }
    }

    package func evidenceInTrouble(_ pausedFor: RefusalKind?) -> RelayEvidence {
        switch self {
        case .accepted, .relayTrouble: relayEvidence
        default: pausedFor == nil ? relayEvidence : .nothing
        }
    }
}
