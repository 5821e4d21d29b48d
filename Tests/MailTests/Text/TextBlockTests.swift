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

    private func html(_ text: String) throws -> String {
        let content = try sampleMail(replies: [Reply(createdAt: .init(milliseconds: 0), text: text)]
        )
        return String(decoding: MailComposer.html(content), as: UTF8.self)
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
        ("1. a\n\n    b c.\n\n    d\n\n2. e", "l(1. a). l(    b c.). l(    d). l(2. e)"),
        ("1. a:\n\n    b(1)\n\nc\n\n    d(2)", "l(1. a:). c(    b(1)). p(c). c(    d(2))"),
        ("1. a\n\n        b()", "l(1. a). c(        b())"),
        ("1. a\n\n        b", "l(1. a). l(        b)"),
        (
            "Dear Ms Doe,\n\n    we thank you for your letter, and your patience.\n\n\n    Olga\nx",
            "p(Dear Ms Doe,). p(    we thank you for your letter, and your patience.).. p(    Olga|x)"
        ),
        // Nothing is torn where nobody wrote an empty line.
        ("     A\nb", "p(     A|b)"),
        ("        Mon  Tue\n1st  A    B\nc", "p(        Mon  Tue|1st  A    B|c)"),
        ("a:\n    Acme\n    Baker Street\nb", "p(a:|    Acme|    Baker Street|b)"),
        ("1. a:\n    a. b\n    b. c\n2. d", "l(1. a:|    a. b|    b. c|2. d)"),
        ("- a:\n    passport\n- b", "l(- a:|    passport|- b)"),
        ("1. a\n\n   b\n\n2. c", "l(1. a). l(   b). l(2. c)"), ("- a\n\n\tb", "l(- a). l(\tb)"),
        // Words are no code, however small.
        (
            "We have:\n\n    single room\n    sal (al gusto)\n    user(s)",
            "p(We have:). p(    single room|    sal (al gusto)|    user(s))"
        ),
        (
            "a\n\n    Re: [Acme] Ticket #47\n    Acme <a@b.test>",
            "p(a). p(    Re: [Acme] Ticket #47|    Acme <a@b.test>)"
        ),
        (
            "{Name}\n{City}\n\n\"Great\": Ann\n\"Lovely\": Tom",
            "p({Name}|{City}). p(\"Great\": Ann|\"Lovely\": Tom)"
        ),
        ("a:\n    x = 5\n    a[0] == b", "p(a:) c(    x = 5|    a[0] == b)"),
        // Traces of calls.
        (
            "TypeError: a is not b (reading 'c')\n    at A (a.js:1:2)\n    at b (https://c.test/d.js:3:4)",
            "c(TypeError: a is not b (reading 'c')|    at A (a.js:1:2)|    at b (https://c.test/d.js:3:4))"
        ),
        (
            "Traceback (most recent call last):\n  File \"a.py\", line 12, in b\n    raise ValueError(\"c\")\nValueError: c",
            "c(Traceback (most recent call last):|  File \"a.py\", line 12, in b|    raise ValueError(\"c\")|ValueError: c)"
        ),
        ("#0 /a/b.php(1): c()\n#1 {main}", "c(#0 /a/b.php(1): c()|#1 {main})"),
        ("Uncaught TypeError: a\n    at b.js:1:2", "c(Uncaught TypeError: a|    at b.js:1:2)"),
        ("#!/bin/sh\nset -e\ngit pull", "c(#!/bin/sh|set -e|git pull)"),
        (
            "2 photos (colour) ;\nle formulaire (signé);\nthe doctor (again);",
            "p(2 photos (colour) ;|le formulaire (signé);|the doctor (again);)"
        ),
        ("Room A = 20 seats;\nRoom B = 40 seats;", "p(Room A = 20 seats;|Room B = 40 seats;)"),
        ("let a = 5;\nrun(b);", "c(let a = 5;|run(b);)"),
        ("a:\n    let a = 5\n    b.c()", "p(a:) c(    let a = 5|    b.c())"),
        (
            "CREATE TABLE a (\n    b INT\n);\nDROP TABLE a;",
            "c(CREATE TABLE a (|    b INT|);|DROP TABLE a;)"
        ),
        ("UPDATE your profile\nUPDATE your card", "p(UPDATE your profile|UPDATE your card)"),
        ("UPDATE a SET b = 1\nWHERE c = 2", "c(UPDATE a SET b = 1|WHERE c = 2)"),
        ("Error: the page is gone\nat 9 (or so)", "p(Error: the page is gone|at 9 (or so))"),
        ("{\"error\": {\"code\": 5}}", "c({\"error\": {\"code\": 5}})"),
        (".a {\n  color: red\n}", "c(.a {|  color: red|})"),
        // What has empty lines in it goes on.
        (
            "function a(b) {\n  c = 1;\n\n  return c;\n}\n\nOlga",
            "c(function a(b) {|  c = 1;||  return c;|}). p(Olga)"
        ),
        ("class A {\n    a() {\n\n    }\n}\nb", "c(class A {|    a() {||    }|}|b)"),
        // The name of a language behind a colon.
        ("So: ```json\n{}\n```\nb", "p(So: ```json) c({}|```) p(b)"),
        ("```\na.\n\n```\nb", "c(```|a.||```) p(b)"),
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
        // Marks of other lists, with a tab where they come from a word processor.
        ("1.\ta\n2.\tb\n\n•\tc", "l(1.\ta|2.\tb). l(•\tc)"),
        ("→ a\n✓ b\n☐ c\n① d\n1、e\n・f\n(2) g", "l(→ a|✓ b|☐ c|① d|1、e|・f|(2) g)"),
        ("·\ta\no\tb\n§\tc\n· d", "l(·\ta|o\tb|§\tc|· d)"),
        ("a) a\nb) b\n(c) c\n✗ d\n-\u{A0}e", "l(a) a|b) b|(c) c|✗ d|-\u{A0}e)"),
        ("A.\ta\niv.\tb\n(ii) c\n-> d\n=> e", "l(A.\ta|iv.\tb|(ii) c|-> d|=> e)"),
        ("✅ a\n✔️ b\n➡️ c\n★ d", "l(✅ a|✔️ b|➡️ c|★ d)"),
        ("١. a\nа) b\nא. c\n가. d\n（1）e\n一、f\n1．g\n１）h", "l(١. a|а) b|א. c|가. d|（1）e|一、f|1．g|１）h)"),
        (
            "É. Zola\nА. Пушкин\nЯ. Б\n我. a\n十分\na. b\nDr.\ta\nvi a",
            "p(É. Zola|А. Пушкин|Я. Б|我. a|十分|a. b|Dr.\ta|vi a)"
        ),
        (
            "I.\ta\nII.\tb\n1.)\tc\n1.1\td\n1.2.\te\n➢\tf\n\u{F0B7}\tg",
            "l(I.\ta|II.\tb|1.)\tc|1.1\td|1.2.\te|➢\tf|\u{F0B7}\tg)"
        ),
        ("9.30\ta\n10.15\tb\n1.1 c", "p(9.30\ta|10.15\tb|1.1 c)"),
        ("1. a\tb\n2) c\td", "l(1. a\tb|2) c\td)"),
        ("as in point\nc) of it", "p(as in point|c) of it)"),
        ("o, a\n§ 5 b\nab) c\n-\u{E9} d", "p(o, a|§ 5 b|ab) c|-\u{E9} d)"),
        ("Check:\n\n    - a\n    - b\n\nc", "p(Check:). l(    - a|    - b). p(c)"),
        ("a\n\n\t1. b\n\t2. c", "p(a). l(\t1. b|\t2. c)"),
        // A number in a sentence begins no list.
        ("am Montag, dem\n12. Mai bis zum\n30. Juni", "p(am Montag, dem|12. Mai bis zum|30. Juni)"),
        ("Go on:\n2. a\n3. b", "p(Go on:) l(2. a|3. b)"),
        ("See\n1. a\n2. b", "p(See) l(1. a|2. b)"),
        // What is indented is code only if it looks so.
        (
            "The log:\n\n    ERROR could not open it since it is locked by another process\n    INFO bye",
            "p(The log:). c(    ERROR could not open it since it is locked by another process|    INFO bye)"
        ),
        ("Regards,\n\n    Olga Berg\n    Acme GmbH", "p(Regards,). p(    Olga Berg|    Acme GmbH)"),
        ("You wrote:\n    I cannot log in.", "p(You wrote:|    I cannot log in.)"),
        ("total :\n    12,00 €", "p(total :|    12,00 €)"),
        ("class Foo is broken:\n    We mend it.", "p(class Foo is broken:|    We mend it.)"),
        // Some is code wherever it stands.
        (
            "See:\n\n{\n  \"a\": 1,\n  \"b\": [2]\n}\nOK",
            "p(See:). c({|  \"a\": 1,|  \"b\": [2]|}|OK)"
        ),
        (
            "java.lang.Error: No\n\tat com.acme.A.b(A.java:1)\n\tat com.acme.C.d(C.java:2)",
            "c(java.lang.Error: No|\tat com.acme.A.b(A.java:1)|\tat com.acme.C.d(C.java:2))"
        ),
        ("SELECT a, b\nFROM c", "c(SELECT a, b|FROM c)"), ("<p>\n<b>a</b>", "c(<p>|<b>a</b>)"),
        ("a=b\nc=d", "c(a=b|c=d)"), ("src\n├── a\n└── b", "c(src|├── a|└── b)"),
        (
            "2026-11-29 10:00:01 INFO a\n2026-11-29 10:00:02 WARN b",
            "c(2026-11-29 10:00:01 INFO a|2026-11-29 10:00:02 WARN b)"
        ),
        ("SELECT a plan\nCREATE an account", "p(SELECT a plan|CREATE an account)"),
        ("Row=A\nSeat=12", "p(Row=A|Seat=12)"), ("<Tom> hi\n<Olga> yes", "p(<Tom> hi|<Olga> yes)"),
        ("<name>\n<https://a.test/>", "p(<name>|<https://a.test/>)"),
        ("Am 5. um 10:00:00 Uhr.\nBis 11:00:00.", "p(Am 5. um 10:00:00 Uhr.|Bis 11:00:00.)"),
        (
            "Reach us:\n\n    support@a.test\n    https://a.test/b\n    Olga",
            "p(Reach us:). p(    support@a.test|    https://a.test/b|    Olga)"
        ),
        (
            "Go here:\n\n    Settings -> Privacy\n    File > Print\n    Total = 8.00",
            "p(Go here:). p(    Settings -> Privacy|    File > Print|    Total = 8.00)"
        ),
        ("> run\n> ```\n> ls\n> ```\nand", "p(> run|> ```|> ls|> ```|and)"),
        ("a ```\nb\nc ```\nd", "p(a ```|b|c ```|d)"), ("~~~~~~\na\n~~~~~~", "p(~~~~~~|a|~~~~~~)"),
        ("1. a\nb\n2. c\n\nd\n3. e", "l(1. a) p(b) l(2. c). p(d) l(3. e)"),
        ("Hello {name},\nthanks :-}", "p(Hello {name},|thanks :-})"),
        ("<jane@acme.test>\n[Olga Berg]\n[1] a", "p(<jane@acme.test>|[Olga Berg]|[1] a)"),
        ("PLEASE HELP\nIT IS BROKEN", "p(PLEASE HELP|IT IS BROKEN)"),
        ("●a\n♥ b", "p(●a|♥ b)"), ("…a\n“b”", "p(…a|“b”)"),
        ("- a\n  more\n- b", "l(- a|  more|- b)"), ("x\n  y", "p(x|  y)"),
        ("-a\n*b*\n1.5 kg\n1234. x", "p(-a|*b*|1.5 kg|1234. x)"),
        (
            "Do:\n\n    npm ci\n\n    npm test\n\nDone",
            "p(Do:). c(    npm ci||    npm test). p(Done)"
        ),
        ("\tls -l", "c(\tls -l)"), ("a\n    b", "p(a|    b)"), ("   a", "p(   a)"),
        ("see\n```\na\n\n- b\n```\nend", "p(see) c(```|a||- b|```) p(end)"),
        ("```swift\nlet a\n```\n\n\nx", "c(```swift|let a|```).. p(x)"),
        ("```\na\n\n- b\n", "p(```|a). l(- b)"), ("```\n\na()\n", "c(```||a())"),
        ("~~~\na\n```\n~~~~ \nb", "c(~~~|a|```|~~~~ ) p(b)"), ("~~~ a`b\nc", "c(~~~ a`b|c)"),
        ("````\n```\n````\nb", "c(````|```|````) p(b)"), ("```a``` b\nc", "p(```a``` b|c)"),
        ("```\n``` x\n   ```\nb", "c(```|``` x|   ```) p(b)"), ("~~a~~\n~~\nb", "p(~~a~~|~~|b)"),
        ("```\n    ```\nb", "c(```|    ```|b)"), ("a\n    ```\nb", "p(a|    ```|b)"),
        ("- a\n    ~~~\n    b\n    ~~~\nc", "l(- a) c(    ~~~|    b|    ~~~) p(c)"),
        ("Run:\n    npm ci\n    npm test\nend", "p(Run:) c(    npm ci|    npm test) p(end)"),
        ("Run: \n\tls -l", "p(Run: ) c(\tls -l)"), ("実行：\n    ls -l", "p(実行：) c(    ls -l)"),
        ("1. Run:\n      npm ci\n2. Go", "l(1. Run:) c(      npm ci) l(2. Go)"),
        ("- a:\n    - b\n    - c", "l(- a:|    - b|    - c)"),
        ("Do:\n    1. a\n    2. b", "p(Do:) l(    1. a|    2. b)"),
        ("Run:\n   make", "p(Run:|   make)"), ("a: b\n    c", "p(a: b|    c)"),
        ("a\n```\n```\n```\nb", "p(a) c(```|```) c(```|b)"),
    ])
    func `a text has its blocks`(_ text: String, _ blocks: String) {
        #expect(shape(text) == blocks)
    }

    @Test(arguments: [("x\n- a", 16), ("- a\nx", 0), ("- a\n\nx", 16)])
    func `who writes stands apart from a list`(_ text: String, _ margin: Int) throws {
        let html = try html(text)
        #expect(html.contains("<div style=\"margin:0 0 \(margin)px\">"))
    }

    @Test(arguments: [
        ("- a", "1.2"), ("  - a", "1.74"), ("- a\n      - b", "2.82"), ("- a\n\t- b", "3.36"),
        ("- a\n            - b", "4.44"), ("- a\n                    - b", "4.44"),
    ])
    func `an entry hangs behind its own indent, to a bound`(_ text: String, _ hang: String) throws {
        let html = try html(text)
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
        let html = try html(text)
        #expect(html.contains("white-space:pre-wrap\">") == isMarked)
    }

    /// They stand below each other in letters of one width alone.
    @Test(arguments: [
        ("Item      Qty\nPlums       2", true), ("a\tb\nc\td", true), ("x\na   b\nc   d", true),
        ("Item      Qty\nx", false), ("Done.  Well.\nSo.  And", false), ("\ta b\n\tc d", false),
        ("   a b\n   c d", false), ("a  b   \nc  d   ", true),
        ("We fixed it.    Thanks.\nThe next release   comes", false),
        ("Order:  4711\nDate:   3 May", true), ("Hi Tom.  Thanks.\nGot it.  Will do.", false),
        ("> a:\n>   1. b\n>   2. c", false),
    ])
    func `columns are shown in letters of one width`(_ text: String, _ isTable: Bool) throws {
        let html = try html(text)
        #expect(html.contains("<p style=\"\(HTMLStyle.table)\">") == isTable)
    }

    @Test func `columns are found wherever they stand`() throws {
        for place in 0..<40 {
            let before = String("abcdefgh ijklmno pqrs tuvwxyz abcdefgh ijk".prefix(place + 1))
            for (gap, isMarked) in [("  ", true), ("\t", true), (" !", false), (" ", false)] {
                let text = OneLine.trim(before) + gap + "x"
                let html = try html(text)
                #expect(html.contains("white-space:pre-wrap\">") == isMarked, "\(text)")
            }
        }
    }

    /// An empty line that nobody has written would tear an entry apart that was wrapped without an indent.
    @Test func `a list stands as far from the lines around it as was written`() throws {
        let tight = try html("- a\nb\n- c\nd")
        #expect(tight.contains("<p style=\"margin:0\">b</p>\n<div style=\"margin:0 0 0px\">"))
        #expect(tight.contains("<p>d</p>"))
        #expect(try html("a\n\n- b").contains("<p>a</p>\n<div"))
        #expect(try html("a  b\n- c").contains("<p style=\"white-space:pre-wrap;margin:0\">"))
    }

    @Test func `what goes on with an entry hangs behind its own indent`() throws {
        let list = try html("- a\n  b\n    c")
        for (hang, line) in [("1.2em", "- a"), ("0.54em", "&nbsp;&nbsp;b")] {
            #expect(
                list.contains(
                    "<div class=\"l\" style=\"padding-left:\(hang);text-indent:-\(hang)\">\(line)</div>"
                ))
        }
    }

    @Test func `a tab behind a mark is no column`() throws {
        #expect(try html("1.\ta b\n  2.\tc").contains("em\">1. a b</div>"))
        #expect(try html("1.\ta\tb").contains("white-space:pre-wrap\">1. a\tb</div>"))
    }

    @Test func `what stands in code can be clicked, too`() throws {
        let text = "```\ncurl https://a.test/?b=1&c \\\n  | sh <x>\n```"
        let html = try html(text)
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
