internal import Mail
internal import SMTP
package import Store

/// What stands in the tables and can't be used in a mail, one sentence each.
package enum MailFaults {
    /// Of a row, and of its helpdesk.
    package static func of(_ row: OutboxView.Story) -> [String] {
        var faults: [String] = []
        if let locale = row.locale, !MailContent.hasLanguage(locale) {
            faults.append(
                "locale \(shown(locale)) is none of outboxd's languages"
                    + (row.helpdesk == nil ? "" : ", the helpdesk's is used"))
        }
        if let id = row.inReplyTo, MessageID(id) == nil {
            faults.append("in_reply_to \(shown(id)) is no Message-ID, mails go without it")
        }
        // It is not shown: whoever has it can unsubscribe.
        if let url = row.unsubscribeURL,
            let fault = UnsubscribeLink.fault(url, toASCII: IDNA.asciiDomain)
        {
            faults.append(fault)
        }
        return faults + (row.helpdesk.map(of) ?? [])
    }

    package static func of(_ helpdesk: Helpdesk) -> [String] {
        var faults: [String] = []
        if !MailContent.hasLanguage(helpdesk.locale) {
            faults.append(
                "the helpdesk's locale \(shown(helpdesk.locale)) is none of outboxd's languages, "
                    + "English is used")
        }
        if let zone = helpdesk.timeZone, ZoneBook().rules(zone) == nil {
            faults.append("time_zone \(shown(zone)) is no zone that this system has, UTC is used")
        }
        for (column, link) in [
            ("ticket_center_url", helpdesk.ticketCenterURL),
            ("dashboard_url", helpdesk.dashboardURL),
        ] {
            if let link,
                ConversationPlaceholder.url(link, conversation: "c", toASCII: IDNA.asciiDomain)
                    == nil
            {
                faults.append(
                    "\(column) \(shown(link)) is no http or https link, mails go without it")
            }
        }
        if let replyTo = helpdesk.replyTo, helpdesk.replyTo(conversation: "c") == nil {
            faults.append("reply_to \(shown(replyTo)) is no address, mails go without it")
        }
        faults += helpdesk.overlong.map {
            "\($0) has more than \(OutboxLimits.value) octets and counts as not set"
        }
        faults += domainFaults(helpdesk)
        return faults + helpdesk.brand.faults(helpdesk.domains, toASCII: IDNA.asciiDomain)
    }

    private static func domainFaults(_ helpdesk: Helpdesk) -> [String] {
        helpdesk.domains.unusable.prefix(mostDomains).map { entry in
            "allowed_domains \(shown(entry)) matches nothing: entries are host names, separated by commas"
        }
    }

    /// An operator who has mended these sees the next.
    private static let mostDomains = 3

    /// It stands in a line of the console, which makes it printable.
    private static func shown(_ text: String) -> String {
        "\"\(text.count > 40 ? text.prefix(40) + "…" : text[...])\""
    }
}
