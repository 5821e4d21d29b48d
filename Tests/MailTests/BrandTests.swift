import Delivery
import Testing

@testable import Mail

struct BrandTests {
    @Test(arguments: [
        "#000000", "#ffffff", "#777777", "#767676", "#ffd400", "#1f5fbf", "#ff0000", "#00ff00",
        "#0000ff", "#808080", "#7f7f7f", "#AbCdEf",
    ])
    func `the button can be read on any colour`(_ color: String) throws {
        let brand = try #require(BrandColor(color))
        #expect(contrast(brand.background, brand.text) >= 4.5)
        #expect(brand.background == color.lowercased())
    }

    @Test(arguments: [
        "red", "#fff", "#12345", "#1234567", "#12345g", "#+12345", "1f5fbf", "#١٢٣",
    ])
    func `what is no colour is none`(_ color: String) {
        #expect(BrandColor(color) == nil)
        #expect(Brand(color: color).faults(.none).count == 1)
    }

    @Test(arguments: ["", " \n"]) func `nothing counts as not given`(_ text: String) {
        #expect(Brand(color: text, logoURL: text, footer: text).faults(.none) == [])
    }

    @Test(arguments: [
        ("https://cdn.acme.test/l.png", true), ("http://cdn.acme.test/l.png", false),
        ("https://evil.test/l.png", false), ("javascript:x", false),
        ("https://acme.test.evil.test/", false),
    ])
    func `a logo comes from where the helpdesk permits it`(_ url: String, _ isShown: Bool) throws {
        var content = try sampleMail()
        content.allowedDomains = AllowedDomains(commaSeparated: "acme.test")
        content.brand = Brand(logoURL: url)
        let html = String(decoding: MailComposer.html(content), as: UTF8.self)
        #expect(html.contains("<img src=\"\(url)\" alt=\"Acme Support\"") == isShown)
        #expect(html.contains("<img") == isShown)
        #expect(content.brand.faults(content.allowedDomains).isEmpty == isShown)
    }

    @Test(arguments: [
        (1_983, "logo_url has more than 2000 octets, mails go without it"), (1_982, nil),
    ])
    func `a logo's link that is too long is told as too long`(_ octets: Int, _ fault: String?) {
        let brand = Brand(logoURL: "https://acme.test/" + String(repeating: "l", count: octets))
        #expect(
            brand.faults(AllowedDomains(commaSeparated: "acme.test")) == (fault.map { [$0] } ?? []))
    }

    /// SpamAssassin gives a mail with a picture up to 2.8 points for that alone where its HTML is shorter than some
    /// 3,200 octets (`HTML_IMAGE_ONLY_24`, `_28`, `_32`).
    @Test(arguments: Phrases.tags)
    func `a mail with a logo is not so short that filters take it for an advertisement`(
        _ language: String
    ) throws {
        var content = try sampleMail(replies: [
            Reply(createdAt: WallTime(milliseconds: 1_795_369_200_000), text: "OK")
        ])
        content.locales = [language]
        content.allowedDomains = AllowedDomains(commaSeparated: "a.test")
        content.brand = Brand(logoURL: "https://a.test/l")
        content.helpdeskName = "A"
        content.subject = "x"
        content.conversationLink = nil
        content.replyTo = nil
        content.unsubscribeURL = nil
        let html = String(decoding: MailComposer.html(content), as: UTF8.self)
        // Octets or characters, whatever the filter has made of it.
        #expect(html.unicodeScalars.count > 3_300)
    }

    @Test func `a logo keeps its proportions and stands on light ground`() throws {
        var content = try sampleMail()
        #expect(!String(decoding: MailComposer.html(content), as: UTF8.self).contains(".g{"))
        content.allowedDomains = AllowedDomains(commaSeparated: "acme.test")
        content.brand = Brand(logoURL: "https://acme.test/l.png")
        let html = String(decoding: MailComposer.html(content), as: UTF8.self)
        let image = try #require(html.split(separator: "<img ").last?.prefix { $0 != ">" })
        #expect(image.contains("width:auto;height:auto;max-width:200px;max-height:32px"))
        // Beside a width it would distort.
        #expect(image.contains(" height=\"32\"") && !image.contains(" width=\""))
        let dark = html.split(separator: "@media (prefers-color-scheme:dark){")[1]
        #expect(dark.hasPrefix("\n.g{background-color:#ffffff!important"))
    }

    @Test(arguments: [
        ("#ffffff", true), ("#f5f5dc", true), ("#121417", true), ("#000000", true),
        ("#1d2126", true), ("#ffd400", true), ("#1f5fbf", false), ("#767676", false),
        ("#cccccc", false),
    ])
    func `a button that is hardly told from the page has a border`(
        _ color: String, _ isDrawn: Bool
    ) throws {
        var content = try sampleMail()
        content.brand = Brand(color: color)
        let html = String(decoding: MailComposer.html(content), as: UTF8.self)
        #expect(html.contains(HTMLStyle.buttonBorder) == isDrawn)
        // WCAG 2.2, 1.4.11.
        for page in ["#ffffff", "#121417"] {
            #expect(contrast(String(HTMLStyle.buttonBorder.suffix(7)), page) >= 3)
        }
    }

    @Test func `a footer is a few lines of text`() throws {
        var content = try sampleMail()
        content.brand = Brand(
            footer: "Acme <Ltd>\r\n\n\u{202E}Street\n" + String(repeating: "x\n", count: 99))
        #expect(content.brand.footerLines == ["Acme <Ltd>", "Street", "x", "x"])
        let html = String(decoding: MailComposer.html(content), as: UTF8.self)
        #expect(html.contains(">Acme &lt;Ltd&gt;<br>Street<"))
        #expect(
            String(decoding: MailComposer.text(content), as: UTF8.self).contains(
                "Acme Support.\nAcme <Ltd>\nStreet\n"))
    }

    @Test func `links in a footer can be clicked`() throws {
        var content = try sampleMail()
        content.brand = Brand(
            footer: "Imprint: https://acme.test/imprint?a=1&b=2.\nhttps://bücher.test javascript:x")
        let html = String(
            decoding: MailComposer.html(content) { _ in "xn--bcher-kva.test" }, as: UTF8.self)
        let link = "<a href=\"https://acme.test/imprint?a=1&amp;b=2" + HTMLStyle.linkEnd
        #expect(
            html.contains("<br>Imprint: \(link)https://acme.test/imprint?a=1&amp;b=2</a>."))
        #expect(html.contains("\">https://bücher.test</a> javascript:x<"))
        content.locales = ["ar"]
        let arabic = String(decoding: MailComposer.html(content), as: UTF8.self)
        #expect(arabic.contains("Imprint: <a dir=\"ltr\" href=\"https://acme.test/imprint"))
    }

    @Test(arguments: [
        ("", false), ("a\n\nb\nc\n \nd\n", false), ("a\nb\nc\nd\ne", true),
        (String(repeating: "ä", count: 300), false), (String(repeating: "ä", count: 301), true),
        (String(repeating: " ", count: 1_200) + "x", true),
    ])
    func `a footer that is cut is a fault`(_ footer: String, _ isCut: Bool) {
        #expect(Brand(footer: footer).faults(.none).isEmpty == !isCut)
    }

    /// WCAG 2.2, 1.4.3: every pair that the style sheet makes, in both schemes.
    @Test(arguments: [
        ("#1d2126", "#ffffff"), ("#59616b", "#ffffff"), ("#1f5fbf", "#ffffff"),
        ("#1d2126", "#f2f4f6"), ("#e8eaed", "#121417"), ("#a6adb7", "#121417"),
        ("#8ab4f8", "#121417"), ("#e8eaed", "#22262b"),
    ])
    func `text can be read in both schemes`(_ text: String, _ background: String) throws {
        #expect(contrast(text, background) >= 4.5)
        let html = String(decoding: MailComposer.html(try sampleMail()), as: UTF8.self)
        let code = String(
            decoding: MailComposer.html(
                try sampleMail(replies: [Reply(createdAt: .init(milliseconds: 0), text: "\tls -l")])
            ),
            as: UTF8.self)
        #expect((html + code).contains(text) && (html + code).contains(background))
    }

    /// Marks upon marks reach over other lines otherwise: of each element that shows what somebody wrote.
    @Test func `nothing leaves its box`() throws {
        let file = Attachment(name: "a.pdf", url: nil, size: 1)
        let content = try sampleMail(replies: [
            Reply(
                createdAt: WallTime(milliseconds: 0), text: "x\n\n    z(1)\n\n- y",
                attachments: AttachmentList([file]))
        ])
        let html = String(decoding: MailComposer.html(content), as: UTF8.self)
        let style = html.prefix(upTo: try #require(html.firstRange(of: "</style>")).lowerBound)
        #expect(style.contains("\np,pre,.l,h1,ul{overflow:hidden}\n"))
        // Hidden altogether, an entry would lose its mark, which stands outside of it.
        #expect(style.contains("\nli{overflow-y:clip}\n"))
        let shown = Set(
            html.matches(
                of: try Regex("<(p|pre|h1|li|div class=\"l\")[ >]", as: (Substring, Substring).self)
            )
            .map { String($0.output.1) })
        #expect(shown == ["p", "pre", "h1", "li", "div class=\"l\""])
    }

    private func contrast(_ one: String, _ other: String) -> Double {
        func luminance(_ color: String) -> Double {
            let number = UInt32(color.dropFirst(), radix: 16) ?? 0
            return BrandColor.luminance(
                UInt8(number >> 16 & 0xFF), UInt8(number >> 8 & 0xFF), UInt8(number & 0xFF))
        }
        let (low, high) = [luminance(one), luminance(other)].sorted().firstTwo
        return (high + 0.05) / (low + 0.05)
    }
}

extension [Double] {
    fileprivate var firstTwo: (Double, Double) { (self[0], self[1]) }
}
