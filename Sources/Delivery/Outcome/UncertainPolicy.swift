/// What becomes of a mail whose dot was announced and whose reply never came:
/// `OUTBOXD_ON_UNCERTAIN`.
///
/// The raw values are the setting's.
package enum UncertainPolicy: String, Sendable, CaseIterable {
    case resend, hold

    package enum Decision: Hashable, Sendable {
        /// The frozen copy goes out again, if ``FrozenCopy`` does not say otherwise.
        case resend
        /// The mail waits for `outboxd resolve`, reason `uncertain`; it stands in nobody's way.
        case holdForOperator
    }

    /// The copies that may be sent in addition to the first: "sends it again, at most twice".
    package static let mostRepeats = 2

    /// - Parameter copiesAnnounced: How often the final dot of this mail has been announced, 1 after
    ///   the first time.
    package func decision(copiesAnnounced: Int) -> Decision {
        self == .resend && copiesAnnounced <= Self.mostRepeats ? .resend : .holdForOperator
    }
}
