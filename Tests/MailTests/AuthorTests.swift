import Testing

@testable import Mail

/// Whose name stands beside the helpdesk's address, and in the mail.
struct AuthorTests {
    private func from(_ names: [String?], _ audience: Audience, brand: String? = "Acme") -> String?
    {
        Author.from(names, of: audience, brand: brand, .none, Language.english)
    }

    @Test(
        arguments: [
            (["Olga"], "Olga (Acme)"), (["Olga", "Olga"], "Olga (Acme)"),
            (["Olga", "Sam"], "Acme"), (["ACME"], "ACME"), (["Olga (acme)"], "Olga (acme)"),
            (["Olga (acm)"], "Olga (acm) (Acme)"), (["Olga Acme"], "Olga Acme (Acme)"),
            ([nil], "Acme"), (["", "Olga"], "Acme"), (["Acme"], "Acme"), ([" \n"], "Acme"),
            (["olga@evil.test"], "Acme"), (["https://evil.test"], "Acme"), (["evil.test"], "Acme"),
        ] as [([String?], String)])
    func `an operator stands with the brand, several are the brand`(
        _ names: [String?], _ shown: String
    ) {
        #expect(from(names, .visitor) == shown)
    }

    @Test(
        arguments: [
            (["Ann"], "Ann (visitor), Acme"), ([nil], "Visitor, Acme"), (["Ann", "Bob"], "Acme"),
            (["Acme"], "Acme (visitor), Acme"), (["ceo@acme.test"], "Visitor, Acme"),
            (["www.acme.test"], "Visitor, Acme"), (["ACME.COM"], "Visitor, Acme"),
            (["acme．com@x"], "Visitor, Acme"), (["see http://x"], "Visitor, Acme"),
            (["Dr.Smith"], "Dr.Smith (visitor), Acme"),
            (["J.R.R. Tolkien"], "J.R.R. Tolkien (visitor), Acme"),
            (["support＠acme"], "Visitor, Acme"), (["evil.\u{200B}com"], "Visitor, Acme"),
            (["evil\u{2024}com"], "Visitor, Acme"), (["evil。com/login"], "Visitor, Acme"),
            (["1.2.3.4"], "Visitor, Acme"), (["mailto:x"], "Visitor, Acme"),
            (["\u{200B}"], "Visitor, Acme"), (["\u{3164}"], "Visitor, Acme"),
            (["山田 花子"], "山田 花子 (visitor), Acme"),
        ] as [([String?], String)])
    func `a visitor never passes for the helpdesk, an address or a link`(
        _ names: [String?], _ shown: String
    ) {
        #expect(from(names, .operator) == shown)
    }

    @Test(arguments: [
        "acme.com.", "acme.com!", "acme.com?x", "acme.com#x", "“acme.com”", "„acme.com“",
        "«acme.com»", "‹acme.com›", "*acme.com*", "acme.com-", "acme.com—Support", "acme.com✅",
        "acme.com’s", "acme.com。", "acme.xn--p1ai", "https:acme", "javascript:alert(1)", "tel:+1",
        "[::1]", "2001:db8::1", "…acme.com…", "~acme.com", "acme.com|Support", "-acme.com",
        "acme‑help.com", "acme.com_x", "HTTPS：acme", "acme.рф.", "1.2.3.4.", "Ann (acme.com)",
        "Acme.Com", "ACME.Net.",
    ])
    func `a host is one whatever stands around it`(_ name: String) {
        #expect(from([name], .operator) == "Visitor, Acme")
    }

    @Test(arguments: [
        "J.R.R. Tolkien", "J.R.R.", "Dr. Smith", "Dr.Smith", "O'Brien", "O’Brien", "Jean-Luc",
        "Anna M.", "Anna…", "-Ann-", "St. John-Smith", "Ann: from sales", "Ann:Bob", "M.-L. Weiß",
        "オルガ・ベルク", "Müller, Ann", "Ann 2.0", "José", "C++", "ann_b",
    ])
    func `a name with a dot or another mark stays`(_ name: String) {
        #expect(from([name], .operator) == "\(name) (visitor), Acme")
    }

    @Test(arguments: [
        ("en", "Ann (visitor), Acme"), ("ar", "Ann (زائر)، Acme"), ("ja", "Ann（訪問者）、Acme"),
    ])
    func `a comma is the language's own`(_ tag: String, _ shown: String) throws {
        let language = try #require(LanguageLookup.language(tag))
        #expect(Author.from(["Ann"], of: .operator, brand: "Acme", .none, language) == shown)
    }

    @Test func `without a brand the author stands alone`() {
        #expect(from(["Olga"], .visitor, brand: nil) == "Olga")
        #expect(from([nil], .visitor, brand: nil) == nil)
        #expect(from(["Ann"], .operator, brand: nil) == "Ann (visitor)")
    }

    @Test func `long names leave room for each other`() throws {
        let long = String(repeating: "Olga ", count: 1_000)
        let shown = try #require(from([long], .visitor, brand: long))
        #expect(shown.unicodeScalars.count <= Mailbox.maximumNameLength)
        #expect(shown.hasSuffix("…)") && shown.contains("… ("))
        // The mark is what must not be lost.
        for language in Language.all {
            let mark = language.phrases.namedVisitor.filled("")
            let visitor = Author.from([long], of: .operator, brand: long, .none, language)
            #expect(visitor?.contains(mark) == true && (visitor?.unicodeScalars.count ?? 0) <= 100)
        }
    }
}
