import Testing

@testable import Mail

@Suite struct AllowedDomainsTests {
    private static let domains = AllowedDomains(
        commaSeparated:
            "good.test, Shop.Example ,*.wild.test,localhost:3000,dot.test.,, xn--bcher-kva.test,.lead.test"
    )

    @Test(arguments: [
        "https://good.test", "https://good.test/", "http://GOOD.test/x?y#z",
        "https://a.b.good.test/",
        "https://good.test:8443/", "https://good.test./", "https://shop.example/",
        "https://wild.test",
        "https://a.wild.test", "http://localhost:3000/x", "https://www.dot.test",
        "https://good.test?x",
        "https://good.test/@evil.test/", "https://xn--bcher-kva.test/", "https://lead.test/",
        "https://www.lead.test/",
    ])
    func `pages of these domains may be linked`(_ url: String) {
        #expect(Self.domains.permits(url))
    }

    @Test(arguments: [
        "https://evil.test/", "https://notgood.test/", "https://good.test.evil.test/",
        "https://test/",
        "https://good.test@evil.test/", "https://good.test:x@evil.test/",
        "https://evil.test\\.good.test/",
        "https://evil.test\\@good.test/", "https://evil.test/good.test",
        "https://evil.test?.good.test",
        "https://evil.test#.good.test", "javascript://good.test/%0aalert(1)", "//good.test/",
        "good.test",
        "https:good.test", "https://good.test..", "https://.good.test/",
        "https://good.test\u{3002}evil.test/",
        "https://evil.test%2f.good.test/", "https://good.test\u{0}.evil.test/",
        "https://good.tes\nt/",
        "", "https://", "ftp://good.test/", "https://good-test/", "https://bücher.test/",
    ])
    func `others may not`(_ url: String) {
        #expect(!Self.domains.permits(url))
    }

    @Test(arguments: [
        "", " ", ",", "*", "*.", ".", "https://good.test", "good.test/path", "a@good.test", "?",
    ])
    func `a list without a domain permits nothing`(_ list: String) {
        let domains = AllowedDomains(commaSeparated: list)
        #expect(!domains.permits("https://good.test/path"))
        #expect(!domains.permits("https://test/"))
    }

    @Test(arguments: [
        (" ,A.test,.b.test,*.c.test,d.test.,e.test:80,a_b.test", []),
        ("https://a.test", ["https://a.test"]), ("a.test;b.test", ["a.test;b.test"]),
        ("a.test b.test, c.test/x ,*", ["a.test b.test", "c.test/x", "*"]),
        ("..a.test,a..test,*.,.,bücher.test", ["..a.test", "a..test", "*.", ".", "bücher.test"]),
        ("a@b.test,[::1],*.*.a.test", ["a@b.test", "[::1]", "*.*.a.test"]),
    ])
    func `entries that permit nothing are known`(_ list: String, _ unusable: [String]) {
        #expect(AllowedDomains(commaSeparated: list).unusable == unusable)
    }

    @Test func `an international domain is compared by its A-labels`() {
        let url = "https://www.xn--bcher-kva.test/"
        #expect(!AllowedDomains(commaSeparated: "Bücher.test").permits(url))
        let converted = AllowedDomains(commaSeparated: "Bücher.test") {
            $0 == "bücher.test" ? "xn--bcher-kva.test" : nil
        }
        #expect(converted.permits(url))
    }
}
