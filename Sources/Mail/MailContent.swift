package import Delivery

/// All that one mail is made of.
///
/// The same content gives the same bytes.
///
/// Texts come from rows as they are; ``MailComposer`` cleans, bounds and escapes them. What could
/// make a mail unsendable has a type that was checked before.
package struct MailContent: Hashable, Sendable {
    package var messageID: MessageID
    package var date: WallTime
    package var audience: Audience
    /// Shown as the sender.
    ///
    /// Where the name is missing, ``helpdeskName`` stands in for it.
    package var from: Mailbox
    package var replyTo: EmailAddress?
    package var to: Mailbox
    /// MAIL FROM, where it is not ``from``; only asked for ``ComposedMail/needsSMTPUTF8``.
    package var envelopeSender: EmailAddress?
    package var helpdeskID: String
    package var conversationID: String
    package var helpdeskName: String?
    package var subject: String?
    /// Where the conversation can be read and answered, already filled.
    package var conversationLink: String?
    /// In the order in which they are shown.
    package var replies: [Reply]
    package var allowedDomains: AllowedDomains
    package var inReplyTo: String?
    package var unsubscribeURL: String?
    /// BCP 47: the recipient's, the newest first, then the helpdesk's; the first that there is counts.
    package var locales: [String?]
    /// By whose clocks times are told; nil: UTC.
    package var zone: ZoneRules?
    package var brand: Brand
    /// A header that repeats the Message-ID for a relay that takes no mail twice; nil: none.
    package var idempotencyHeader: String?

    /// The languages that a mail can have.
    package static var languages: [String] { Phrases.tags }

    package static func hasLanguage(_ tag: String) -> Bool { LanguageLookup.language(tag) != nil }

    /// A name or a subject of which nothing is seen is none.
    package static func canBeSeen(_ text: String) -> Bool { OneLine.seen(text, limit: 250) != nil }

    package init(
        messageID: MessageID, date: WallTime, audience: Audience = .visitor, from: Mailbox,
        replyTo: EmailAddress? = nil, to: Mailbox, envelopeSender: EmailAddress? = nil,
        helpdeskID: String, conversationID: String, helpdeskName: String? = nil,
        subject: String? = nil, conversationLink: String? = nil, replies: [Reply],
        allowedDomains: AllowedDomains = .none, inReplyTo: String? = nil,
        unsubscribeURL: String? = nil, locales: [String?] = [], zone: ZoneRules? = nil,
        brand: Brand = .none, idempotencyHeader: String? = nil
    ) {
        self.messageID = messageID
        self.date = date
        self.audience = audience
        self.from = from
        self.replyTo = replyTo
        self.to = to
        self.envelopeSender = envelopeSender
        self.helpdeskID = helpdeskID
        self.conversationID = conversationID
        self.helpdeskName = helpdeskName
        self.subject = subject
        self.conversationLink = conversationLink
        self.replies = replies
        self.allowedDomains = allowedDomains
        self.inReplyTo = inReplyTo
        self.unsubscribeURL = unsubscribeURL
        self.locales = locales
        self.zone = zone
        self.brand = brand
        self.idempotencyHeader = idempotencyHeader
    }
}
