package import Delivery

/// A row to insert by hand, as the API server would insert it.
package struct NewRow: Sendable {
    package var helpdeskID: String
    package var conversationID: String
    package var messageID: String
    package var audience = "visitor"
    package var recipientEmail: String
    package var recipientName: String?
    package var authorName: String?
    package var subject: String?
    package var bodyText: String
    package var pageURL: String?
    package var unsubscribeURL: String?
    package var inReplyTo: String?
    package var locale: String?
    package var notBefore: WallTime?
    package var traceparent: String?
    package var isInstant = false
    package var createdAt: WallTime

    package init(
        helpdeskID: String, conversationID: String, messageID: String, recipientEmail: String,
        bodyText: String, createdAt: WallTime
    ) {
        self.helpdeskID = helpdeskID
        self.conversationID = conversationID
        self.messageID = messageID
        self.recipientEmail = recipientEmail
        self.bodyText = bodyText
        self.createdAt = createdAt
    }
}
