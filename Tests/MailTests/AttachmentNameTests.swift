import Testing

@testable import Mail

/// What is shown for a file: never another place than its link leads to, and always how it ends.
struct AttachmentNameTests {
    private func name(_ name: String, _ url: String? = "https://files.evil.example/x") -> String? {
        Attachment(name: name, url: url, size: nil).name
    }

    @Test(arguments: [
        "https://acme.example/login", "see HTTP://acme.example", "ftp：//acme.example",
        "www.acme.com",
        "Www.Acme.Com", "acme.com/login", "Acme.Example/login", "my.folder/file.txt",
        "acme.com:8080", "Acme.Shop?login", "support@acme.example", "Ann <ann@acme.com>",
        "mailto:ann@acme.com", "acme。com／login", "support＠acme.example",
    ])
    func `a name that reads like a link or an address is not shown`(_ written: String) {
        #expect(name(written) == nil)
        #expect(name(written, nil) == nil)
        #expect(name(written, "https://f.test/a/b%20c.pdf?x=1#y.z") == "b c.pdf")
    }

    @Test(arguments: [
        "report.pdf", "v1.2.tar.gz", "invoice.co", "archive.zip", "main.rs", "Acme.com",
        "photo@2x.png",
        "Q1/Q2 2026.xlsx", "v1.2/3", "invoice.v2#3.pdf", "Who is it?.txt", "12:30 screenshot.png",
        "a.b", "wwww", "mail from ann@acme.com.eml", "C++.h", "レポート.pdf",
    ])
    func `the name of a file is shown`(_ written: String) {
        #expect(name(written) == written)
    }

    @Test(arguments: [
        "https://f.test", "https://f.test/", "https://f.test/a/", "https://f.test/1f3c",
        "https://f.test/.pdf", "https://f.test/a.", "https://f.test/a%2Fb.pdf",
        "https://f.test/a%5Cb.pdf", "https://f.test/%E2%80%AEfdp.exe", "https://f.test/a%0Ab.pdf",
        "https://f.test/ann%40acme.com", "https://f.test/www.acme.com", "https://f.test/a%FFb.pdf",
        "https://f.test/?a.pdf", "https://f.test/a.b%20c",
    ])
    func `a link without the name of a file gives none`(_ url: String) {
        #expect(name("https://acme.example/login", url) == nil)
    }

    @Test(arguments: [nil, "", " \u{3164}"])
    func `a file without a name has its link's`(_ name: String?) {
        let url = "https://cdn.acme.test/uploads/Rechnung-2026-11.pdf?X-Signature=1"
        #expect(Attachment(name: name, url: url, size: 1).name == "Rechnung-2026-11.pdf")
        #expect(Attachment(name: name, url: "https://cdn.acme.test/1", size: 1).name == nil)
        #expect(Attachment(name: name, url: nil, size: 1).name == nil)
    }

    @Test func `several files without a name are numbered`() throws {
        var content = try sampleMail()
        content.replies[0].attachments = AttachmentList(
            [nil, "a.pdf", nil].enumerated().map {
                Attachment(name: $1, url: "https://files.test/\($0)", size: nil)
            })
        let html = String(decoding: MailComposer.html(content), as: UTF8.self)
        let text = String(decoding: MailComposer.text(content), as: UTF8.self)
        for (place, name) in ["Attachment 1", "a.pdf", "Attachment 2"].enumerated() {
            #expect(html.contains(">\(name)</a>"))
            #expect(text.contains("- \(name): https://files.test/\(place)\n"))
        }
    }

    @Test func `mails to both audiences show the word for a file without a name`() throws {
        for audience in Audience.allCases {
            var content = try sampleMail()
            content.audience = audience
            content.replies[0].attachments = AttachmentList([
                Attachment(
                    name: "https://acme.example/login", url: "https://files.evil.example/x", size: 1
                )
            ])
            let html = String(decoding: MailComposer.html(content), as: UTF8.self)
            #expect(html.contains(">Attachment</a>") && !html.contains("acme.example"))
            let text = String(decoding: MailComposer.text(content), as: UTF8.self)
            #expect(text.contains("- Attachment (1 B): https://files.evil.example/x\n"))
        }
    }

    // MARK: Length

    private static func run(_ text: String, _ count: Int) -> String {
        String(repeating: text, count: count)
    }

    @Test(
        arguments: [
            (run("2", 92) + ".pdf.exe", run("2", 92) + ".pdf.exe"),
            ("Invoice-\(run("2", 100)).pdf.exe", "Invoice-\(run("2", 75))…22222222.pdf.exe"),
            ("a  \(run("b ", 5_000))c.exe", "a \(run("b ", 40))b…b b b b b c.exe"),
            ("\(run("x", 300_000))\u{202E}fdp.exe", "\(run("x", 83))…xxxxxxxxxfdp.exe"),
            // What is seen as one character is whole or not there.
            ("\(run("x", 100))👩🏽‍💻👩🏽‍💻1234567.pdf", "\(run("x", 84))…👩🏽‍💻1234567.pdf"),
            ("\(run("x", 100))👩🏽‍💻1234567890.pdf", "\(run("x", 85))…1234567890.pdf"),
        ] as [(String, String)])
    func `a long name keeps its ending`(_ written: String, _ shown: String) {
        let name = name(written)
        #expect(name == shown)
        #expect((name?.unicodeScalars.count ?? 101) <= 100)
    }

    @Test func `an ending that is one endless character is cut`() {
        let marks = Self.run("\u{301}", 200)
        #expect(name("\(Self.run("x", 100))Z\(marks)") == Self.run("x", 99) + "…")
    }
}
