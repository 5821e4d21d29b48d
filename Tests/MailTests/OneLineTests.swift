import Testing

@testable import Mail

@Suite struct OneLineTests {
    @Test(
        arguments: zip(
            [
                "plain", "", "  a  b  ", "a\r\nb", "a\0\0b", "a\tb\u{85}c\u{2028}d\u{2029}e",
                "\u{7F}\u{9F}",
                "a\u{202E}b\u{2066}c\u{2069}", "a\u{A0}b", "\u{FEFF}x", "é\u{301}", "👩‍👩‍👧 x",
            ],
            [
                "plain", "", "a b", "a b", "a b", "a b c d e", "", "abc", "a b", "x", "é\u{301}",
                "👩‍👩‍👧 x",
            ]))
    func `one clean line remains`(_ text: String, _ line: String) {
        #expect(OneLine.clean(text, limit: 50) == line)
    }

    @Test(
        arguments: zip(
            [
                "abcde", "abcdef", "abcd f", "abc  ef", "ab cd e", "äbcdef",
                "a\u{301}\u{301}\u{301}\u{301}\u{301}",
            ],
            ["abcde", "abcd…", "abcd…", "abc…", "ab c…", "äbcd…", "a\u{301}\u{301}\u{301}…"]))
    func `what is too long ends with an ellipsis`(_ text: String, _ line: String) {
        let clean = OneLine.clean(text, limit: 5)
        #expect(clean == line)
        #expect(clean.unicodeScalars.count <= 5)
    }

    /// Those that are as wide as a letter and show nothing.
    @Test(arguments: [
        "\u{115F}", "\u{1160}", "\u{180E}", "\u{2800}", "\u{3164}", "\u{FFA0}", "\u{13441}",
        "\u{1D159}", "\u{3164} \u{3164}\u{2800}",
    ])
    func `a blank is white space`(_ blank: String) throws {
        #expect(OneLine.clean(blank + "Ann" + blank + "B" + blank, limit: 50) == "Ann B")
        for none in [blank, blank + "\u{200B}", "\u{200D}"] {
            #expect(OneLine.seen(none, limit: 50) == nil)
            #expect(PersonName.clean(none) == nil)
            let address = try EmailAddress("a@b.test")
            #expect(Mailbox(name: none, address: address).name == nil)
            #expect(Attachment(name: none, url: nil, size: nil).name == nil)
            var content = try sampleMail()
            content.subject = none
            #expect(
                MailComposer.compose(content).values("Subject")
                    == ["Your conversation with Acme Support"])
        }
    }

    @Test(arguments: [
        ("abc👩\u{200D}🚀x", "abc…"), ("abce\u{301}x", "abc…"), ("ab🇩🇪🇫🇷", "ab🇩🇪…"),
        ("abc👍🏽x", "abc…"), ("ab👍🏽xy", "ab👍🏽…"), ("ab \u{1F468}\u{200D}\u{1F469}", "ab…"),
    ])
    func `what is seen as one character is not cut in two`(_ text: String, _ line: String) {
        #expect(OneLine.clean(text, limit: 5).unicodeScalars.elementsEqual(line.unicodeScalars))
    }
}
