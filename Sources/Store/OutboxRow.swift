package import Delivery

/// One row of `outbox` as it stands now, with what outboxd remembers of it.
package struct OutboxRow: Sendable {
    package var id: Int64
    package var helpdeskID: String
    package var conversationID: String
    package var messageID: String
    package var audience: String
    package var recipientEmail: String
    package var recipientName: String?
    package var authorName: String?
    package var subject: String?
    /// At most ``maxTextLength`` octets of it are read; `substr` of text would end at a NUL.
    package var bodyText: String
    package var attachments: String?
    package var pageURL: String?
    package var unsubscribeURL: String?
    package var inReplyTo: String?
    package var locale: String?
    package var isInstant: Bool
    package var isCancelled: Bool
    package var createdAt: WallTime

    /// The end of the row's own hold.
    package var dueAt: WallTime
    package var attempts: Int
    package var firstAttemptAt: WallTime?
    /// How long the relay had been down, in all, when the row was first attempted.
    package var relayDownBefore: Duration
    /// ``RowIdentity/hash(_:)`` of the message id that was ingested; nil if an outboxd without it did.
    package var identity: Int64? = nil

    /// Longer texts are cut here before they are read into memory; Mail cuts them sooner and says so.
    package static let maxTextLength = 200_000
}
