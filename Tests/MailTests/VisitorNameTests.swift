import Testing

@testable import Mail

/// Which names of visitors are shown: none that passes for a host, an address or a link.
struct VisitorNameTests {
    private static let own = OwnDomains(["acme.black", "desk.Acme.Tires", "localhost"])

    @Test(arguments: [
        // Host names ignore case.
        "Bit.Ly", "Evil.Ru", "Evil.Co.Uk", "Acme.Example", "Login.Evil.Ru", "Microsoft.Support",
        "EVIL.IO",
        "Login.Acme.Bank", "Acme.Team", "Acme.Pay", "Acme.Care", "Acme.Page", "Acme.Gift",
        "evil.dev", "Evil.Online", "Evil.Xyz", "Ann Evil.Top", "Evil.Рф", "Evil.Онлайн",
        "Evil.XN--P1AI", "Acme.Com-Support", "Acme.Com.Smith", "Smith..Evil.Com", "evil.unknown",
        // What stands behind makes a link of any.
        "Evil.Example/Login", "Login.Evil.Ru/Acme", "Acme.Shop.Smith/login", "Evil.Smith/",
        "Evil.Smith\\login", "Evil.Smith?a=1", "Evil.Smith#login", "Evil.Smith:8080",
        "Evil.Smith.:443/x", "x.Smith/login",
        // Other dots, other letters, other marks.
        "Evil。Ru", "Evil．Co．Uk", "Evil｡Com", "Ｅｖｉｌ．Ｃｏｍ", "Evil.Smith／login",
        "Evil.Smith⁄login", "Evil.Smith：80", "Evil.Smith？a", "Evil.\u{AD}Ru",
        "evil[.]com", "evil(.)com", "evil [dot] com", "Evil{DOT}Ru", "support[at]acme[dot]example",
        "support (AT) acme", "［evil］ evil［．］com",
    ])
    func `what passes for a host or a link is not`(_ name: String) {
        #expect(PersonName.visitor(name, .none) == nil)
    }

    @Test(arguments: [
        "John.Smith", "John.Smith.", "J. R. Smith", "St. John", "Dr.Who", "Dr.Who?",
        "Maria Silva Jr.", "Node.js fan", "j.doe", "J.SMITH", "j.r.r.tolkien", "Anna Berg, M.Sc.",
        "B.Sc. Anna", "Anna Berg, Ph.D.", "M.A./B.A.", "И.Иванов", "Иван.Петров", "Jack.Black",
        "John.Smith: sales", "v2.0/3", "Dorothy (Dot) Smith", "Ann (at Acme)", "Ann [sales]",
        "Ann (", "John..Smith", "Ann-Marie.Smith-Jones", "(((", "Who? Me", "Ann #1", "Acme Black",
        "Acme.Black",
    ])
    func `the name of a person is shown`(_ name: String) {
        #expect(PersonName.visitor(name, .none) == name)
    }

    @Test(arguments: [
        "Acme.Black", "ACME.BLACK", "Help.Acme.Black", "Acme.Black Support", "Desk.Acme.Tires",
        "Acme．Black", "Acme.Black.Smith",
    ])
    func `the helpdesk's own domains are nobody's name`(_ name: String) {
        #expect(PersonName.visitor(name, Self.own) == nil)
    }

    @Test(arguments: ["Acme Black", "Bacme.Blacksmith", "Localhost", "My.Acme Black"])
    func `what only resembles one of them is`(_ name: String) {
        #expect(PersonName.visitor(name, Self.own) == name)
    }

    /// From and the text are made of the same rule.
    @Test(arguments: ["Acme.Black", "Acme.Boots", "Acme.Hats"])
    func `From, Reply-To and the allowed domains are the helpdesk's own`(_ name: String) throws {
        var content = try sampleMail()
        content.audience = .operator
        content.from = Mailbox(name: "Acme", address: try EmailAddress("support@acme.black"))
        content.replyTo = try EmailAddress("r+1@mail.acme.boots")
        content.replies[0].authorName = "Mail." + name
        content.allowedDomains = AllowedDomains(commaSeparated: "acme.hats")
        let mail = MailComposer.compose(content)
        #expect(mail.values("From") == ["\"Visitor, Acme Support\" <support@acme.black>"])
        let text = String(decoding: MailComposer.text(content), as: UTF8.self)
        #expect(!text.contains("Mail.Acme") && text.contains("— Visitor\n"))
    }

    @Test func `another domain of Reply-To is another letterhead`() throws {
        let book = LetterheadBook { _ in nil }
        var content = try sampleMail()
        content.audience = .operator
        content.replies[0].authorName = "Acme.Boots"
        for (address, from) in [
            ("r@acme.hats", "Acme.Boots (visitor)"), ("r@acme.boots", "Visitor"),
        ] {
            content.replyTo = try EmailAddress(address)
            let mail = MailComposer.compose(content, on: book.letterhead(of: content)) { _ in nil }
            #expect(mail.values("From") == ["\"\(from), Acme Support\" <support@acme.test>"])
        }
    }
}
