/// Which notification a row of `outbox` was when a mail was composed of it, whatever its id.
///
/// An id can come back with another row behind it, where the API server's table allows that; a mail
/// that was composed from one must not go out for the other. The text is not compared: editing reaches
/// a mail until it is claimed.
package struct ComposedRow: Hashable, Sendable {
    package var id: Int64
    package var helpdeskID: String
    package var conversationID: String
    package var messageID: String
    package var audience: String
    package var recipientEmail: String

    package init(
        id: Int64, helpdeskID: String, conversationID: String, messageID: String, audience: String,
        recipientEmail: String
    ) {
        self.id = id
        self.helpdeskID = helpdeskID
        self.conversationID = conversationID
        self.messageID = messageID
        self.audience = audience
        self.recipientEmail = recipientEmail
    }

    package init(_ row: OutboxRow) {
        self.init(
            id: row.id, helpdeskID: row.helpdeskID, conversationID: row.conversationID,
            messageID: row.messageID, audience: row.audience, recipientEmail: row.recipientEmail)
    }
}
