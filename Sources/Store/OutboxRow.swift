package import Delivery

/// One row of `outbox` as it stands now, with what outboxd remembers of it.
///
/// A class, since a copy of a value would retain each of its strings.
package final class OutboxRow: Sendable {
    package let id: Int64
    package let helpdeskID: String
    package let conversationID: String
    package let messageID: String
    package let audience: String
    package let recipientEmail: String
    /// Empty where they were not read; what decides about the row always is.
    package let texts: RowTexts
    package let hasTexts: Bool
    package let isInstant: Bool
    /// Until then the row counts as not yet written.
    package let notBefore: WallTime?
    package let isCancelled: Bool
    package let createdAt: WallTime

    /// The end of the row's own hold.
    package let dueAt: WallTime
    package let attempts: Int
    package let firstAttemptAt: WallTime?
    /// How long the relay had been down, in all, when the row was first attempted.
    package let relayDownBefore: Duration
    /// ``RowIdentity`` of the row that was ingested; nil if an outboxd without it did.
    package let identity: Int64?

    package init(
        id: Int64, helpdeskID: String, conversationID: String, messageID: String, audience: String,
        recipientEmail: String, texts: RowTexts = RowTexts(), hasTexts: Bool = true,
        isInstant: Bool, notBefore: WallTime? = nil, isCancelled: Bool, createdAt: WallTime,
        dueAt: WallTime, attempts: Int = 0,
        firstAttemptAt: WallTime? = nil, relayDownBefore: Duration = .zero, identity: Int64? = nil
    ) {
        self.id = id
        self.helpdeskID = helpdeskID
        self.conversationID = conversationID
        self.messageID = messageID
        self.audience = audience
        self.recipientEmail = recipientEmail
        self.texts = texts
        self.hasTexts = hasTexts
        self.isInstant = isInstant
        self.notBefore = notBefore
        self.isCancelled = isCancelled
        self.createdAt = createdAt
        self.dueAt = dueAt
        self.attempts = attempts
        self.firstAttemptAt = firstAttemptAt
        self.relayDownBefore = relayDownBefore
        self.identity = identity
    }

    /// The same row with other texts, another state or another time.
    func with(
        texts: RowTexts? = nil, isCancelled: Bool? = nil, dueAt: WallTime? = nil,
        identity: Int64? = nil
    ) -> OutboxRow {
        OutboxRow(
            id: id, helpdeskID: helpdeskID, conversationID: conversationID, messageID: messageID,
            audience: audience, recipientEmail: recipientEmail,
            texts: texts ?? self.texts, hasTexts: hasTexts || texts != nil, isInstant: isInstant,
            notBefore: notBefore, isCancelled: isCancelled ?? self.isCancelled,
            createdAt: createdAt, dueAt: dueAt ?? self.dueAt, attempts: attempts,
            firstAttemptAt: firstAttemptAt, relayDownBefore: relayDownBefore,
            identity: identity ?? self.identity)
    }

    /// What the row's texts take in memory.
    package var octets: Int { texts.octets + recipientEmail.utf8.count }
}

extension OutboxRow {
    package var recipientName: String? { texts.recipientName }
    package var authorName: String? { texts.authorName }
    package var subject: String? { texts.subject }
    package var bodyText: String { texts.bodyText }
    package var isBodyCut: Bool { texts.isBodyCut }
    package var attachments: String? { texts.attachments }
    package var pageURL: String? { texts.pageURL }
    package var unsubscribeURL: String? { texts.unsubscribeURL }
    package var inReplyTo: String? { texts.inReplyTo }
    package var locale: String? { texts.locale }
    package var traceparent: String? { texts.traceparent }
}
