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
            ],
            [
                "a\nb\nc\nd", "a\n\nb", "  a", "a", "ab[31mc\td", "", "",
                "abc", "a\nb", "Â£\u{A0}x", "é£", "a\n\nb", "\u{C2}",
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
}
