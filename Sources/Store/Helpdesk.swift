/// One row of `helpdesks`, unchecked: what the API server wrote.
package struct Helpdesk: Sendable, Equatable {
    package var id: String
    package var name: String
    package var fromAddress: String
    package var replyTo: String?
    package var bounceAddress: String?
    package var ticketCenterURL: String?
    package var dashboardURL: String?
    package var allowedDomains: String
    package var locale: String
    /// IANA's name.
    package var timeZone: String?
    package var brandColor: String?
    package var logoURL: String?
    package var footerText: String?
    /// Columns whose values are too long to be read: they count as not set.
    package var overlong: [String] = []
}
