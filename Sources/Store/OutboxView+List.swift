package import Delivery

/// Which rows `list` shows, and from where on.
extension OutboxView {
    /// Which rows to list.
    ///
    /// Empty sets and nils let everything through.
    package struct Filter: Sendable {
        package var states: Set<RowState>
        package var reasons: Set<String>
        package var helpdeskID: String?
        package var conversationID: String?
        /// In any spelling: it is compared trimmed and lower-cased.
        package var recipient: String? {
            didSet { normalizedRecipient = recipient.map(AddressText.normalized) }
        }
        var normalizedRecipient: String?
        /// Only these rows.
        package var ids: Set<Int64>?
        /// What stands behind the @ of the recipient, lower-cased.
        package var domain: String?
        /// A part of the last error as `list` shows it, in any case.
        package var error: String?
        /// The reply's `message_id`, or the email's Message-ID, with or without angle brackets.
        package var messageID: String?
        /// By `created_at`.
        package var since: WallTime?
        package var until: WallTime?

        package init(
            states: Set<RowState> = [], reasons: Set<String> = [], helpdeskID: String? = nil,
            conversationID: String? = nil, recipient: String? = nil
        ) {
            self.states = states
            self.reasons = reasons
            self.helpdeskID = helpdeskID
            self.conversationID = conversationID
            self.recipient = recipient
            normalizedRecipient = recipient.map(AddressText.normalized)
        }
    }

    /// A place in a list that is read page by page.
    package struct Position: Sendable {
        var before: Int64
        /// Rows were inserted with ids below those ingested; see ``SQLiteReader/haveLateInserts()``.
        var haveLateInserts: Bool

        package func after(_ row: Row) -> Position {
            Position(before: row.id, haveLateInserts: haveLateInserts)
        }
    }
}
