internal import Mail
internal import SMTP
internal import Store

/// What of a helpdesk's addresses and links mails can't use.
struct AddressFaults {
    let helpdesk: Helpdesk
    /// Of the one mail that this is about.
    var recipient: EmailAddress?

    /// What holds for each conversation.
    var always: [String] { links + replyTo + bounce }

    private var links: [String] {
        [
            ("ticket_center_url", helpdesk.ticketCenterURL),
            ("dashboard_url", helpdesk.dashboardURL),
        ].compactMap { column, link in
            guard let link, MailFaults.isGiven(link), !isLink(link, conversation: Self.sample)
            else { return nil }
            return
                "\(column) \(MailFaults.shown(link)) is no http or https link, mails go without it"
        }
    }

    private var replyTo: [String] {
        guard let text = helpdesk.replyTo, MailFaults.isGiven(text) else { return [] }
        let shown = "reply_to \(MailFaults.shown(text))"
        if helpdesk.replyTo(conversation: Self.sample, mayNeedSMTPUTF8: true) == nil {
            return ["\(shown) is no address, mails go without it"]
        }
        let isUsed =
            helpdesk.replyTo(conversation: Self.sample, mayNeedSMTPUTF8: needsSMTPUTF8) != nil
        return isUsed
            ? [] : ["\(shown) needs SMTPUTF8, mails whose other addresses do not go without it"]
    }

    private var bounce: [String] {
        guard let text = helpdesk.bounceAddress, MailFaults.isGiven(text) else { return [] }
        let shown = "bounce_address \(MailFaults.shown(text))"
        let instead = "OUTBOXD_BOUNCE_ADDRESS or from_address is used"
        guard let address = EmailAddress.usable(text) else {
            return ["\(shown) is no address, \(instead)"]
        }
        return needsSMTPUTF8 || address.isASCII
            ? [] : ["\(shown) needs SMTPUTF8, for mails whose other addresses do not \(instead)"]
    }

    private var needsSMTPUTF8: Bool {
        recipient?.isASCII == false
            || EmailAddress.usable(helpdesk.fromAddress)?.isASCII == false
    }

    /// What holds for one conversation alone: its id makes of what is usable what is not.
    ///
    /// - Parameter audience: Which of the two links its mails have.
    func of(conversation id: String, audience: String) -> [String] {
        var faults: [String] = []
        let isVisitor = audience == Audience.visitor.rawValue
        let column = isVisitor ? "ticket_center_url" : "dashboard_url"
        if let link = isVisitor ? helpdesk.ticketCenterURL : helpdesk.dashboardURL,
            isLink(link, conversation: Self.sample), !isLink(link, conversation: id)
        {
            faults.append(
                "\(column) with conversation_id \(MailFaults.shown(id)) is no link, or too long, its mails go without it"
            )
        }
        if helpdesk.replyTo(conversation: Self.sample, mayNeedSMTPUTF8: true) != nil,
            helpdesk.replyTo(conversation: id, mayNeedSMTPUTF8: true) == nil
        {
            faults.append(
                "reply_to with conversation_id \(MailFaults.shown(id)) is no address, its mails go without it"
            )
        }
        return faults
    }

    private func isLink(_ template: String, conversation: String) -> Bool {
        ConversationPlaceholder.url(
            template, conversation: conversation, toASCII: IDNA.asciiDomain) != nil
    }

    /// An id that any address and link can hold.
    private static let sample = "c"
}
