/// A row's own values as they stand in `outbox`, as far as ``RowCheck`` judges them.
package struct RowValues: Hashable, Sendable {
    package var helpdeskID: String
    package var conversationID: String
    package var messageID: String
    package var audience: String
    package var recipientName: String?
    package var authorName: String?
    package var subject: String?
    package var pageURL: String?
    package var unsubscribeURL: String?
    package var inReplyTo: String?
    package var locale: String?
    /// Milliseconds since the epoch, or so it should be.
    package var notBefore: Int64?
    /// Milliseconds since the epoch, or so it should be.
    package var createdAt: Int64

    package init(
        helpdeskID: String, conversationID: String, messageID: String,
        audience: String = "visitor", recipientName: String? = nil, authorName: String? = nil,
        subject: String? = nil,
        pageURL: String? = nil, unsubscribeURL: String? = nil, inReplyTo: String? = nil,
        locale: String? = nil, notBefore: Int64? = nil, createdAt: Int64
    ) {
        self.helpdeskID = helpdeskID
        self.conversationID = conversationID
        self.messageID = messageID
        self.audience = audience
        self.recipientName = recipientName
        self.authorName = authorName
        self.subject = subject
        self.pageURL = pageURL
        self.unsubscribeURL = unsubscribeURL
        self.inReplyTo = inReplyTo
        self.locale = locale
        self.notBefore = notBefore
        self.createdAt = createdAt
    }
}
