/// One row of `helpdesks`, unchecked: what the API server wrote.
///
/// A class, since all mails of a batch share it, and a copy of a value would retain each of its strings.
package final class Helpdesk: Sendable {
    package let id: String
    package let name: String
    package let fromAddress: String
    package let replyTo: String?
    package let bounceAddress: String?
    package let ticketCenterURL: String?
    package let dashboardURL: String?
    package let allowedDomains: String
    package let locale: String
    /// IANA's name.
    package let timeZone: String?
    package let brandColor: String?
    package let logoURL: String?
    package let footerText: String?
    /// Columns whose values are too long to be read: they count as not set.
    package let overlong: [String]

    package init(
        id: String, name: String, fromAddress: String, replyTo: String? = nil,
        bounceAddress: String? = nil, ticketCenterURL: String? = nil, dashboardURL: String? = nil,
        allowedDomains: String, locale: String, timeZone: String? = nil, brandColor: String? = nil,
        logoURL: String? = nil, footerText: String? = nil, overlong: [String] = []
    ) {
        self.id = id
        self.name = name
        self.fromAddress = fromAddress
        self.replyTo = replyTo
        self.bounceAddress = bounceAddress
        self.ticketCenterURL = ticketCenterURL
        self.dashboardURL = dashboardURL
        self.allowedDomains = allowedDomains
        self.locale = locale
        self.timeZone = timeZone
        self.brandColor = brandColor
        self.logoURL = logoURL
        self.footerText = footerText
        self.overlong = overlong
    }
}

extension Helpdesk: Equatable {
    /// Whether both rows say the same.
    package static func == (one: Helpdesk, other: Helpdesk) -> Bool {
        one === other || (one.columns == other.columns && one.overlong == other.overlong)
    }

    private var columns: [String?] {
        [
            id, name, fromAddress, replyTo, bounceAddress, ticketCenterURL, dashboardURL,
            allowedDomains, locale, timeZone, brandColor, logoURL, footerText,
        ]
    }
}
