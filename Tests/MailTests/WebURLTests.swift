import Testing

@testable import Mail

@Suite struct WebURLTests {
    @Test(
        arguments: zip(
            [
                "https://example.org", "HTTP://Example.ORG:8080/A?b=c#d",
                " https://example.org/a\n",
                "https://example.org/ä?q=日", "https://example.org/o'b|c", "https://example.org./x",
                "https://[::1]:8443/", "https://localhost/x@y", "https://a_b.example/%zz",
                "https://e.org?x",
                "https://e.org:", "https://e.org/a b\"c<d>\\e", "https://e.org?\"onclick=\"x",
                "https://e.org:65535/",
            ],
            [
                "https://example.org", "HTTP://Example.ORG:8080/A?b=c#d", "https://example.org/a",
                "https://example.org/%C3%A4?q=%E6%97%A5", "https://example.org/o%27b%7Cc",
                "https://example.org./x", "https://[::1]:8443/", "https://localhost/x@y",
                "https://a_b.example/%zz", "https://e.org?x", "https://e.org:",
                "https://e.org/a%20b%22c%3Cd%3E%5Ce", "https://e.org?%22onclick=%22x",
                "https://e.org:65535/",
            ]))
    func `links are taken`(_ text: String, _ link: String) {
        #expect(WebURL(text)?.description == link)
    }

    @Test(arguments: [
        "", "https://", "https:///x", "https:example.org", "https:/example.org", "//example.org",
        "/x",
        "example.org", "javascript:alert(1)", "data:text/html,x", "ftp://example.org", "mailto:a@b",
        "file:///etc/passwd", "httpss://example.org", "https://good@evil.example/",
        "https://good.example:x@evil.example/", "https://evil.example\\@good.example/",
        "https:\\\\x.org",
        "https://exa mple.org", "https://exa\"mple.org", "https://exa<mple.org",
        "https://example.org/\r\nBcc: x", "https://example.org/\0",
        "https://example.org/\u{2028}x", "https://example.org/\u{85}x", "https://exämple.org/",
        "https://exam%70le.org/", "https://example.org:80x/", "https://example.org:123456/",
        "https://example.org:65536/", "https://example.org:99999", "http://http://example.org",
        "https://HTTPS://example.org",
        "https://a..b/", "https://./", "https://[::1/", "https://[x]/", "https://[]/",
        "https://[::1]x/",
        "https://\t.example/", "ht\ntps://example.org",
        "https://example.org/" + String(repeating: "a", count: 1_981),
        "https://example.org/" + String(repeating: "ä", count: 400),
    ])
    func `anything else is not`(_ text: String) {
        #expect(WebURL(text) == nil)
    }

    @Test(
        arguments: zip(
            [
                "https://bücher.test/ä?ö#ü", "HTTP://www.BÜCHER.test.:8080",
                "https://bücher.test?x",
            ],
            [
                ("https://xn--1.test/%C3%A4?%C3%B6#%C3%BC", "xn--1.test"),
                ("HTTP://xn--1.test:8080", "xn--1.test"), ("https://xn--1.test?x", "xn--1.test"),
            ]))
    func `an international host is written as A-labels`(
        _ text: String, _ expected: (link: String, host: String)
    ) {
        let url = WebURL(text) { _ in "xn--1.test" }
        #expect(url?.description == expected.link && url?.host == expected.host)
    }

    @Test(arguments: ["good.test/x", "good.test@evil.test", "a b", "", "good.test:80", "é.test"])
    func `what comes back as A-labels has to be a host`(_ answer: String) {
        let host = WebURL("https://bücher.test/", toASCII: { _ in answer })?.host
        #expect(host == (answer == "good.test:80" ? "good.test" : nil))
    }

    @Test(arguments: [
        "https://good@bücher.test/", "https://bücher.test\\@good.test/", "https://bü%2fcher.test",
        "https://bü cher.test/", "https://[bü]/", "https://bü\u{2028}cher.test/",
    ])
    func `an odd authority is not taken for an international host`(_ text: String) {
        #expect(WebURL(text, toASCII: { _ in "xn--1.test" }) == nil)
    }

    @Test func `the longest one`() {
        let text = "https://example.org/" + String(repeating: "a", count: 1_980)
        #expect(WebURL(text)?.description == text)
    }

    @Test func `host and scheme are told`() throws {
        let url = try #require(WebURL("HTTPS://WWW.Example.org.:443/x"))
        #expect(url.host == "www.example.org" && url.isHTTPS)
        #expect(WebURL("http://x")?.isHTTPS == false)
    }
}
