internal import Mail
internal import SMTP
package import Store

/// What stands in the tables and can't be used in a mail, one sentence each.
package enum MailFaults {
    /// Of a row, and of its helpdesk.
    package static func of(_ row: OutboxView.Story) -> [String] {
        var faults: [String] = []
        if let locale = row.locale, isGiven(locale), !MailContent.hasLanguage(locale) {
            faults.append(
                "locale \(shown(locale)) is none of outboxd's languages and counts as not given")
        }
        if let id = row.inReplyTo, MessageID(id) == nil {
            faults.append("in_reply_to \(shown(id)) is no Message-ID, mails go without it")
        }
        if row.row.audience == Audience.operator.rawValue, let page = row.pageURL, isGiven(page),
            !isShown(page, row.helpdesk)
        {
            faults.append("page_url is no link to one of allowed_domains, mails go without it")
        }
        // It is not shown: whoever has it can unsubscribe.
        if let url = row.unsubscribeURL,
            let fault = UnsubscribeLink.fault(url, toASCII: IDNA.asciiDomain)
        {
            faults.append(fault)
        }
        faults += AttachmentList.faults(json: row.attachments, toASCII: IDNA.asciiDomain)
        guard let helpdesk = row.helpdesk else { return faults }
        let recipient = EmailAddress.usable(row.row.recipientEmail)
        let addresses = AddressFaults(helpdesk: helpdesk)
        return faults + of(helpdesk, recipient: recipient)
            + addresses.of(conversation: row.row.conversationID, audience: row.row.audience)
    }

    package static func of(_ helpdesk: Helpdesk) -> [String] { of(helpdesk, recipient: nil) }

    private static func of(_ helpdesk: Helpdesk, recipient: EmailAddress?) -> [String] {
        var faults: [String] = []
        if isGiven(helpdesk.locale), !MailContent.hasLanguage(helpdesk.locale) {
            faults.append(
                "the helpdesk's locale \(shown(helpdesk.locale)) is none of outboxd's languages, "
                    + "English is used")
        }
        if let zone = helpdesk.timeZone, isGiven(zone), ZoneBook().rules(zone) == nil {
            faults.append("time_zone \(shown(zone)) is no zone that this system has, UTC is used")
        }
        faults += helpdesk.overlong.map {
            "\($0) has more than \(OutboxLimits.value) octets and counts as not set"
        }
        faults += AddressFaults(helpdesk: helpdesk, recipient: recipient).always
        faults += domainFaults(helpdesk)
        return faults + helpdesk.brand.faults(helpdesk.domains, toASCII: IDNA.asciiDomain)
    }

    private static func isShown(_ page: String, _ helpdesk: Helpdesk?) -> Bool {
        guard let helpdesk, let url = WebURL(page, toASCII: IDNA.asciiDomain) else { return false }
        return helpdesk.domains.permits(url)
    }

    static func isGiven(_ text: String) -> Bool { !text.allSatisfy(\.isWhitespace) }

    private static func domainFaults(_ helpdesk: Helpdesk) -> [String] {
        helpdesk.domains.unusable.prefix(mostDomains).map { entry in
            "allowed_domains \(shown(entry)) matches nothing: entries are host names, separated by commas"
        }
    }

    /// An operator who has mended these sees the next.
    private static let mostDomains = 3

    /// It stands in a line of the console, which makes it printable.
    static func shown(_ text: String) -> String {
        "\"\(text.count > 40 ? text.prefix(40) + "…" : text[...])\""
    }
}
