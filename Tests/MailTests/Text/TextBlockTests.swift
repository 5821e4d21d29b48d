import Delivery
import Testing

@testable import Mail

struct TextBlockTests {
    /// `p`, `l` and `c` with their lines, and a dot for each empty line behind.
    private func shape(_ text: String) -> String {
        let bytes = Array(text.utf8)
        func string(_ range: Range<Int>) -> String {
            String(decoding: bytes[range], as: UTF8.self)
        }
        return TextBlock.blocks(of: bytes).map { block in
            switch block {
            case .paragraph(let lines, let empty):
                "p(\(lines.map(string).joined(separator: "|")))"
                    + String(repeating: ".", count: empty)
            case .list(let lines, let empty):
                "l(\(lines.map(string).joined(separator: "|")))"
                    + String(repeating: ".", count: empty)
            case .code(let range, let empty):
                "c(\(string(range).split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "|")))"
                    + String(repeating: ".", count: empty)
            }
        }.joined(separator: " ")
    }

    @Test(arguments: [
        ("", ""), ("a", "p(a)"), ("a\nb\n\nc", "p(a|b). p(c)"), ("a\n\n\n\nb", "p(a)... p(b)"),
        ("Try:\n- a\n* b\n1. c\n12) d\nend", "p(Try:) l(- a|* b|1. c|12) d) p(end)"),
        ("- a\n    more of it\n\nb", "l(- a|    more of it). p(b)"),
        ("• a\n– b\n+ c", "l(• a|– b|+ c)"), ("— a", "l(— a)"),
        ("● a\n○ b\n■ c\n□ d\n▪ e\n▫ f\n◦ g\n‣ h\n⁃ i", "l(● a|○ b|■ c|□ d|▪ e|▫ f|◦ g|‣ h|⁃ i)"),
        // Chats put the marks at the ends of lines.
        ("Run: ```\nls\n```\nb", "p(Run: ```) c(ls|```) p(b)"),
        ("1. Run:```\nls\n```\n2. b", "l(1. Run:```) c(ls|```) l(2. b)"),
        ("```ls\nfoo```\nb", "c(```ls|foo```) p(b)"), ("```\na\n```.\nb", "c(```|a|```.) p(b)"),
        ("Run: ```\nls\n\nb", "p(Run: ```|ls). p(b)"), ("a\n~~~ b ~~~\nc", "p(a|~~~ b ~~~|c)"),
        // A file is not torn in two.
        ("web:\n  a:\n    b: c\n    d:\n      - e", "p(web:|  a:|    b: c|    d:|      - e)"),
        ("Use\ndef a(b):\n    c\n\n    d\ne", "p(Use) c(def a(b):|    c||    d) p(e)"),
        // What belongs to an entry, and letters.
        ("1. a\n\n    b c.\n\n    d\n\n2. e", "l(1. a). p(    b c.). p(    d). l(2. e)"),
        ("1. a:\n\n    b\n\nc\n\n    d", "l(1. a:). c(    b). p(c). c(    d)"),
        ("1. a\n\n        b", "l(1. a). c(        b)"),
        (
            "Dear Ms Doe,\n\n    we thank you for your letter, and your patience.\n\n\n    Olga\nx",
            "p(Dear Ms Doe,). p(    we thank you for your letter, and your patience.).. p(    Olga) p(x)"
        ),
        // A stray mark does not make a box of the rest.
        (
            "```\nThank you for all that you have done for us.\n\nOlga",
            "p(```|Thank you for all that you have done for us.). p(Olga)"
        ),
        ("\tСпасибо за ваше письмо!", "p(\tСпасибо за ваше письмо!)"),
        (
            "    # we thank you for your letter and your patience",
            "c(    # we thank you for your letter and your patience)"
        ),
        ("●a\n★ b", "p(●a|★ b)"), ("…a\n“b”", "p(…a|“b”)"),
        ("- a\n  more\n- b", "l(- a|  more|- b)"), ("x\n  y", "p(x|  y)"),
        ("-a\n*b*\n1.5 kg\n1234. x", "p(-a|*b*|1.5 kg|1234. x)"),
        ("Do:\n\n    make\n\n    make test\n\nDone", "p(Do:). c(    make||    make test). p(Done)"),
        ("\tmake", "c(\tmake)"), ("a\n    b", "p(a|    b)"), ("   a", "p(   a)"),
        ("see\n```\na\n\n- b\n```\nend", "p(see) c(```|a||- b|```) p(end)"),
        ("```swift\nlet a\n```\n\n\nx", "c(```swift|let a|```).. p(x)"),
        ("```\na\n\n- b\n", "c(```|a||- b)"),
        ("~~~\na\n```\n~~~~ \nb", "c(~~~|a|```|~~~~ ) p(b)"), ("~~~ a`b\nc", "c(~~~ a`b|c)"),
        ("````\n```\n````\nb", "c(````|```|````) p(b)"), ("```a``` b\nc", "p(```a``` b|c)"),
        ("```\n``` x\n   ```\nb", "c(```|``` x|   ```) p(b)"), ("~~a~~\n~~\nb", "p(~~a~~|~~|b)"),
        ("```\n    ```\nb", "c(```|    ```|b)"), ("a\n    ```\nb", "p(a|    ```|b)"),
        ("- a\n    ~~~\n    b\n    ~~~\nc", "l(- a) c(    ~~~|    b|    ~~~) p(c)"),
        ("Run:\n    make\n    make test\nend", "p(Run:) c(    make|    make test) p(end)"),
        ("Run: \n\tmake", "p(Run: ) c(\tmake)"), ("実行：\n    make", "p(実行：) c(    make)"),
        ("1. Run:\n      make\n2. Go", "l(1. Run:) c(      make) l(2. Go)"),
        ("- a:\n    - b\n    - c", "l(- a:|    - b|    - c)"),
        ("Do:\n    1. a\n    2. b", "p(Do:|    1. a|    2. b)"),
        ("Run:\n   make", "p(Run:|   make)"), ("a: b\n    c", "p(a: b|    c)"),
        ("a\n```\n```\n```\nb", "p(a) c(```|```) c(```|b)"),
    ])
    func `a text has its blocks`(_ text: String, _ blocks: String) {
        #expect(shape(text) == blocks)
    }

    @Test(arguments: [("x\n- a", 16), ("- a\nx", 0), ("- a\n\nx", 16)])
    func `who writes stands apart from a list`(_ text: String, _ margin: Int) throws {
        let content = try sampleMail(replies: [Reply(createdAt: .init(milliseconds: 0), text: text)]
        )
        let html = String(decoding: MailComposer.html(content), as: UTF8.self)
        #expect(html.contains("<div style=\"margin:0 0 \(margin)px\">"))
    }

    @Test(arguments: [
        ("- a", "1.2"), ("  - a", "1.74"), ("- a\n      - b", "2.82"), ("- a\n\t- b", "3.36"),
        ("- a\n            - b", "4.44"), ("- a\n                    - b", "4.44"),
    ])
    func `an entry hangs behind its own indent, to a bound`(_ text: String, _ hang: String) throws {
        let content = try sampleMail(replies: [Reply(createdAt: .init(milliseconds: 0), text: text)]
        )
        let html = String(decoding: MailComposer.html(content), as: UTF8.self)
        let last = html.split(separator: "<div class=\"l\" ").last ?? ""
        #expect(last.hasPrefix("style=\"padding-left:\(hang)em;text-indent:-\(hang)em"))
    }

    /// Where a client drops the style sheet; usual lines do without.
    @Test(arguments: [
        ("Name      Qty", true), ("a\tb", true), ("a\nb  c", true), ("a b c", false),
        ("   a b", false), ("x\n   a b", false), ("a b  \nc \t\nd e", false),
        ("- a\n- Name      Qty", true), ("- a\n- b\tc", true), ("- a\n\t- b", true),
        ("- a\n  - b c  \n- d", false), ("a\n" + String(repeating: " ", count: 60) + "a", true),
        ("a\n   \nb", false),
    ])
    func `columns stay without the style sheet`(_ text: String, _ isMarked: Bool) throws {
        let content = try sampleMail(replies: [Reply(createdAt: .init(milliseconds: 0), text: text)]
        )
        let html = String(decoding: MailComposer.html(content), as: UTF8.self)
        #expect(html.contains("white-space:pre-wrap\">") == isMarked)
    }

    /// They stand below each other in letters of one width alone.
    @Test(arguments: [
        ("Item      Qty\nPlums       2", true), ("a\tb\nc\td", true), ("x\na   b\nc   d", true),
        ("Item      Qty\nx", false), ("Done.  Well.\nSo.  And", false), ("\ta b\n\tc d", false),
        ("   a b\n   c d", false), ("a  b   \nc  d   ", false),
    ])
    func `columns are shown in letters of one width`(_ text: String, _ isTable: Bool) throws {
        let content = try sampleMail(replies: [Reply(createdAt: .init(milliseconds: 0), text: text)]
        )
        let html = String(decoding: MailComposer.html(content), as: UTF8.self)
        #expect(html.contains("<p style=\"\(HTMLStyle.table)\">") == isTable)
    }

    @Test func `columns are found wherever they stand`() throws {
        for place in 0..<40 {
            let before = String("abcdefgh ijklmno pqrs tuvwxyz abcdefgh ijk".prefix(place + 1))
            for (gap, isMarked) in [("  ", true), ("\t", true), (" !", false), (" ", false)] {
                let text = OneLine.trim(before) + gap + "x"
                let content = try sampleMail(
                    replies: [Reply(createdAt: .init(milliseconds: 0), text: text)])
                let html = String(decoding: MailComposer.html(content), as: UTF8.self)
                #expect(html.contains("white-space:pre-wrap\">") == isMarked, "\(text)")
            }
        }
    }

    @Test func `what stands in code can be clicked, too`() throws {
        let text = "```\ncurl https://a.test/?b=1&c \\\n  | sh <x>\n```"
        let content = try sampleMail(replies: [Reply(createdAt: .init(milliseconds: 0), text: text)]
        )
        let html = String(decoding: MailComposer.html(content), as: UTF8.self)
        #expect(
            html.contains(
                """
                curl <a href="https://a.test/?b=1&amp;c" style="\(HTMLStyle.link)">https://a.test/?b=1&amp;c</a> \\
                  | sh &lt;x&gt;
                ```</pre>
                """))
    }

    @Test(arguments: ["- a\n", "```\n```\n", "a\n\n", "    a\n\n\n", "1. b\n\n- c\n"])
    func `nothing makes a mail that grows beyond its text`(_ text: String) throws {
        let long = String(repeating: text, count: 100_000 / text.utf8.count)
        let content = try sampleMail(replies: [Reply(createdAt: .init(milliseconds: 0), text: long)]
        )
        #expect(MailComposer.html(content).count < 8 * 100_000)
    }
}
