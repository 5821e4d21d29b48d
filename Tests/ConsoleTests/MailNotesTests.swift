import Foundation
import SQLite
import TestSupport
import Testing

/// What stands in `helpdesks` and can't be used in mails is told; what can be is used.
struct MailNotesTests {
    private static let faults = [
        "ticket_center_url \"javascript:1\" is no http", "reply_to \"nobody\" is no address",
        "brand_color \"red\" is no colour", "logo_url is no https link to one of allowed_domains",
        "allowed_domains \"https://shop.test\" matches nothing",
        "footer_text has more than 4 lines or 300 characters in a line, mails show its beginning",
        "time_zone \"Mars/Base\" is no zone", "the helpdesk's locale \"xx\" is none",
    ]

    private func helpdesk(
        _ outbox: Outbox, _ values: String, link: String = "https://acme.test/c",
        replyTo: String = "support@acme.test"
    ) throws {
        try outbox.connection.execute(
            """
            INSERT INTO helpdesks (id, name, from_address, ticket_center_url, reply_to, locale, time_zone, brand_color, logo_url,
                footer_text, allowed_domains)
            VALUES ('h', 'Acme', 'support@acme.test', '\(link)', '\(replyTo)', \(values))
            """)
    }

    private func add(
        _ outbox: Outbox, locale: String, unsubscribe: String = "https://acme.test/u",
        inReplyTo: String = "<a@b>"
    ) throws {
        try outbox.connection.execute(
            """
            INSERT INTO outbox (id, helpdesk_id, conversation_id, message_id, recipient_email,
                author_name, body_text, locale, unsubscribe_url, in_reply_to, created_at)
            VALUES (1, 'h', 'c', 'm', 'ann@example.test', 'Olga', 'Hello', '\(locale)', '\(unsubscribe)', '\(inReplyTo)',
                1795369200000)
            """)
    }

    @Test func `check and show say what can't be used`() throws {
        let outbox = try Outbox()
        try helpdesk(
            outbox,
            "'xx', 'Mars/Base', 'red', 'https://evil.test/l.png', '1\n2\n\n3\n4\n5', 'acme.test,https://shop.test'",
            link: "javascript:1", replyTo: "nobody")
        try add(outbox, locale: "tlh", inReplyTo: "<a@b@c>")
        let check = try outbox.run("check").output
        let show = try outbox.run("show", "1").output
        let notes = try (outbox.json("show", "1") as? [String: Any])?["notes"] as? [String]
        for fault in Self.faults {
            #expect(check.contains("warn  database     helpdesk h: \(fault)"), "\(check)")
            #expect(show.contains("  note          \(fault)"), "\(show)")
            #expect(notes?.contains { $0.hasPrefix(fault) } == true)
        }
        #expect(show.contains("  note          in_reply_to \"<a@b@c>\" is no Message-ID"))
        #expect(show.contains("locale \"tlh\" is none of outboxd's languages"))
        // The mail goes out all the same.
        let mail = try outbox.run("preview", "1", "--text").output
        #expect(mail.contains("You get this because you wrote to Acme.") && mail.contains(" UTC"))
    }

    @Test func `what can be used is used, and nothing is said`() throws {
        let outbox = try Outbox()
        try helpdesk(
            outbox,
            "'en', 'Asia/Kolkata', '#ffd400', 'https://cdn.acme.test/l.png', 'Acme Ltd', 'acme.test'"
        )
        try add(outbox, locale: "de-AT")
        #expect(try !outbox.run("check").output.contains("helpdesk h: "))
        #expect(try !outbox.run("show", "1").output.contains("  note "))
        let mail = try outbox.run("preview", "1").output
        #expect(
            mail.contains("Content-Language: de\r\n") || mail.contains("Content-Language: de\n"))
        let text = try outbox.run("preview", "1", "--text").output
        #expect(text.contains("Geschrieben am 22. Nov. 2026, 23:10 UTC+5:30"), "\(text)")
        #expect(text.contains("Acme Ltd"))
        let file = outbox.directory.file("mail.html")
        _ = try outbox.run("preview", "1", "--html", file)
        let html = try String(contentsOfFile: file, encoding: .utf8)
        #expect(html.contains("background-color:#ffd400;color:#000000"))
        #expect(html.contains("<img src=\"https://cdn.acme.test/l.png\" alt=\"Acme\""))
    }

    @Test func `what is empty counts as not given, and white space around a zone for nothing`()
        throws
    {
        let outbox = try Outbox()
        try helpdesk(
            outbox, "'', ' Asia/Kolkata ', '', '', '', ''", link: "", replyTo: " ")
        try outbox.connection.execute(
            "UPDATE helpdesks SET dashboard_url = '', bounce_address = ''")
        try add(outbox, locale: "")
        #expect(try !outbox.run("check").output.contains("helpdesk h: "))
        #expect(try !outbox.run("show", "1").output.contains("  note "))
        let text = try outbox.run("preview", "1", "--text").output
        #expect(text.contains("UTC+5:30"), "\(text)")
    }

    /// A link of so many octets.
    private static func link(_ octets: Int) -> String {
        "https://acme.test/" + String(repeating: "u", count: octets - 18)
    }

    private static let noHeader = "mails show it and go without List-Unsubscribe"
    private static let inNoHeader = "has more than 900 octets, \(noHeader)"
    private static let inNoMail = "has more than 2000 octets, mails go without it"
    /// Each of them takes six octets.
    private static let encoded = "https://acme.test/" + String(repeating: "ü", count: 500)

    @Test(
        arguments: [
            ("javascript:1", "is no http or https link, mails go without it"),
            ("http://acme.test/u", "is no https link, \(noHeader)"), (link(900), nil),
            (link(901), inNoHeader), (link(2_000), inNoHeader), (link(2_001), inNoMail),
            (link(2_118), inNoMail), (encoded, inNoMail),
        ] as [(String, String?)])
    func `show says what becomes of a link to unsubscribe`(_ link: String, _ fault: String?) throws
    {
        let outbox = try Outbox()
        try helpdesk(outbox, "'en', 'UTC', NULL, NULL, NULL, ''")
        try add(outbox, locale: "en", unsubscribe: link)
        let notes = try outbox.run("show", "1").output.split(separator: "\n")
            .filter { $0.contains("unsubscribe_url") }
        #expect(notes == (fault.map { ["  note          unsubscribe_url \($0)"] } ?? []))
        let mail = try outbox.run("preview", "1").output
        #expect(mail.contains("List-Unsubscribe: <\(link)>") == (fault == nil))
        let text = try outbox.run("preview", "1", "--text").output
        #expect(text.contains("Unsubscribe: ") != (fault?.hasSuffix("go without it") ?? false))
    }

    @Test(arguments: [
        ("https://shop.acme.test/cart?a=1", "operator", true),
        ("https://acme.test", "visitor", true),
        ("https://evil.test/", "visitor", true), ("", "operator", true),
        ("https://evil.test/", "operator", false),
        ("https://acme.test.evil.test/", "operator", false),
        ("javascript:1", "operator", false),
    ])
    func `show says which page an operator is not shown`(
        _ page: String, _ audience: String, _ isUsed: Bool
    ) throws {
        let outbox = try Outbox()
        try helpdesk(outbox, "'en', 'UTC', NULL, NULL, NULL, 'acme.test'")
        try add(outbox, locale: "en")
        try outbox.connection.execute(
            "UPDATE outbox SET page_url = '\(page)', audience = '\(audience)'")
        let notes = try outbox.run("show", "1").output.split(separator: "\n")
            .filter { $0.contains("note") && $0.contains("page_url") }
        let note =
            "  note          page_url is no link to one of allowed_domains, mails go without it"
        #expect(notes == (isUsed ? [] : [note[...]]))
    }

    private static let longList =
        "[{\"name\":\"" + String(repeating: "a", count: 300_000) + "\"}]"

    @Test(
        arguments: [
            (nil, []), ("", []), ("null", []), ("[]", []),
            (
                #"[{"name":"a","url":"https://acme.test/f"},{"name":"b"},{"name":"c","url":null}]"#,
                []
            ),
            (
                #"[{"url":"https://acme.test/f"},{"name":"b","url":"ftp://acme.test/f"},{"name":"c","url":1}]"#,
                [
                    "url of attachment 2 is no http or https link of at most 4000 octets, it is listed without",
                    "url of attachment 3 is no http or https link of at most 4000 octets, it is listed without",
                ]
            ),
            ("[{", ["attachments is no JSON array of objects, mails only say that there are some"]),
            (
                longList,
                ["attachments has more than 262144 octets, mails only say that there are some"]
            ),
        ] as [(String?, [String])])
    func `show says which attachments can't be used`(_ json: String?, _ faults: [String]) throws {
        let outbox = try Outbox()
        try helpdesk(outbox, "'en', 'UTC', NULL, NULL, NULL, ''")
        try add(outbox, locale: "en")
        _ = try outbox.connection.statement("UPDATE outbox SET attachments = ?").bind(json).step()
        let notes = try outbox.run("show", "1").output.split(separator: "\n")
            .filter { $0.hasPrefix("  note ") }
        #expect(notes == faults.map { "  note          \($0)" })
        let ofJSON = try (outbox.json("show", "1") as? [String: Any])?["notes"] as? [String]
        #expect(ofJSON == faults)
    }

    @Test func `an empty value counts as not given`() throws {
        let outbox = try Outbox()
        try helpdesk(outbox, "'', ' ', '', '', '', 'acme.test'")
        try add(outbox, locale: "")
        #expect(try !outbox.run("check").output.contains("helpdesk h: "))
        #expect(try !outbox.run("show", "1").output.contains("  note "))
    }

    private static let rarePhrases = [
        "en": [
            ">and one more in", ">and 2 more in", ">and 100 more in", "too long to show in full",
            "This message has attachments.",
        ],
        "pl": [">i jeszcze 1 w", ">i jeszcze 3 w", ">i jeszcze 11 w"],
        "ru": [">и ещё 1 в", ">и ещё 3 в", ">и ещё 5 в", ">и ещё 21 в"],
        "ar": [
            ">ومرفق آخر", ">ومرفقان آخران", ">و3 مرفقات", ">و11 مرفقًا", ">و100 مرفق آخر",
        ],
    ]

    @Test func `the gallery holds each kind in each language`() throws {
        let directory = try TemporaryDirectory()
        let gallery = directory.file("gallery")
        let result = try OutboxdBinary.run(["preview", "--gallery", gallery])
        #expect(result.exit == .code(0) && result.output == "\(gallery)/index.html\n")
        let files = Set(try FileManager.default.contentsOfDirectory(atPath: gallery))
        for language in ["en", "en-GB", "de", "ar", "zh-Hans", "ko"] {
            for name in ["visitor-1", "visitor-3", "operator-1", "operator-3", "counts"] {
                #expect(
                    files.isSuperset(of: ["\(language)-\(name).html", "\(language)-\(name).eml"]))
            }
        }
        // Each form of a plural, and the sentences for what is not there.
        for (language, phrases) in Self.rarePhrases {
            let file = "\(gallery)/\(language)-counts.html"
            let page = try String(contentsOfFile: file, encoding: .utf8)
            for phrase in phrases { #expect(page.contains(phrase), "\(language): \(phrase)") }
        }
        // What visitors write is not signed by an operator.
        for name in ["en-operator-1", "ru-operator-1"] {
            let page = try String(contentsOfFile: "\(gallery)/\(name).html", encoding: .utf8)
            #expect(!page.contains("Olga") && !page.contains("Ольга"))
        }
        let index = try String(contentsOfFile: gallery + "/index.html", encoding: .utf8)
        for file in files where file.hasSuffix(".html") && file != "index.html" {
            #expect(index.contains("src=\"\(file)\""))
        }
        // Again into the same directory, and not into what is none.
        #expect(try OutboxdBinary.run(["preview", "--gallery", gallery]).exit == .code(0))
        let file = directory.file("file")
        try Data().write(to: URL(filePath: file))
        #expect(try OutboxdBinary.run(["preview", "--gallery", file]).exit == .code(74))
        #expect(try OutboxdBinary.run(["preview", "--gallery", gallery, "1"]).exit == .code(64))
        #expect(try OutboxdBinary.run(["preview"]).exit == .code(64))
    }
}
