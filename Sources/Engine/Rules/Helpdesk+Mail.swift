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
    ///
    /// - Parameter mayNeedSMTPUTF8: The mail does in any case; else no Reply-To makes it do.
    func replyTo(conversation: String, mayNeedSMTPUTF8: Bool) -> EmailAddress? {
        replyTo.flatMap {
            Self.replyTo(
                ConversationTemplate($0), conversation: conversation,
                mayNeedSMTPUTF8: mayNeedSMTPUTF8)
        }
    }

    static func replyTo(
        _ template: ConversationTemplate, conversation: String, mayNeedSMTPUTF8: Bool
    ) -> EmailAddress? {
        let address = ConversationPlaceholder.address(template, conversation: conversation)?
            .onTheWire()
        return address.flatMap { mayNeedSMTPUTF8 || $0.isASCII ? $0 : nil }
    }
}
