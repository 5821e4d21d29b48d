internal import Mail
internal import SMTP
internal import Store

/// What of a helpdesk's row is read for its mails.
extension Helpdesk {
    var brand: Brand { Brand(color: brandColor, logoURL: logoURL, footer: footerText) }

    var domains: AllowedDomains {
        AllowedDomains(commaSeparated: allowedDomains, toASCII: IDNA.asciiDomain)
    }

    /// nil if there is none, or it is no address.
    func replyTo(conversation: String) -> EmailAddress? {
        replyTo.flatMap { ConversationPlaceholder.address($0, conversation: conversation) }?
            .onTheWire()
    }
}
