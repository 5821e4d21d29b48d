import Delivery
import Foundation
import SQLite
import Store
import TestSupport
import Testing

/// "the mail as it would go out: the whole message, or `--text`, or `--html FILE`".
struct PreviewTests {
    private static let from = ["OUTBOXD_FROM": "Acme <support@acme.test>"]

    private func preview(
        _ outbox: Outbox, _ arguments: String..., settings: [String: String] = Self.from
    ) throws -> ChildProcess.Result {
        try OutboxdBinary.run(
            ["preview"] + arguments,
            environment: ["OUTBOXD_DATABASE": outbox.path].merging(settings) { $1 })
    }

    private func add(
        _ outbox: Outbox, _ body: String, conversation: String = "c1", instant: Bool = false,
        secondsAgo: Int64 = 10
    ) throws -> Int64 {
        try TestRow(
            conversation: conversation, body: body, instant: instant,
            createdAt: (outbox.now - .seconds(secondsAgo)).milliseconds
        ).insert(into: outbox.connection)
    }

    @Test(arguments: [false, true])
    func `rows of a conversation are combined, ingested or not`(isIngested: Bool) throws {
        let outbox = try Outbox()
        _ = try add(outbox, "the first")
        if isIngested { try outbox.ingest() }
        let second = try add(outbox, "the second", secondsAgo: 5)
        _ = try add(outbox, "another matter", conversation: "c2")
        let result = try preview(outbox, "\(second)", "--text")
        #expect(result.exit == .code(0), "\(result.errors)")
        #expect(result.output.contains("the first") && result.output.contains("the second"))
        #expect(!result.output.contains("another matter"))
        #expect(result.errors.contains("it goes out in 5") && result.errors.contains("Message-ID"))
    }

    @Test func `what is read or cancelled is left out`() throws {
        let outbox = try Outbox()
        let first = try add(outbox, "was read", secondsAgo: 20)
        let second = try add(outbox, "was cancelled", secondsAgo: 9)
        let third = try add(outbox, "is new", secondsAgo: 8)
        try outbox.connection.execute(
            """
            INSERT INTO read_markers VALUES
                ('h1', 'c1', 'ann@example.test', \((outbox.now - .seconds(15)).milliseconds));
            UPDATE outbox SET cancelled_at = 1795000000000 WHERE id = \(second)
            """)
        let result = try preview(outbox, "\(third)", "--text")
        #expect(result.output.contains("is new") && !result.output.contains("was "))
        #expect(result.errors.contains("left out: row \(first) (read), row \(second) (cancelled)"))
        try outbox.connection.execute(
            "UPDATE read_markers SET last_read_at = \(outbox.now.milliseconds)")
        let none = try preview(outbox, "\(third)")
        #expect(none.exit == .code(65) && none.isOneComplaint)
        #expect(none.errors.contains("its recipient has read it"), "\(none.errors)")
    }

    @Test func `the whole message, and where its HTML goes`() throws {
        let outbox = try Outbox()
        let id = try add(outbox, "<b>Grüße</b>\u{1B}[31m")
        let whole = try preview(outbox, "\(id)")
        #expect(whole.output.contains("From: Acme <support@acme.test>\r\n"))
        #expect(whole.output.contains("Content-Type: text/html; charset=utf-8\r\n"))
        #expect(try preview(outbox, "\(id)", "--text").output.contains("<b>Grüße</b>"))
        let file = outbox.directory.file("mail.html")
        let html = try preview(outbox, "\(id)", "--html", file)
        #expect(html.exit == .code(0) && html.output == "\(file)\n")
        let written = try String(contentsOfFile: file, encoding: .utf8)
        #expect(written.contains("&lt;b&gt;Grüße&lt;/b&gt;") && written.contains("</html>"))
        for other in ["/dev/null", outbox.directory.path] {
            let refused = try preview(outbox, "\(id)", "--html", other)
            #expect(refused.exit == .code(74) && refused.isOneComplaint == false)
            #expect(refused.errors.contains("no regular file"), "\(refused.errors)")
        }
        let link = outbox.directory.file("link.html")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: file)
        #expect(try preview(outbox, "\(id)", "--html", link).exit == .code(74))
    }

    @Test func `a file that is no preview is left alone, the database first of all`() throws {
        let outbox = try Outbox()
        let id = try add(outbox, "text")
        try outbox.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        let settings = try outbox.directory.write("OUTBOXD_HOLD=5m\n", to: "outboxd.env")
        for file in [outbox.path, settings] {
            let before = try Data(contentsOf: URL(filePath: file))
            let result = try preview(outbox, "\(id)", "--html", file)
            #expect(result.exit == .code(74), "\(result.output)")
            #expect(result.errors.contains("holds something else and is left alone"))
            #expect(try Data(contentsOf: URL(filePath: file)) == before)
        }
        let own = outbox.directory.file("mail.html")
        for _ in 0..<2 { #expect(try preview(outbox, "\(id)", "--html", own).exit == .code(0)) }
    }

    @Test func `the daemon sends what the preview has shown`() throws {
        let outbox = try Outbox()
        let relay = try ScriptedRelay()
        var settings = Self.from
        settings["OUTBOXD_SMTP_URL"] = relay.url
        let id = try add(outbox, "word for word")
        try outbox.connection.execute(
            """
            INSERT INTO helpdesks (id, name, from_address, reply_to, ticket_center_url)
            VALUES ('h1', 'Desk', 'desk@acme.test', 'r+{conversation}@acme.test',
                'https://acme.test/{conversation}')
            """)
        let shown = try preview(outbox, "\(id)", settings: settings)
        let drain = try outbox.run("drain", "--now", environment: settings)
        #expect(drain.exit == .code(0), "\(drain.errors)")
        let sent = String(decoding: try #require(relay.mails.first).data, as: UTF8.self)
        #expect(Self.comparable(shown.output) == Self.comparable(sent))
        #expect(sent.contains("Desk <desk@acme.test>"))
        // Now its Message-ID stands, with angle brackets or without.
        let line = try #require(sent.split(separator: "\r\n").first { $0.hasPrefix("Message-ID") })
        let messageID = String(line.dropFirst("Message-ID: ".count))
        for name in [messageID, String(messageID.dropFirst().dropLast()), "\(id)"] {
            let again = try preview(outbox, name, settings: settings)
            #expect(again.output.contains(line), "\(again.errors)")
            #expect(again.errors.contains("row \(id) is finished (sent)"))
        }
    }

    /// Without what is another at each attempt.
    private static func comparable(_ message: String) -> [String] {
        message.split(separator: "\r\n").map(String.init).filter {
            !$0.hasPrefix("Date:") && !$0.hasPrefix("Message-ID:") && !$0.contains("=_")
        }
    }

    @Test func `an uncertain mail is shown as the copy that is kept`() throws {
        let outbox = try Outbox()
        let id = try add(outbox, "composed anew", secondsAgo: 120)
        let frozen = FrozenMail(
            envelopeSender: "b@acme.test", envelopeRecipient: "ann@example.test",
            needsSMTPUTF8: false, message: Array("Subject: kept\r\n\r\nas it was\r\n".utf8))
        try outbox.finish(.uncertain(dueAt: nil, frozen: frozen))
        let result = try preview(outbox, "\(id)")
        #expect(result.output == "Subject: kept\r\n\r\nas it was\r\n")
        #expect(result.errors.contains("held as uncertain"))
    }

    @Test func `nothing is changed, and nobody has to be able to write`() throws {
        let outbox = try Outbox()
        let id = try add(outbox, "text")
        let before = try outbox.connection.dataVersion()
        // Somebody holds the write lock.
        let result = try outbox.connection.transaction { try preview(outbox, "\(id)") }
        #expect(result.exit == .code(0), "\(result.errors)")
        #expect(try outbox.connection.dataVersion() == before)
        #expect(try outbox.reader.story(of: id, at: outbox.now)?.mail == nil)
    }

    @Test func `no usable sender, an invalid row, an unknown one: 65, in one sentence`() throws {
        let outbox = try Outbox()
        let id = try add(outbox, "text")
        func expectRefusal(
            _ argument: String, _ words: String, settings: [String: String] = PreviewTests.from
        ) throws {
            let result = try preview(outbox, argument, settings: settings)
            #expect(result.exit == .code(65) && result.isOneComplaint, "\(result.errors)")
            #expect(result.errors.contains(words), "\(result.errors)")
        }
        try expectRefusal("\(id)", "OUTBOXD_FROM is not set", settings: [:])
        try expectRefusal("99", "there is no row 99")
        try expectRefusal("<nobody@acme.test>", "no mail with the Message-ID <nobody@acme.test>")
        let bad = try outbox.add(conversation: "c9", to: "nobody")
        try expectRefusal("\(bad)", "row \(bad) can't be sent: recipient_email")
        try outbox.ingest()
        try expectRefusal("\(bad)", "nobody is no address")
        try outbox.connection.execute(
            "INSERT INTO helpdesks (id, name, from_address) VALUES ('h1', 'Desk', 'desk')")
        try expectRefusal("\(id)", "from_address of helpdesk h1")
        #expect(try preview(outbox, "?").exit == .code(64))
    }

    @Test func `settings for mail do not matter, those of its sender do`() throws {
        let outbox = try Outbox()
        let id = try add(outbox, "text")
        let bad = ["OUTBOXD_SMTP_URL": "http://", "OUTBOXD_RATE": "fast"]
        #expect(
            try preview(outbox, "\(id)", settings: bad.merging(Self.from) { $1 }).exit == .code(0))
        let file = try outbox.directory.write("OUTBOXD_LEASE=no\nOUTBOXD_NO=1\n", to: "x.env")
        #expect(try preview(outbox, "\(id)", "--config", file).exit == .code(0))
        let from = try preview(outbox, "\(id)", settings: ["OUTBOXD_FROM": "nobody"])
        #expect(from.exit == .code(78) && from.errors.contains("OUTBOXD_FROM"))
    }

    @Test func `a row that is put off has a mail of its own`() throws {
        let outbox = try Outbox()
        _ = try add(outbox, "at once")
        let id = try add(outbox, "tomorrow")
        let until = (outbox.now + .seconds(86_400)).milliseconds
        try outbox.connection.execute("UPDATE outbox SET not_before = \(until) WHERE id = \(id)")
        let result = try preview(outbox, "\(id)", "--text")
        #expect(result.output.contains("tomorrow") && !result.output.contains("at once"))
        #expect(result.errors.contains("counts as not yet written until"))
        #expect(try !preview(outbox, "\(id - 1)", "--text").output.contains("tomorrow"))
    }

    @Test func `an id that another row has now does not show that one's text`() throws {
        let outbox = try Outbox()
        let id = try add(outbox, "the first", secondsAgo: 120)
        try outbox.finish(.sent)
        try outbox.connection.execute("DELETE FROM outbox WHERE id = \(id)")
        try outbox.add(message: "other", to: "bob@example.test", id: id)
        let result = try preview(outbox, "\(id)")
        #expect(result.exit == .code(65) && result.errors.contains("given to another row since"))
    }

    @Test func `a sender that the relay refuses is told`() throws {
        let outbox = try Outbox()
        let id = try add(outbox, "text")
        try outbox.connection.execute(
            "INSERT INTO outboxd_senders (address, blocked_at) VALUES ('support@acme.test', 1)")
        let result = try preview(outbox, "\(id)")
        #expect(result.exit == .code(0))
        #expect(result.errors.contains("the relay refuses mail from support@acme.test"))
    }
}
