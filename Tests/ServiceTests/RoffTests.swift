import Testing

@testable import Service

struct RoffTests {
    @Test(arguments: [
        ("plain words", "plain words\n"), ("", ""),
        (".TH is no macro here", "\\&.TH is no macro here\n"),
        ("'quoted'", "\\(aqquoted\\(aq\n"), (#"a\nb"#, "a\\enb\n"), ("--state", "\\-\\-state\n"),
        ("run `outboxd check --json` now", "run \\fBoutboxd check \\-\\-json\\fR now\n"),
        ("an open `tick", "an open \\fBtick\\fR\n"),
        ("“é”…", "\\[u201C]\\[u00E9]\\[u201D]\\[u2026]\n"),
        ("😀 ~ ^", "\\[u1F600] \\(ti \\(ha\n"), ("two\nlines", "two lines\n"),
    ])
    func `What troff would obey is escaped`(text: String, source: String) {
        #expect(Roff.paragraph(text) == source)
    }

    /// Where a line is broken, a word may come first that would be a macro.
    @Test func `A broken line begins with no macro`() {
        let text = Roff.paragraph(String(repeating: ".PP 'br word ", count: 40))
        #expect(text.split(separator: "\n").count > 5)
        for line in text.split(separator: "\n") {
            #expect(line.utf8.count <= 80 && !line.hasPrefix(".") && !line.hasPrefix("'"))
        }
    }

    @Test func `Lines and arguments stay one`() {
        #expect(Roff.line(".x 'y' \"z\"") == "\\&.x \\(aqy\\(aq \"z\"\n")
        #expect(Roff.argument("a \"b\" -c") == #""a \(dqb\(dq \-c""#)
    }
}
