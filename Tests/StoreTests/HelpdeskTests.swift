@testable import Store
import Testing

struct HelpdeskTests {
    /// One whose columns say where they are, but for the one that says something else.
    private static func helpdesk(changing column: Int? = nil) -> Helpdesk {
        func text(_ place: Int) -> String { place == column ? "other" : "\(place)" }
        return Helpdesk(
            id: text(0), name: text(1), fromAddress: text(2), replyTo: text(3),
            bounceAddress: text(4), ticketCenterURL: text(5), dashboardURL: text(6),
            allowedDomains: text(7), locale: text(8), timeZone: text(9), brandColor: text(10),
            logoURL: text(11), footerText: text(12), overlong: [text(13)])
    }

    @Test func `two rows that say the same are equal`() {
        #expect(Self.helpdesk() == Self.helpdesk())
    }

    @Test(arguments: 0...13)
    func `a row in which one column says something else is another`(_ column: Int) {
        #expect(Self.helpdesk() != Self.helpdesk(changing: column))
    }
}
