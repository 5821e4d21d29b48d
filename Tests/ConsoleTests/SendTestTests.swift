import Delivery
import Foundation
import SQLite
import TestSupport
import Testing

@testable import Console

/// "one real mail, showing the dialogue, secrets removed; `--helpdesk`".
struct SendTestTests {
    private static let from = "Acme <support@acme.test>"

    private func run(
        _ relay: ScriptedRelay, _ arguments: String..., settings: [String: String] = [:]
    ) throws -> ChildProcess.Result {
        let own = ["OUTBOXD_SMTP_URL": relay.url, "OUTBOXD_FROM": Self.from]
        return try OutboxdBinary.run(
            ["send-test"] + arguments, environment: own.merging(settings) { $1 })
    }

    @Test func `one mail that says what it is, and the dialogue line by line`() throws {
        let relay = try ScriptedRelay(rules: [.on(.dot, .reply(250, "2.0.0 Ok: queued as 4F2A1"))])
        let result = try run(relay, "--to", "ann@example.test")
        #expect(result.exit == .code(0), "\(result.errors)")
        let lines = result.output.split(separator: "\n").map(String.init)
        for line in [
            "* connected to 127.0.0.1, port \(relay.port)", "< 220 relay.test ESMTP",
            "> RCPT TO:<ann@example.test>", "> DATA", "< 250 2.0.0 Ok: queued as 4F2A1", "> QUIT",
        ] {
            #expect(lines.contains { $0.hasPrefix(line) }, "\(line)")
        }
        let last = try #require(lines.last)
        #expect(last.contains("took the mail") && last.contains("as 4F2A1 in its queue"))
        let times = lines[lines.count - 2]
        for phase in ["connecting ", "greeting ", "EHLO ", "MAIL to DATA ", "the message "] {
            #expect(times.contains(phase), "\(times)")
        }
        let received = try #require(relay.mails.first)
        #expect(relay.mails.count == 1 && received.faults.isEmpty)
        let mail = ReceivedMessage(received.data)
        #expect(mail.header("From") == Self.from)
        #expect(mail.header("Auto-Submitted") == "auto-generated")
        #expect(mail.text.contains("This is a test.") && mail.text.contains(" UTC, with the"))
        #expect(relay.commands.contains { $0.line == "QUIT" })
    }

    @Test func `secrets are not shown, whatever the relay repeats`() throws {
        var configuration = RelayConfiguration()
        configuration.credentials = .init(user: "me", password: "s3cret words")
        let relay = try ScriptedRelay(configuration)
        let settings = [
            "OUTBOXD_SMTP_URL": "smtp://me@127.0.0.1:\(relay.port)",
            "OUTBOXD_SMTP_PASSWORD": "s3cret words",
        ]
        let good = try run(relay, "--to", "ann@example.test", settings: settings)
        #expect(good.exit == .code(0), "\(good.errors)")
        #expect(good.output.contains("> AUTH PLAIN ***\n< 235"))
        relay.add { event in
            event.verb == .auth ? .reply(535, "5.7.8 no: \(event.line), s3cret words") : nil
        }
        let bad = try run(relay, "--to", "ann@example.test", settings: settings)
        #expect(bad.exit == .code(69) && bad.errors.contains("auth: 535"))
        let payload = Data("\0me\0s3cret words".utf8).base64EncodedString()
        for result in [good, bad] {
            for secret in ["s3cret", payload] {
                #expect(!(result.output + result.errors).contains(secret), "\(result)")
            }
        }
    }

    @Test(arguments: [
        (RelayEvent.Verb.rcpt, 550, "5.1.1 no", Int32(65), "refuses this recipient for good"),
        (.mail, 553, "5.7.1 no", 65, "refuses this sender for good"),
        (.rcpt, 450, "4.2.0 later", 75, "refuses this recipient for now"),
        (.dot, 554, "5.6.0 spam", 65, "refuses this mail for good"),
        (.mail, 530, "5.7.0 log in", 69, "does not let this sender in"),
        (.mail, 421, "4.3.2 busy", 75, "for now"), (.connect, 554, "no service", 69, "greeting"),
    ])
    func `each refusal has its code and its sentence`(
        verb: RelayEvent.Verb, code: Int, text: String, exit: Int32, words: String
    ) throws {
        let relay = try ScriptedRelay(rules: [.on(verb, .reply(code, text))])
        let result = try run(relay, "--to", "ann@example.test")
        #expect(result.exit == .code(exit), "\(result.errors)")
        #expect(result.errors.contains(words) && result.errors.contains("\(code) "))
        #expect(result.errors.split(separator: "\n").count == 1)
    }

    @Test func `a relay that hangs up, one that is not there`() throws {
        let relay = try ScriptedRelay(rules: [.on(.data, .close)])
        let closed = try run(relay, "--to", "ann@example.test")
        #expect(
            closed.exit == .code(69) && closed.errors.contains("the connection to the relay broke"))
        let uncertain = try ScriptedRelay(rules: [.on(.dot, .close)])
        let result = try run(uncertain, "--to", "ann@example.test")
        #expect(result.exit == .code(75) && result.errors.contains("it may arrive"))
        let nowhere = try run(try ScriptedRelay(listening: false), "--to", "ann@example.test")
        #expect(nowhere.exit == .code(69) && nowhere.errors.contains("no mail was sent"))
    }

    @Test func `the sender of a helpdesk, and what is wrong with it`() throws {
        let outbox = try Outbox()
        try outbox.connection.execute(
            """
            INSERT INTO helpdesks (id, name, from_address, bounce_address)
            VALUES ('h1', 'Desk', 'desk@acme.test', 'bounces@acme.test'), ('h2', 'Two', 'two', NULL)
            """)
        let relay = try ScriptedRelay()
        let database = ["OUTBOXD_DATABASE": outbox.path]
        let before = try outbox.connection.dataVersion()
        let good = try run(
            relay, "--to", "ann@example.test", "--helpdesk", "h1", settings: database)
        #expect(good.exit == .code(0), "\(good.errors)")
        let mail = try #require(relay.mails.first)
        #expect(mail.sender == "bounces@acme.test")
        #expect(ReceivedMessage(mail.data).header("From") == "Desk <desk@acme.test>")
        #expect(try outbox.connection.dataVersion() == before)
        for (arguments, code, words) in [
            (["--helpdesk", "h2"], Int32(65), "from_address of helpdesk"),
            (["--helpdesk", "h3"], 65, "no row for"), ([], 78, "OUTBOXD_FROM"),
        ] {
            let result = try OutboxdBinary.run(
                ["send-test", "--to", "ann@example.test"] + arguments,
                environment: ["OUTBOXD_DATABASE": outbox.path, "OUTBOXD_SMTP_URL": relay.url])
            #expect(result.exit == .code(code) && result.isOneComplaint, "\(result.errors)")
            #expect(result.errors.contains(words))
        }
        #expect(try run(relay, "--to", "ann").exit == .code(65))
        #expect(try run(relay).exit == .code(64))
        #expect(relay.mails.count == 1)
    }

    @Test(arguments: [
        ("Ok: queued as 4F2A1", "4F2A1"), ("OK id=1abC-0001", "1abC-0001"),
        ("OK  1732788000 abc-123 - gsmtp", "abc-123"),
        ("4B8F Message accepted for delivery", "4B8F"),
        ("Queued as <a@b>.", "a@b"), ("Ok", nil), ("queued as", nil), ("", nil),
        ("Ok: queued as ...", nil),
    ])
    func `the queue id in the relay's words`(text: String, id: String?) {
        #expect(QueueID.find(in: text) == id)
    }

    @Test(arguments: [
        (-1, "expired on 2026-11-02", true, false), (3_599, "ends in 59 min", false, true),
        (6 * 86_400 + 5, "ends in 6 days", false, true), (86_400, "ends in 1 day", false, true),
        (14 * 86_400, "ends in 14 days", false, false),
    ])
    func `the end of a certificate`(seconds: Int64, words: String, isOver: Bool, isSoon: Bool) {
        let now = WallTime(milliseconds: 1_793_610_000_000)  // 2026-11-02 09:00
        let end = CertificateEnd(at: now + .seconds(seconds), now: now)
        #expect(end.words == words && end.isOver == isOver && end.isSoon == isSoon)
    }
}
