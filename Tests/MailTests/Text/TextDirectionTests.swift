import Delivery
import Testing

@testable import Mail

/// In which direction what people wrote runs.
struct TextDirectionTests {
    private func html(
        _ text: String, in language: String, _ change: (inout MailContent) -> Void = { _ in }
    ) throws -> String {
        var content = try sampleMail(replies: [
            Reply(authorName: "Sam", createdAt: WallTime(milliseconds: 0), text: text)
        ])
        content.locales = [language]
        change(&content)
        return String(decoding: MailComposer.html(content), as: UTF8.self)
    }

    @Test(arguments: [
        ("Hello", "en", "<p>Hello"), ("Hello", "ar", "<p dir=\"ltr\">Hello"),
        ("مرحبا", "ar", "<p>مرحبا"), ("مرحبا", "en", "<p dir=\"rtl\">مرحبا"),
        ("Acme Cloud يعمل من جديد منذ هذا الصباح", "ar", "<p>Acme"),
        ("Acme Cloud يعمل من جديد منذ هذا الصباح", "en", "<p dir=\"rtl\">Acme"),
        ("The word שלום means peace", "en", "<p>The"), ("12:30", "ar", "<p>12:30"),
        ("see https://docs.acme.test/a/b שלום לך", "he", "<p>see"),
        ("日本", "he", "<p dir=\"ltr\">日本"),
        ("ab שש", "en", "<p>ab"), ("ab שש", "he", "<p>ab"), ("Größe 😀 ＡＢ", "en", "<p>Größe"),
        ("שלום Jonathan,", "he", "<p>שלום"), ("שלום Jonathan,", "en", "<p dir=\"rtl\">שלום"),
        ("אחת\n> Settings, Notifications", "he", "<p>אחת"),
        ("https://docs.acme.test/ שלום Jonathan", "he", "<p><a"),
        ("Jonathan, שלום", "he", "<p>Jonathan"),
        ("Jonathan, שלום", "en", "<p>Jonathan"), ("\"Save\" ואז \"Export\"", "he", "<p>&quot;Save"),
        ("Please ask משה about all of that", "he", "<p dir=\"ltr\">Please"),
        ("C++؟", "ar", "<p>C++"),
        ("jane@customer.example היא שלך", "he", "<p>jane"),
        ("www.acme.example/help הוא הדף", "en", "<p dir=\"rtl\">www"),
        ("acme.example הוא הדף", "he", "<p>acme"), ("Please. שלום", "en", "<p>Please"),
    ])
    func `a paragraph runs as its first letter does, or most of them`(
        _ text: String, _ language: String, _ start: String
    ) throws {
        #expect(try html(text, in: language).contains(start))
    }

    @Test func `a list has one direction for all its entries`() throws {
        let text = "خطوات:\n- Chrome افتح\n- Settings\n- أعد التشغيل من القائمة"
        let arabic = try html(text, in: "ar")
        #expect(!arabic.contains("<div dir=\"ltr\"") && !arabic.contains("dir=\"auto\""))
        let english = try html(text, in: "en")
        let entry = "<div class=\"l\" style=\"padding-right:"
        #expect(english.contains("<div dir=\"rtl\" style=\"margin:0 0 16px\">\n" + entry))
        // Most clients drop the logical side, and keep the indent into what is cut off.
        #expect(arabic.contains("style=\"padding-right:1.2em;text-indent:-1.2em\">- Settings"))
    }

    @Test func `what has no letter runs as all that was written, and code from left to right`()
        throws
    {
        let text = "مرحبا\n\n123\n\nhttps://a.test/b/\n\n    npm run all-the-things"
        let english = try html(text, in: "en")
        #expect(english.contains("<p dir=\"rtl\">123"))
        #expect(english.contains("<p dir=\"rtl\"><a dir=\"ltr\" href=\"https://a.test/b/\""))
        #expect(english.contains("<pre style"))
        let arabic = try html(text, in: "ar")
        #expect(arabic.contains("<p>123") && arabic.contains("<pre dir=\"ltr\" style"))
        #expect(arabic.contains("<p><a dir=\"ltr\" href=\"https://a.test/b/\""))
        #expect(try html("Hello\n\n123", in: "ar").contains("<p dir=\"ltr\">123"))
    }

    @Test func `what marks a visitor is the mail's own`() throws {
        let hebrew = try html("x", in: "he") { $0.audience = .operator }
        #expect(hebrew.contains("<strong><span dir=\"ltr\">Sam</span> ("))
        let english = try html("x", in: "en") {
            $0.audience = .operator
            $0.replies[0].authorName = "דנה"
        }
        #expect(english.contains("<strong><span dir=\"rtl\">דנה</span> (visitor)</strong>"))
        #expect(try html("x", in: "en").contains("<strong>Sam</strong>"))
    }

    /// `.Olga S`, and a phone number from its end, in clients that drop `bdi`, which are most.
    @Test func `names, files, sizes and footers say in which direction they run`() throws {
        let hebrew = try html("x", in: "he") {
            $0.replies[0].authorName = "Olga S."
            $0.replies[0].attachments = AttachmentList([
                Attachment(name: "דוח 2026.pdf", url: "https://f.test/1", size: 123_456)
            ])
            $0.brand = Brand(footer: "Acme Ltd.\n+972 3 555 1234\nתל אביב")
            $0.helpdeskName = "C++"
        }
        for (direction, text) in [
            ("ltr", "Olga S."), ("rtl", "דוח 2026.pdf"), ("ltr", "Acme Ltd."),
            ("ltr", "+972 3 555 1234"), ("rtl", "תל אביב"),
            ("ltr", "C++"),
        ] {
            #expect(hebrew.contains("<span dir=\"\(direction)\">\(text)</span>"), "\(text)")
        }
        #expect(hebrew.ranges(of: "<span dir=\"ltr\">C++</span>").count == 2)
        #expect(!hebrew.contains("<bdi>"))
        #expect(hebrew.contains("padding:0;padding-right:20px"))
    }

    /// Han characters have other forms in each of the three languages.
    @Test(arguments: [
        ("Hello", "de", true), ("Hello", "ja", true), ("日本", "en", true), ("日本", "ja", false),
        ("骨", "zh-Hans", false), ("안녕", "ko", true), ("漢字", "ko", false),
    ])
    func `people's own words have no language`(_ text: String, _ language: String, _ hasNone: Bool)
        throws
    {
        let html = try html(text, in: language)
        #expect(html.contains("<div lang=\"\"><p>\(text)") == hasNone)
    }
}
