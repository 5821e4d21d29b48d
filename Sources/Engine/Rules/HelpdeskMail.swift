internal import Delivery
internal import Mail
internal import SMTP
internal import Store

/// What all mails of one helpdesk share: worked out of its row once.
final class HelpdeskMail: Sendable {
    /// The row as it was then; nil: there was none.
    private let helpdesk: Helpdesk?

    let brand: Brand
    let domains: AllowedDomains
    let zone: ZoneRules?

    private let replyTo: ConversationTemplate?
    private let ticketCenter: ConversationTemplate?
    private let dashboard: ConversationTemplate?
    private let senders: SenderChoice?

    init(_ helpdesk: Helpdesk?, _ settings: EngineSettings, _ zones: ZoneBook) {
        self.helpdesk = helpdesk
        brand = helpdesk?.brand ?? .none
        domains = helpdesk?.domains ?? .none
        zone = helpdesk?.timeZone.flatMap(zones.rules)
        replyTo = helpdesk?.replyTo.map(ConversationTemplate.init)
        ticketCenter = helpdesk?.ticketCenterURL.map(ConversationTemplate.init)
        dashboard = helpdesk?.dashboardURL.map(ConversationTemplate.init)
        senders = SenderChoice(
            helpdesk, from: settings.from, bounceAddress: settings.bounceAddress)
    }

    /// Whether the row still is as it was.
    func isOf(_ row: Helpdesk?) -> Bool {
        guard let helpdesk, let row else { return helpdesk == nil && row == nil }
        return helpdesk == row
    }

    func sender(to recipient: EmailAddress) -> Sender? {
        senders?.sender(to: recipient)
    }

    /// nil if there is none, or it is no address.
    ///
    /// - Parameter mayNeedSMTPUTF8: The mail does in any case; else no Reply-To makes it do.
    func replyTo(conversation: String, mayNeedSMTPUTF8: Bool) -> EmailAddress? {
        replyTo.flatMap {
            Helpdesk.replyTo($0, conversation: conversation, mayNeedSMTPUTF8: mayNeedSMTPUTF8)
        }
    }

    /// Where those of an audience find a conversation; the mail goes without it if it is no link.
    func link(_ audience: Audience, conversation: String) -> String? {
        let template = audience == .visitor ? ticketCenter : dashboard
        return template.map { ConversationPlaceholder.link($0, conversation: conversation) }
    }
}
