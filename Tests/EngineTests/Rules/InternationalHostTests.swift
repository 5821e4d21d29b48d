import Mail
import SMTP
import Testing

@testable import Engine

/// Hosts as libidn2 reads them, in what decides where a mail may lead.
struct InternationalHostTests {
    private func host(_ link: String) -> String? {
        WebURL(link, toASCII: IDNA.asciiDomain)?.host
    }

    @Test(arguments: [
        ("https://bücher.test/x", "xn--bcher-kva.test"),
        ("https://BÜCHER.test./", "xn--bcher-kva.test"),
        ("https://bu\u{308}cher.test:8080", "xn--bcher-kva.test"),
        ("https://www.例え。テスト/", "www.xn--r8jz45g.xn--zckzah"),
        // The browser goes there as well, so that is the host which must be permitted.
        ("https://good.test\u{3002}evil.test/", "good.test.evil.test"),
        ("https://ＧＯＯＤ.test/", "good.test"), ("https://go\u{AD}od.test/", "good.test"),
    ])
    func `a host is the one that browsers go to`(_ link: String, _ expected: String) {
        #expect(host(link) == expected)
    }

    /// Some of these have a slash, a colon or an at sign in their compatibility form.
    @Test(arguments: [
        "https://evil.test\u{FF0F}.good.test/", "https://evil.te\u{2100}.good.test/",
        "https://evil.test\u{FF1A}80.good.test/", "https://a\u{FF20}good.test/",
        "https://evil.test\u{FF1F}.good.test/", "https://evil.test\u{FF03}.good.test/",
        "https://evil.test\u{FF3C}.good.test/", "https://evil.test\u{202E}.good.test/",
        "https://evil.test\u{FF05}2f.good.test/", "https://ü..good.test/", "https://ü-.good.test/",
        "https://\u{3002}good.test/", "https://\u{FE00}/", "https://ü\u{2028}.good.test/",
        "https://" + String(repeating: "ü", count: 64) + ".good.test/",
    ])
    func `no sign passes for the end of a host`(_ link: String) {
        #expect(host(link) == nil)
    }

    @Test(arguments: [
        "Bücher.test", ".bücher.test.", "*.BÜCHER.test", "bücher.test:8080", "xn--bcher-kva.test",
    ])
    func `an international domain is permitted however it is written`(_ entry: String) {
        let domains = AllowedDomains(commaSeparated: entry, toASCII: IDNA.asciiDomain)
        for link in [
            "https://bücher.test/", "https://www.bücher.test/", "https://xn--bcher-kva.test",
        ] {
            #expect(WebURL(link, toASCII: IDNA.asciiDomain).map(domains.permits) == true)
        }
        #expect(
            WebURL("https://bucher.test", toASCII: IDNA.asciiDomain).map(domains.permits) == false)
    }
}
