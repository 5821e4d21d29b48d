import Glibc
import Testing

@testable import Console

struct DisplayWidthTests {
    @Test(arguments: [
        ("", 0), ("a b", 3), ("é", 1), ("e\u{301}", 1), ("日本語", 6), ("한국어", 6), ("ＦＵＬＬ", 8),
        ("ｱｲｳ", 3), ("😀", 2), ("👍\u{1F3FD}", 4), ("…", 1), ("a\u{200B}b", 2), ("กำ", 2),
        ("ที่", 1), ("𠀀", 2), ("\u{1FAE8}", 2), ("ß→", 2), ("\u{1F1E9}\u{1F1EA}", 2),
    ])
    func `Columns as a terminal counts them`(text: String, columns: Int) {
        #expect(text.unicodeScalars.reduce(0) { $0 + DisplayWidth.rule($1) } == columns)
        // As the program does it; tests of the same process do not mind.
        setlocale(LC_CTYPE, "C.UTF-8")
        #expect(DisplayWidth.of(text) == columns)
    }

    @Test(arguments: [
        ("abc", 2, "ab"), ("日本語", 6, "日本語"), ("日本語", 5, "日本"), ("日本語", 1, ""),
        ("ae\u{301}b", 2, "ae\u{301}"), ("a", 0, ""),
    ])
    func `A beginning of so many columns`(text: String, columns: Int, beginning: String) {
        #expect(DisplayWidth.prefix(of: text, columns: columns) == beginning)
    }

    @Test func `Padding and cutting go by columns`() {
        #expect("日本".padded(to: 6) == "日本  ")
        #expect("日本".padded(to: 6, left: true) == "  日本")
        #expect(Table.cut("日本語", to: 5) == "日本…")
        #expect(Table.cut("日本語", to: 4) == "日…")
        #expect(Table.cut("日本語", to: 6) == "日本語")
        #expect(Table.cut("日本語", to: nil) == "日本語")
    }
}
