internal import Delivery
internal import Mail
internal import SMTP
internal import Store

/// Makes the mails of a batch of claims.
struct Composer {
    let settings: EngineSettings
    let zones: ZoneBook
    let letterheads: LetterheadBook
    /// Of the helpdesks in this batch, by their ids.
    private var helpdesks: [String: HelpdeskMail] = [:]

    init(
        settings: EngineSettings, zones: ZoneBook,
        letterheads: LetterheadBook = LetterheadBook(toASCII: IDNA.asciiDomain)
    ) {
        self.settings = settings
        self.zones = zones
        self.letterheads = letterheads
    }

    /// nil if there is no sender any more: the claim's transaction saw one, so that this is
    /// only possible for a frozen mail whose copy is lost.
    ///
    /// - Parameter date: when it goes out; nil: when it was claimed.
    mutating func compose(_ claim: Claim, at date: WallTime? = nil) -> FrozenMail? {
        if let frozen = claim.frozen { return frozen }
        let helpdesk = helpdesk(of: claim)
        guard
            let first = claim.rows.first,
            let recipient = EmailAddress.usable(first.recipientEmail),
            let sender = helpdesk.sender(to: recipient)
        else { return nil }
        let content = content(
            claim, helpdesk, sender: sender, recipient: recipient, at: date ?? claim.claimedAt)
        let composed = MailComposer.compose(
            content, on: letterheads.letterhead(of: content), toASCII: IDNA.asciiDomain)
        return FrozenMail(
            envelopeSender: sender.envelope.description,
            envelopeRecipient: recipient.description,
            needsSMTPUTF8: composed.needsSMTPUTF8, message: composed.bytes)
    }

    /// Anew where the row has changed since.
    private mutating func helpdesk(of claim: Claim) -> HelpdeskMail {
        if let known = helpdesks[claim.key.helpdeskID], known.isOf(claim.helpdesk) { return known }
        let helpdesk = HelpdeskMail(claim.helpdesk, settings, zones)
        helpdesks[claim.key.helpdeskID] = helpdesk
        return helpdesk
    }

    private func content(
        _ claim: Claim, _ helpdesk: HelpdeskMail, sender: Sender, recipient: EmailAddress,
        at date: WallTime
    ) -> MailContent {
        let conversation = claim.key.conversationID
        let audience = Audience(rawValue: claim.key.audience) ?? .visitor
        return MailContent(
            messageID: MessageID(claim.emailMessageID)
                ?? MessageID.make(
                    mailID: claim.mailID, nonce: 0, domain: sender.mailbox.address.domain),
            date: date, audience: audience, from: sender.mailbox,
            replyTo: helpdesk.replyTo(
                conversation: conversation,
                mayNeedSMTPUTF8: !sender.mailbox.address.isASCII || !recipient.isASCII),
            to: Mailbox(
                name: newest(claim, \.recipientName, where: MailContent.canBeSeen),
                address: recipient),
            envelopeSender: sender.envelope, helpdeskID: claim.key.helpdeskID,
            conversationID: conversation, helpdeskName: claim.helpdesk?.name,
            subject: newest(claim, \.subject, where: MailContent.canBeSeen),
            conversationLink: helpdesk.link(audience, conversation: conversation),
            replies: replies(claim),
            allowedDomains: helpdesk.domains,
            inReplyTo: newest(claim, \.inReplyTo) { MessageID($0) != nil },
            unsubscribeURL: newest(claim, \.unsubscribeURL) {
                WebURL($0, toASCII: IDNA.asciiDomain) != nil
            },
            locales: locales(claim),
            zone: helpdesk.zone, brand: helpdesk.brand,
            idempotencyHeader: settings.idempotencyHeader)
    }

    /// The newest row's first.
    private func locales(_ claim: Claim) -> [String?] {
        if claim.rows.count == 1 { return [claim.rows[0].locale, claim.helpdesk?.locale] }
        return claim.rows.reversed().map(\.locale) + [claim.helpdesk?.locale]
    }

    /// What the newest row says that has something usable.
    private func newest(
        _ claim: Claim, _ column: (OutboxRow) -> String?, where isUsable: (String) -> Bool
    ) -> String? {
        // Nearly all mails have one row, and whoever uses the value looks at it.
        if claim.rows.count == 1 { return column(claim.rows[0]) }
        for row in claim.rows.reversed() {
            if let value = column(row), isUsable(value) { return value }
        }
        return nil
    }

    /// The same reply under two spellings of the address is shown once.
    private func replies(_ claim: Claim) -> [Reply] {
        if claim.rows.count == 1 { return claim.rows.map(Self.reply) }
        var seen: Set<String> = []
        return claim.rows.filter { seen.insert($0.messageID).inserted }.map(Self.reply)
    }

    private static func reply(_ row: OutboxRow) -> Reply {
        Reply(
            authorName: row.authorName, createdAt: row.createdAt, text: row.bodyText,
            isCut: row.isBodyCut,
            attachments: AttachmentList(json: row.attachments, toASCII: IDNA.asciiDomain),
            pageURL: row.pageURL)
    }
}
