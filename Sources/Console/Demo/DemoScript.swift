internal import Delivery

/// What the people of the demonstration do, and when.
enum DemoScript {
    struct Person: Sendable {
        var name: String
        var address: String
        var conversation: String
        var subject: String
    }

    enum Deed: Sendable {
        /// An operator replies; the API server inserts a row.
        case reply(to: Person, author: String, text: String, isInstant: Bool)
        /// The Ticket Center shows the conversation; the API server writes the read marker.
        case read(Person)
    }

    struct Act: Sendable {
        /// Since the start.
        var at: Duration
        var deed: Deed
    }

    static let helpdesk = "acme"
    static let hold: Duration = .seconds(3)
    /// A retry comes after half of it to all of it.
    static let retryBase: Duration = .seconds(2)

    static let ann = Person(
        name: "Ann", address: "ann@example.com", conversation: "c1", subject: "Printer is offline")
    static let ben = Person(
        name: "Ben", address: "ben@example.com", conversation: "c2", subject: "Invoice 2041")
    static let cem = Person(
        name: "Cem", address: "cem@example.com", conversation: "c3", subject: "Shop is down")
    static let dora = Person(
        name: "Dora", address: "dora@example.com", conversation: "c4", subject: "New address")
    static let eli = Person(
        name: "Eli", address: "eli@example.com", conversation: "c5", subject: "Size 42 in blue")

    static let acts: [Act] = [
        reply(0, ann, "Please switch the printer off and on again."),
        reply(200, ben, "I am looking for the invoice."),
        reply(500, cem, "We restarted the shop. It works again.", isInstant: true),
        reply(800, dora, "We have noted your new address."),
        Act(at: .milliseconds(1_000), deed: .read(ann)),
        reply(1_100, ben, "Found it: the tax was counted twice."),
        reply(1_400, eli, "Size 42 is back in stock."),
        reply(1_900, ben, "The corrected invoice is in your account.", by: "Max"),
    ]

    /// What the mail server answers to RCPT, one after the other; then it accepts.
    static let refusals = [
        dora.address: ["550 5.1.1 No such mailbox here"],
        eli.address: ["450 4.2.0 Greylisted, come again"],
    ]

    private static func reply(
        _ milliseconds: Int, _ person: Person, _ text: String, by author: String = "Olga",
        isInstant: Bool = false
    ) -> Act {
        Act(
            at: .milliseconds(milliseconds),
            deed: .reply(to: person, author: author, text: text, isInstant: isInstant))
    }
}
