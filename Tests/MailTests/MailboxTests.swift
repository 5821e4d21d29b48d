import Testing

@testable import Mail

@Suite struct MailboxTests {
    @Test(
        arguments: [
            ("jane@example.org", nil, "jane@example.org"),
            ("<jane@example.org>", nil, "jane@example.org"),
            ("Jane Doe <jane@example.org>", "Jane Doe", "jane@example.org"),
            ("  Jane   Doe<jane@example.org> ", "Jane Doe", "jane@example.org"),
            ("\"Doe, Jane\" <jane@example.org>", "Doe, Jane", "jane@example.org"),
            ("\"J \\\"D\\\" \\\\\" <jane@example.org>", "J \"D\" \\", "jane@example.org"),
            ("\"\" <jane@example.org>", nil, "jane@example.org"),
            ("\"a<b\"@example.org", nil, "\"a<b\"@example.org"),
            ("Jane <\"a<b\"@example.org>", "Jane", "\"a<b\"@example.org"),
            ("Jörg, Büro <jörg@example.org>", "Jörg, Büro", "jörg@example.org"),
        ] as [(String, String?, String)])
    func `a setting is read`(_ text: String, _ name: String?, _ address: String) throws {
        let mailbox = try Mailbox(parsing: text)
        #expect(mailbox.name == name)
        #expect(mailbox.address.description == address)
    }

    @Test(arguments: [
        "", "Jane", "Jane <jane@example.org", "Jane jane@example.org", "Jane <>", "<<a@b>>",
        "Jane <a@b> x", "Jane <a@b>, Joe <c@d>", "Jane\r\nBcc: x <a@b>", "\"Jane <a@b>",
        "\"Jane\"", "\"Jane\\", "Jane\u{2028} <a@b>", "a@b, c@d", "Jane <a@b\n>",
    ])
    func `anything else is refused`(_ text: String) {
        #expect(throws: InvalidAddress.self) { try Mailbox(parsing: text) }
    }

    @Test func `names from rows are cleaned`() throws {
        let address = try EmailAddress("a@b")
        #expect(Mailbox(name: " \r\n\u{0} ", address: address).name == nil)
        #expect(Mailbox(name: "A\r\nBcc: x@y", address: address).name == "A Bcc: x@y")
        #expect(
            Mailbox(name: String(repeating: "ü", count: 101), address: address).name?.count == 100)
    }
}
