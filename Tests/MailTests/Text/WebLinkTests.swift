import TestSupport
import Testing

@testable import Mail

struct WebLinkTests {
    private func html(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var html: [UInt8] = []
        var hosts = InternationalHosts { domain in
            domain.contains("@") ? nil : "xn--\(domain.utf8.count).test"
        }
        html.append(linking: bytes, 0..<bytes.count, hosts: &hosts)
        return String(decoding: html, as: UTF8.self)
            .replacing(" style=\"\(HTMLStyle.link)\"", with: "")
    }

    @Test(arguments: [
        ("a https://x.test b", "a <a href=\"https://x.test\">https://x.test</a> b"),
        ("(http://x.test/a_(b).)", "(<a href=\"http://x.test/a_(b)\">http://x.test/a_(b)</a>.)"),
        ("HTTPS://X.test/A, b", "<a href=\"HTTPS://X.test/A\">HTTPS://X.test/A</a>, b"),
        (
            "https://x.test/?a=1&b='",
            "<a href=\"https://x.test/?a=1&amp;b=\">https://x.test/?a=1&amp;b=</a>&#39;"
        ),
        ("<https://x.test>", "&lt;<a href=\"https://x.test\">https://x.test</a>&gt;"),
        ("看https://x.test。好", "看<a href=\"https://x.test\">https://x.test</a>。好"),
        ("https://x.test\u{200B} b", "<a href=\"https://x.test\">https://x.test</a>\u{200B} b"),
        ("https://x.test\u{200B}. b", "<a href=\"https://x.test\">https://x.test</a>\u{200B}. b"),
        ("https://x.test， b", "<a href=\"https://x.test\">https://x.test</a>， b"),
        ("https://x.test）。", "<a href=\"https://x.test\">https://x.test</a>）。"),
        ("看https://x.test/a。好", "看<a href=\"https://x.test/a\">https://x.test/a</a>。好"),
        ("«https://x.test/a» b", "«<a href=\"https://x.test/a\">https://x.test/a</a>» b"),
        ("https://x.test/a\u{A0}!", "<a href=\"https://x.test/a\">https://x.test/a</a>\u{A0}!"),
        ("https://x.test/a، b", "<a href=\"https://x.test/a\">https://x.test/a</a>، b"),
        ("https://x.test/a😊", "<a href=\"https://x.test/a\">https://x.test/a</a>😊"),
        ("https://x.test👍 ", "<a href=\"https://x.test\">https://x.test</a>👍 "),
        ("https://i❤.ws/", "<a href=\"https://xn--7.test/\">https://i❤.ws/</a>"),
        (
            "https://x.test/🎉/b",
            "<a href=\"https://x.test/%F0%9F%8E%89/b\">https://x.test/🎉/b</a>"
        ),
        ("https://x.test/a✅", "<a href=\"https://x.test/a\">https://x.test/a</a>✅"),
        ("https://x.test/a״ b", "<a href=\"https://x.test/a\">https://x.test/a</a>״ b"),
        ("{https://x.test/a}", "{<a href=\"https://x.test/a\">https://x.test/a</a>}"),
        ("https://x.test/Köln", "<a href=\"https://x.test/K%C3%B6ln\">https://x.test/Köln</a>"),
    ])
    func `a link is one, and what stands beside it is none`(_ text: String, _ expected: String) {
        #expect(html(text) == expected)
    }

    /// Scripts that need no space behind a link.
    @Test(arguments: [
        ("https://acme.com/help를 확인하세요", "https://acme.com/help", "를 확인하세요"),
        ("请访问https://acme.com查看", "https://acme.com", "查看"),
        ("https://acme.comをご覧ください", "https://acme.com", "をご覧ください"),
        ("https://acme.comカ", "https://acme.com", "カ"),
        ("https://acme.com:8080を", "https://acme.com:8080", "を"),
        ("https://acme.com𠀀", "https://acme.com", "𠀀"),
        ("https://acme.com/a㐀", "https://acme.com/a", "㐀"),
        ("https://acme.com/?a=1을", "https://acme.com/?a=1", "을"),
        ("https://acme.com查看/a.b", "https://acme.com", "查看/a.b"),
        ("https://10.0.0.1の", "https://10.0.0.1", "の"),
        ("https://acme.com/wiki/日本", "https://acme.com/wiki/%E6%97%A5%E6%9C%AC", ""),
        ("https://acme.com/?q=日本 x", "https://acme.com/?q=%E6%97%A5%E6%9C%AC", " x"),
        ("(https://acme.com/help)에서", "https://acme.com/help", ")에서"),
        ("(https://acme.com)에서", "https://acme.com", ")에서"),
        ("https://acme.com/をご覧", "https://acme.com/", "をご覧"),
        ("https://acme.com/help/에서 b", "https://acme.com/help/", "에서 b"),
        ("https://acme.com/help,然后", "https://acme.com/help", ",然后"),
        ("https://acme.com,然后", "https://acme.com", ",然后"),
        ("https://acme.com/のび太 a", "https://acme.com/%E3%81%AE%E3%81%B3%E5%A4%AA", " a"),
        ("https://acme.com/日本を", "https://acme.com/%E6%97%A5%E6%9C%AC%E3%82%92", ""),
        ("https://www.abc日本.test/", "https://xn--18.test/", ""),
        ("https://日本.test/", "https://xn--11.test/", ""),
        ("https://a.日本", "https://xn--8.test", ""),
    ])
    func `a link ends before what another script says of it`(
        _ text: String, _ link: String, _ rest: String
    ) {
        #expect(html(text).contains("<a href=\"\(link)\">"), "\(html(text))")
        #expect(html(text).hasSuffix("</a>\(rest)"), "\(html(text))")
    }

    @Test(arguments: [
        ("https://bücher.test/ä b", "https://xn--12.test/%C3%A4", "https://bücher.test/ä"),
        ("(https://例え.テスト:8080)", "https://xn--16.test:8080", "https://例え.テスト:8080"),
        ("https://a.vermögen!", "https://xn--11.test", "https://a.vermögen"),
        ("https://x.test/。https://пример.рф。", "https://xn--17.test", "https://пример.рф"),
    ])
    func `a link to an international host leads to its A-labels and shows what was written`(
        _ text: String, _ link: String, _ shown: String
    ) {
        #expect(html(text).contains("<a href=\"\(link)\">\(shown)</a>"), "\(html(text))")
    }

    private func links(_ text: String) -> [String] {
        html(text).matches(of: /<a href="([^"]*)">/).map { String($0.1) }
    }

    @Test(arguments: [
        ("[https://x.test/r](https://x.test/s)", ["https://x.test/r", "https://x.test/s"]),
        ("See [https://x.test](https://x.test), b", ["https://x.test", "https://x.test"]),
        ("(https://a.test)(https://b.test)", ["https://a.test", "https://b.test"]),
        ("[https://a.test/][https://b.test/]", ["https://a.test/", "https://b.test/"]),
        ("{https://a.test/}[1]", ["https://a.test/"]),
        ("https://a.test/[1](2)/(3)[4]", ["https://a.test/[1](2)/(3)[4]"]),
        ("https://[::1]/(a)", ["https://[::1]/(a)"]),
        (
            "https://x.test/1,https://x.test/2;http://x.test/3|HTTPS://x.test/4",
            ["https://x.test/1", "https://x.test/2", "http://x.test/3", "HTTPS://x.test/4"]
        ),
        ("https://x.test/1,2;3|4,http:5", ["https://x.test/1,2;3|4,http:5"]),
        ("https://x.test/?u=https://y.test/", ["https://x.test/?u=https://y.test/"]),
        ("https://x.test/2020/https://y.test/", ["https://x.test/2020/https://y.test/"]),
    ])
    func `what another link stands right behind ends before it`(
        _ text: String, _ expected: [String]
    ) {
        #expect(links(text) == expected.map { $0.replacing("|", with: "%7C") })
    }

    /// Hindi, Urdu, Armenian, Khmer, Ethiopic, Tibetan, Burmese, Arabic; Chinese and Japanese have their own test.
    @Test(arguments: [
        "।", "॥", "۔", "։", "។", "።", "།", "။", "؟", "،", "؛", "\u{61C}", "׃", "።।",
    ])
    func `a sentence ends in each script`(_ end: String) {
        for link in ["https://x.test/a", "https://x.test", "https://x.test/ä"] {
            #expect(html("\(link)\(end)").hasSuffix("\(link)</a>\(end)"), "\(html(link + end))")
            #expect(html("\(link)\(end) b").hasSuffix("\(link)</a>\(end) b"))
        }
    }

    @Test(arguments: [
        ("https://x.test/?$f=n%20eq%20'Bob' b", "https://x.test/?$f=n%20eq%20%27Bob%27"),
        ("https://x.test/?$f='a'.", "https://x.test/?$f=%27a%27"),
        ("'https://x.test/?$f='a''", "https://x.test/?$f=%27a%27"),
        ("'https://x.test/a'", "https://x.test/a"), ("''https://x.test/a''", "https://x.test/a"),
        ("https://x.test/it's", "https://x.test/it%27s"),
    ])
    func `a quote belongs to a link that has two`(_ text: String, _ link: String) {
        #expect(links(text) == [link])
    }

    @Test func `a long row of links is links`() {
        let row = (0..<200).map { "https://x.test/\($0)" }
        #expect(links(row.joined(separator: ",")) == row)
    }

    @Test func `only so many international hosts are looked at`() {
        let most = InternationalHosts.most
        let links = html(String(repeating: "https://ä.test ", count: most + 50))
        #expect(links.split(separator: "<a href").count == most)
        let plain = html(String(repeating: "https://a.test ", count: most + 50))
        #expect(plain.split(separator: "<a href").count == most + 50)
    }

    @Test(arguments: [
        "javascript:alert(1)", "xhttps://x.test", "http:/x.test", "https://", "https://a@b.test/",
        "mailto:a@b.test", "ftp://x.test", "www.x.test", "a: b :// c", "https:// x.test",
        "data:text/html,x", "http://x..test",
        "https://a@bücher.test/", "https://bücher.test%2f.x.test/",
        "https://bücher.test\\x", "https://x.test/a\\b", "http://http://x.test",
        "https://https://x.test/", "https://x.test:65536/", "https://x.test:99999",
        "https://a。test/", "https://a.test。evil.test/", "https://a．test", "https://a｡日本/",
        "https://a\u{AD}.test/", "https://a.te\u{AD}st/", "https://a\u{200B}.test",
        "https://a.t\u{2060}est/",
        "https://a\u{FE0F}b.test", "https://aｂ.test/", "https://a.test５/", "https://a\u{2024}test/",
    ])
    func `everything else stays text`(_ text: String) {
        #expect(!html(text).contains("<a"))
    }

    @Test func `a link that is too long is none, and is not cut`() {
        let long = "https://x.test/" + String(repeating: "a", count: 1_983)
        #expect(html(long + ".....").contains("<a href=\"\(long)\""))
        #expect(!html(long + ".........b").contains("<a"))
        #expect(!html(long + String(repeating: "a", count: 99)).contains("<a"))
    }

    /// Each colon was read to the end of the text, and each bracket counted all others: minutes for one mail.
    @Test(arguments: ["http://", "http://x.test/)", ")", "(", "https://x.test/("])
    func `no text takes long`(_ text: String) {
        let long = "http://x.test/" + String(repeating: text, count: 100_000 / text.utf8.count)
        let began = ContinuousClock.now
        #expect(html(long).utf8.count >= long.utf8.count)
        #expect(ContinuousClock.now - began < .seconds(20))
    }

    @Test(arguments: [
        "a:b https://x.test", "::::", "https://x.test:8080/a:b https://y.test",
        "x https://x.test\"y", "[https://x.test](https://x.test)", "https://a.test,https://b.test",
        "https://x.test/'a'।",
    ])
    func `what was written is what is shown`(_ text: String) {
        #expect(shown(text) == text)
    }

    private func shown(_ text: String) -> String {
        let references = [
            ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&"),
        ]
        return references.reduce(html(text).replacing(/<[^>]*>/, with: "")) {
            $0.replacing($1.0, with: $1.1)
        }
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `whatever was written is what is shown`(_ seed: UInt64) {
        let pieces = [
            "https://", "http://", "https://x.test", "https://ä.test/", "/b", "?c=", "](", ")(",
            "(",
            "]", ",", ";", "|", "'", "\"", "*", ".", "<", ">", "&", " ", "a", "ä", "日本", "。", "।",
            "؟", "#", "&amp;", "\u{200B}", "\u{61C}", "👍",
        ]
        var generator = SplitMix64(seed: seed)
        for _ in 0..<100 {
            let count = Int.random(in: 1...12, using: &generator)
            let text = (0..<count).map { _ in pieces.randomElement(using: &generator) ?? "" }
                .joined()
            #expect(shown(text) == text)
        }
    }
}
