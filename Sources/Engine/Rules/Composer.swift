internal import Delivery
internal import Mail
internal import SMTP
internal import Store

/// Makes the mail of a claim.
struct Composer {
    var settings: EngineSettings
    var zones: ZoneBook

    /// nil if there is no sender any more: the claim's transaction saw one, so that this is
    /// only possible for a frozen mail whose copy is lost.
    func compose(_ claim: Claim) -> FrozenMail? {
        if let frozen = claim.frozen { return frozen }
        guard
            let first = claim.rows.first,
            let recipient = EmailAddress.usable(first.recipientEmail),
            let sender = Sender.resolve(
                claim.helpdesk, from: settings.from, bounceAddress: settings.bounceAddress,
                recipient: recipient)
        else { return nil }
        let content = content(claim, sender: sender, recipient: recipient)
        let composed = MailComposer.compose(content, toASCII: IDNA.asciiDomain)
        return FrozenMail(
            envelopeSender: sender.envelope.description,
            envelopeRecipient: recipient.description,
            needsSMTPUTF8: composed.needsSMTPUTF8, message: composed.bytes)
    }

    private func content(_ claim: Claim, sender: Sender, recipient: EmailAddress) -> MailContent {
        let helpdesk = claim.helpdesk
        let last = claim.rows[claim.rows.count - 1]
        let conversation = claim.key.conversationID
        let audience = Audience(rawValue: claim.key.audience) ?? .visitor
        let link = audience == .visitor ? helpdesk?.ticketCenterURL : helpdesk?.dashboardURL
        return MailContent(
            messageID: MessageID(claim.emailMessageID)
                ?? MessageID.make(
                    mailID: claim.mailID, nonce: 0, domain: sender.mailbox.address.domain),
            date: claim.claimedAt, audience: audience, from: sender.mailbox,
            replyTo: helpdesk?.replyTo(
                conversation: conversation,
                mayNeedSMTPUTF8: !sender.mailbox.address.isASCII || !recipient.isASCII),
            to: Mailbox(name: newest(claim, \.recipientName), address: recipient),
            envelopeSender: sender.envelope, helpdeskID: claim.key.helpdeskID,
            conversationID: conversation, helpdeskName: helpdesk?.name,
            subject: newest(claim, \.subject),
            conversationLink: link.flatMap {
                ConversationPlaceholder.url(
                    $0, conversation: conversation, toASCII: IDNA.asciiDomain)?.description
            },
            replies: replies(claim),
            allowedDomains: helpdesk?.domains ?? .none,
            inReplyTo: newest(claim, \.inReplyTo), unsubscribeURL: newest(claim, \.unsubscribeURL),
            locales: [last.locale, helpdesk?.locale],
            zone: helpdesk?.timeZone.flatMap(zones.rules),
            brand: helpdesk?.brand ?? .none,
            idempotencyHeader: settings.idempotencyHeader)
    }

    /// What the newest row that has it says.
    private func newest(_ claim: Claim, _ column: KeyPath<OutboxRow, String?>) -> String? {
        claim.rows.reversed().lazy.compactMap { $0[keyPath: column] }.first
    }

    /// The same reply under two spellings of the address is shown once.
    private func replies(_ claim: Claim) -> [Reply] {
        var seen: Set<String> = []
        return claim.rows.filter { seen.insert($0.messageID).inserted }.map { row in
            Reply(
                authorName: row.authorName, createdAt: row.createdAt, text: row.bodyText,
                isCut: row.isBodyCut,
                attachments: AttachmentList(json: row.attachments, toASCII: IDNA.asciiDomain),
                pageURL: row.pageURL)
        }
    }
}
