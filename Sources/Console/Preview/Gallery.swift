internal import Delivery
internal import Mail

/// Every kind of mail in every language, as pages to look at.
struct Gallery {
    struct Page {
        /// Of its files, without their ends.
        var name: String
        var title: String
        var content: MailContent
    }

    /// A Sunday evening, so that the same gallery is the same files.
    private static let now = WallTime(milliseconds: 1_795_369_200_000)
    private let from: EmailAddress
    private let to: EmailAddress

    init() throws(InvalidAddress) {
        from = try EmailAddress("support@acme.test")
        to = try EmailAddress("jane@customer.test")
    }

    var pages: [Page] {
        MailContent.languages.flatMap { pages(in: $0) + [counts(in: $0)] } + odd
    }

    private func pages(in language: String) -> [Page] {
        let names = GalleryText.names[language] ?? GalleryText.usualNames
        return Audience.allCases.flatMap { audience in
            let texts = audience == .visitor ? GalleryText.byTag : GalleryText.fromVisitors
            let text = texts[language] ?? texts["en"] ?? ""
            return [1, 3].map { count in
                var content = mail(audience, language, Array(repeating: text, count: count))
                if count == 3 {
                    content.replies[1].attachments = attachments(named: names.file)
                    content.replies[2].authorName = "Sam"
                }
                return Page(
                    name: "\(language)-\(audience.rawValue)-\(count)",
                    title: "\(language), to \(audience.rawValue)s, \(count)", content: content)
            }
        }
    }

    /// Each form of the phrase that counts, and what is said of what no mail can list or show in full.
    private func counts(in language: String) -> Page {
        let file = (GalleryText.names[language] ?? GalleryText.usualNames).file
        let text = GalleryText.byTag[language] ?? GalleryText.byTag["en"] ?? ""
        let texts = Array(repeating: "", count: Self.counts.count) + [text]
        var content = mail(.visitor, language, texts)
        // Links in Latin letters beside so little Cyrillic text would look like disguise to SpamAssassin.
        for (index, count) in Self.counts.enumerated() {
            content.replies[index].attachments = AttachmentList(
                [Attachment(name: file, url: nil, size: 123_456)], more: count)
        }
        content.replies[Self.counts.count].attachments = AttachmentList(json: "{")
        content.replies[Self.counts.count].isCut = true
        return Page(
            name: "\(language)-counts", title: "\(language), counts and cuts", content: content)
    }

    /// Of every category of plurals that one of the languages has, but for zero (``MailContent/languages``).
    private static let counts = [1, 2, 3, 5, 11, 21, 22, 100]

    /// What is not usual, in English.
    private var odd: [Page] {
        var pages: [Page] = []
        func add(_ name: String, _ text: String, _ change: (inout MailContent) -> Void = { _ in }) {
            var content = mail(.visitor, "en", [text])
            change(&content)
            pages.append(Page(name: "odd-\(name)", title: name, content: content))
        }
        let words = GalleryText.byTag["en"] ?? ""
        add("rich", GalleryText.rich)
        add("late", words) { $0.date = Self.now + .seconds(90_000) }
        add("brand", words) {
            $0.brand = Brand(
                color: "#ffd400", footer: "Acme Ltd, 1 Example Street, London\nCompany 01234567")
        }
        // A short one: there filters take a picture for an advertisement.
        add("logo", "Yes, the export works again: we found rows without a date.") {
            $0.brand = Brand(logoURL: "https://acme.test/logo.png")
        }
        add("pale-brand", words) { $0.brand = Brand(color: "#ffffff") }
        add("plain", words) {
            $0.helpdeskName = nil
            $0.conversationLink = nil
            $0.replyTo = nil
            $0.unsubscribeURL = nil
            $0.replies[0].authorName = nil
        }
        add("attachments", words) {
            $0.replies[0].attachments = attachments(named: GalleryText.usualNames.file)
        }
        add("cut", words) { $0.replies[0].isCut = true }
        add("long-word", GalleryText.longWord) {
            $0.replies[0].authorName = GalleryText.longWord
            $0.helpdeskName = GalleryText.longWord
        }
        add("long-name", words) {
            $0.replies[0].authorName = String(repeating: "Olga ", count: 1_000)
        }
        add("zalgo", GalleryText.zalgo) {
            $0.replies[0].authorName = GalleryText.zalgo
            $0.replies[0].attachments = attachments(named: GalleryText.zalgo)
            $0.helpdeskName = GalleryText.zalgo
        }
        add("bidi", GalleryText.bidi) { $0.replies[0].authorName = GalleryText.bidi }
        add("emoji", GalleryText.emoji) { $0.replies[0].authorName = GalleryText.emoji }
        add("unbreakable", GalleryText.unbreakableEverywhere) {
            let line = GalleryText.unbreakable[0]
            $0.replies[0].authorName = line
            $0.replies[0].attachments = attachments(named: line)
            $0.helpdeskName = line
            $0.brand = Brand(footer: line)
        }
        add("hundred", words) {
            $0.replies = Array(repeating: $0.replies[0], count: 100)
        }
        return pages
    }

    private func mail(_ audience: Audience, _ language: String, _ texts: [String]) -> MailContent {
        let names = GalleryText.names[language] ?? GalleryText.usualNames
        return MailContent(
            messageID: .make(mailID: 1, nonce: 0xABCD, domain: "acme.test"), date: Self.now,
            audience: audience, from: Mailbox(name: "Acme", address: from),
            replyTo: from, to: Mailbox(name: "Jane Doe", address: to), helpdeskID: "acme",
            conversationID: "c-42", helpdeskName: "Acme", subject: nil,
            conversationLink: "https://acme.test/help/c-42",
            replies: texts.enumerated().map { index, text in
                Reply(
                    authorName: audience == .visitor ? names.operator : names.visitor,
                    createdAt: Self.now - .seconds(Int64(texts.count - index) * 60), text: text,
                    pageURL: "https://shop.acme.test/cart/4711")
            },
            allowedDomains: AllowedDomains(commaSeparated: "acme.test"),
            unsubscribeURL: audience == .visitor ? "https://acme.test/unsubscribe/1" : nil,
            locales: [language])
    }

    private func attachments(named name: String) -> AttachmentList {
        AttachmentList([
            Attachment(
                name: name, url: "https://acme.test/f/1", size: 123_456),
            Attachment(name: "export.csv", url: "https://acme.test/f/2", size: 7_900_000),
            Attachment(name: nil, url: nil, size: nil),
        ])
    }

    // MARK: Index

    /// All pages beside each other, as wide as the column; each can be made narrower.
    static func index(of pages: [Page]) -> String {
        let entries = pages.map { page in
            """
            <section><h2><a href="\(page.name).html">\(page.title)</a></h2>
            <iframe title="\(page.title)" src="\(page.name).html" loading="lazy"></iframe></section>
            """
        }
        return """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>The mails of outboxd</title>
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <style>
            :root{color-scheme:light dark}
            body{font:16px/1.5 system-ui,sans-serif;margin:24px}
            main{display:flex;flex-wrap:wrap;gap:24px}
            h2{font-size:14px;margin:0 0 4px}
            iframe{width:600px;max-width:100%;height:640px;border:1px solid #8a8f96;resize:both}
            </style></head><body><h1>The mails of outboxd</h1>
            <main>
            \(entries.joined(separator: "\n"))
            </main></body></html>

            """
    }
}
