/// What becomes of a mail whose dot was announced and whose reply never came:
/// `OUTBOXD_ON_UNCERTAIN`.
///
/// The raw values are the setting's.
package enum UncertainPolicy: String, Sendable, CaseIterable {
    case resend, hold

    package enum Decision: Hashable, Sendable {
        /// The same at once: the relay takes no mail twice.
        case resendAtOnce
        /// The frozen copy goes out again, if ``FrozenCopy`` does not say otherwise.
        case resend
        /// The mail waits for `outboxd resolve`, reason `uncertain`; it stands in nobody's way.
        case holdForOperator
    }

    /// The copies that may be sent in addition to the first: "sends it again, at most twice".
    package static let mostRepeats = 2

    /// - Parameters:
    ///   - copiesAnnounced: How often the final dot of this mail has been announced, 1 after the first time.
    ///   - knownByRelay: A header of the mail tells the relay that it has it already
    ///     (`OUTBOXD_IDEMPOTENCY_HEADER`). It does so for hours, and the dot was announced just now. A mail whose
    ///     process died, perhaps days ago, is no such one.
    package func decision(copiesAnnounced: Int, knownByRelay: Bool = false) -> Decision {
        if knownByRelay, copiesAnnounced == 1 { return .resendAtOnce }
        return self == .resend && copiesAnnounced <= Self.mostRepeats ? .resend : .holdForOperator
    }
}
