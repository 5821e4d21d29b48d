package import Delivery

/// What would become of the mail that a row is in: read on one snapshot, with nothing claimed.
package struct MailDraft: Sendable {
    package enum Kind: Sendable, Equatable {
        /// The row can't be sent, whatever happens; a sentence.
        case invalid(String)
        /// It waits.
        case open
        case beingSent
        /// It counts as not yet written: its mail is one of its own.
        case putOff(until: WallTime)
        case finished
    }

    package var row: OutboxView.Row
    package var kind: Kind
    /// What was decided; nil for ``Kind/invalid(_:)`` and ``Kind/finished``.
    package var decision: ClaimDecision?
    /// The mail, if one would go out; of a finished row the one that its texts give.
    package var claim: Claim?
    /// `helpdesks` has a row for it.
    package var hasHelpdesk = false
    /// Its Message-ID stands already.
    package var hasFixedID = false
    /// Rows that were inserted since outboxd last looked could not be read: the mail may have more.
    package var mayLackNewRows = false
}
