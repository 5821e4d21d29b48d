/// Refusals that may be somebody else's fault than the mail's, each kind held against others by rules
/// of its own (``Suspicions``).
///
/// The raw values are stored.
package enum RefusalKind: Int64, Hashable, Sendable, CaseIterable {
    /// A permanent reply that does not say that the mailbox is unknown.
    case permanent = 0
    /// 530, 534, 535 or 538 to MAIL or RCPT.
    case identity = 1
    /// A temporary reply that speaks of the relay's system: 4.3.x, or code 454.
    case system = 2

    /// How the relay is probed while it refuses everybody in this way: what passes by itself is
    /// looked for sooner than what somebody has to mend.
    package var troubleKind: RelayTrouble.Kind { self == .system ? .outage : .credentials }
}
