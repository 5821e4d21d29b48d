/// What belongs into one mail: rows that agree in all four go out together.
package struct MailKey: Hashable, Sendable {
    package var helpdeskID: String
    package var conversationID: String
    /// Trimmed and lower-cased.
    package var recipient: String
    package var audience: String

    package init(helpdeskID: String, conversationID: String, recipient: String, audience: String) {
        self.helpdeskID = helpdeskID
        self.conversationID = conversationID
        self.recipient = recipient
        self.audience = audience
    }
}
