package import Delivery

/// One row of `outbox` as it stands now, with what outboxd remembers of it.
///
/// Of each text no more is here than ``OutboxLimits`` allows.
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
    package var bodyText: String
    /// There is more of ``bodyText`` than was read, since the other rows of its mail took the room.
    package var isBodyCut = false
    package var attachments: String?
    package var pageURL: String?
    package var unsubscribeURL: String?
    package var inReplyTo: String?
    package var locale: String?
    /// W3C Trace Context, as it stands there: not checked.
    package var traceparent: String?
    package var isInstant: Bool
    /// Until then the row counts as not yet written.
    package var notBefore: WallTime?
    package var isCancelled: Bool
    package var createdAt: WallTime

    /// The end of the row's own hold.
    package var dueAt: WallTime
    package var attempts: Int
    package var firstAttemptAt: WallTime?
    /// How long the relay had been down, in all, when the row was first attempted.
    package var relayDownBefore: Duration
    /// ``RowIdentity`` of the row that was ingested; nil if an outboxd without it did.
    package var identity: Int64? = nil
    /// The names, texts and URLs were read too; what decides about the row always is.
    package var hasTexts = true

    /// What the row's texts take in memory.
    package var octets: Int {
        // Summed up one by one: asked for every row, and an array of them would have to be made.
        var sum = bodyText.utf8.count + recipientEmail.utf8.count
        sum += (recipientName?.utf8.count ?? 0) + (authorName?.utf8.count ?? 0)
        sum += (subject?.utf8.count ?? 0) + (attachments?.utf8.count ?? 0)
        sum += (pageURL?.utf8.count ?? 0) + (unsubscribeURL?.utf8.count ?? 0)
        sum += (inReplyTo?.utf8.count ?? 0) + (locale?.utf8.count ?? 0)
        sum += traceparent?.utf8.count ?? 0
        return sum
    }

    /// Keeps no more than so many octets of the longest two.
    mutating func cut(bodies: Int, attachments room: Int) {
        if bodyText.utf8.count > bodies {
            bodyText = Self.prefix(of: bodyText, bodies)
            isBodyCut = true
        }
        // A list that is cut is no list: the mail then says that there are attachments.
        if let list = attachments, list.utf8.count > room {
            attachments = Self.prefix(of: list, max(1, room))
        }
    }

    /// Whole characters.
    private static func prefix(of text: String, _ octets: Int) -> String {
        var end = text.utf8.index(text.utf8.startIndex, offsetBy: max(0, octets))
        while String.Index(end, within: text.unicodeScalars) == nil {
            end = text.utf8.index(before: end)
        }
        return String(text[..<end])
    }
}
