import Testing

@testable import Mail

@Suite struct PlainTextTests {
    private func plain(_ text: String, limit: Int = 1_000) -> String {
        String(decoding: PlainText(text, limit: limit).bytes, as: UTF8.self)
    }

    @Test(
        arguments: zip(
            [
                "a\r\nb\rc\nd", "a\r\r\nb", "\n\r\n  a", "a \t\r\n\n", "a\0b\u{1B}[31m\u{7F}c\td",
                "\r", "",
                "a\u{80}b\u{9F}c", "a\u{85}b", "Â£\u{A0}x", "é£\0", "a\u{0B}\u{0C}b", "\u{C2}\0",
                "a\u{2028}b\u{2029}c\u{2027}", "\u{2028}",
            ],
            [
                "a\nb\nc\nd", "a\n\nb", "  a", "a", "ab[31mc\td", "", "",
                "abc", "a\nb", "Â£\u{A0}x", "é£", "a\n\nb", "\u{C2}",
                "a\nb\nc\u{2027}", "",
            ]))
    func `line breaks are LF and controls are gone`(_ text: String, _ clean: String) {
        #expect(Array(plain(text).utf8) == Array(clean.utf8))
    }

    @Test func `is cut at a whole character`() {
        for limit in 0...9 {
            let text = PlainText("aü日😀", limit: limit)
            #expect(text.isCut)
            #expect(text.bytes.count <= limit)
            #expect("aü日😀".hasPrefix(String(decoding: text.bytes, as: UTF8.self)))
        }
        #expect(!PlainText("aü日😀", limit: 10).isCut)
        #expect(plain("aü日😀", limit: 9) == "aü日")
    }

    @Test(arguments: [
        ("aü日😀", 9, "aü日"), ("aü日😀", 10, "aü日😀"), ("one two three", 9, "one two"),
        ("one two three", 7, "one two"), ("one two three", 2, "on"), ("one two", 0, ""),
        ("one two three four fi\nve six", 22, "one two three four fi"),
        ("one\ntwo three four five six", 22, "one\ntwo three four"),
        ("见https://x.test/a看b", 16, "见"), ("https://x.test/a b", 16, "https://x.test/a"),
        ("https://x.test/a b", 15, ""), ("x https://x.test/a b", 15, "x"),
        ("https://x.test/a,http://x.test/b;http://x.test", 40, "https://x.test/a,http://x.test/b"),
    ])
    func `is shortened to whole lines, words, characters and links`(
        _ text: String, _ limit: Int, _ shortened: String
    ) {
        let short = PlainText(text, limit: 100).shortened(to: limit)
        #expect(String(decoding: short.bytes, as: UTF8.self) == shortened)
        #expect(short.isCut == (shortened != text))
    }
}
