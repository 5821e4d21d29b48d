import Delivery
import TestSupport
import Testing

@testable import SMTP

/// The table of ``Handshake``, line by line, against a relay that plays it.
@Suite struct HandshakeTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var script: [TinyRelay.Step]
        var tls = TLSMode.none
        var user: String?
        var kind: RelayTrouble.Kind
        var stage: Stage
        var code: Int?
        var words: String
        var testDescription: String { name }
    }

    static let auth = TinyRelay.greeting("AUTH PLAIN LOGIN")
    static let cases: [Case] = [
        Case(
            name: "greeting 421", script: [.say("421 4.3.2 busy\r\n")], kind: .outage,
            stage: .greeting, code: 421, words: "4.3.2 busy"),
        Case(
            name: "greeting 554", script: [.say("554-no\r\n554 service\r\n")], kind: .outage,
            stage: .greeting, code: 554, words: "no service"),
        Case(
            name: "greeting 354", script: [.say("354 go\r\n")], kind: .outage, stage: .greeting,
            code: 354, words: "go"),
        Case(
            name: "closed without a word", script: [.close], kind: .outage, stage: .greeting,
            words: "closed the connection"),
        Case(
            name: "not SMTP", script: [.say("SSH-2.0-OpenSSH_9.2\r\n")], kind: .outage,
            stage: .greeting, words: "SSH-2.0-OpenSSH_9.2"),
        Case(
            name: "endless greeting", script: Array(repeating: .say("220-x\r\n"), count: 120),
            kind: .outage, stage: .greeting, words: "more than 100 lines"),
        Case(
            name: "EHLO 502", script: [.say("220 mx\r\n"), .hear, .say("502 5.5.1 what\r\n")],
            kind: .outage, stage: .ehlo, code: 502, words: "5.5.1 what"),
        Case(
            name: "closed at EHLO", script: [.say("220 mx\r\n"), .hear, .close], kind: .outage,
            stage: .ehlo, words: "closed the connection"),
        Case(
            name: "STARTTLS not offered", script: TinyRelay.greeting("SIZE"), tls: .required,
            kind: .credentials, stage: .starttls, words: "does not offer STARTTLS"),
        Case(
            name: "STARTTLS 502",
            script: TinyRelay.greeting("STARTTLS") + [.hear, .say("502 no\r\n")], tls: .required,
            kind: .credentials, stage: .starttls, code: 502, words: "no"),
        Case(
            name: "STARTTLS 454",
            script: TinyRelay.greeting("STARTTLS") + [.hear, .say("454 later\r\n")],
            tls: .required, kind: .outage, stage: .starttls, code: 454, words: "later"),
        Case(
            name: "STARTTLS 421, opportunistic",
            script: TinyRelay.greeting("STARTTLS") + [.hear, .say("421 bye\r\n")],
            tls: .opportunistic, kind: .outage, stage: .starttls, code: 421, words: "bye"),
        Case(
            name: "STARTTLS, then garbage",
            script: TinyRelay.greeting("STARTTLS") + [.hear, .say("220 go\r\n"), .hear, .close],
            tls: .required, kind: .outage, stage: .tls, words: "TLS with"),
        Case(
            name: "words in clear behind STARTTLS",
            script: TinyRelay.greeting("STARTTLS") + [
                .hear, .say("220 go\r\n250 injected\r\n"),
            ],
            tls: .required, kind: .outage, stage: .tls, words: "127.0.0.1"),
        Case(
            name: "AUTH not offered", script: TinyRelay.greeting("PIPELINING"), user: "anna",
            kind: .credentials, stage: .auth, words: "does not offer AUTH"),
        Case(
            name: "no mechanism that we know", script: TinyRelay.greeting("AUTH GSSAPI X-ODD"),
            user: "anna@example.org", kind: .credentials, stage: .auth, words: "offers GSSAPI X-ODD"
        ),
        Case(
            name: "AUTH 535", script: auth + [.hear, .say("535 5.7.8 wrong\r\n")], user: "anna",
            kind: .credentials, stage: .auth, code: 535, words: "5.7.8 wrong"),
        Case(
            name: "AUTH 534", script: auth + [.hear, .say("534 5.7.9 weak\r\n")], user: "anna",
            kind: .credentials, stage: .auth, code: 534, words: "5.7.9 weak"),
        Case(
            name: "AUTH 454", script: auth + [.hear, .say("454 4.7.0 later\r\n")], user: "anna",
            kind: .outage, stage: .auth, code: 454, words: "4.7.0 later"),
        Case(
            name: "AUTH 421", script: auth + [.hear, .say("421 bye\r\n"), .close], user: "anna",
            kind: .outage, stage: .auth, code: 421, words: "bye"),
        Case(
            name: "AUTH closed", script: auth + [.hear, .close], user: "anna", kind: .outage,
            stage: .auth, words: "closed the connection"),
        Case(
            name: "AUTH 250 instead of 235", script: auth + [.hear, .say("250 ok\r\n")],
            user: "anna", kind: .outage, stage: .auth, code: 250, words: "ok"),
    ]

    @Test(arguments: cases)
    func endsAtOnce(_ example: Case) throws {
        let relay = try TinyRelay(example.script)
        var settings = ConnectionSettings(
            host: "127.0.0.1", port: relay.port, tls: example.tls, ehloName: "client.test",
            connectTimeout: .seconds(5), commandTimeout: .seconds(5))
        if let user = example.user {
            settings.username = user
            settings.password = Secret("s3cret")
        }
        let start = ContinuousClock.now
        let trouble = #expect(throws: RelayTrouble.self) { try RelayConnection.open(settings) }
        #expect(.now - start < .seconds(2))
        #expect(trouble?.kind == example.kind)
        #expect(trouble?.error.stage == example.stage)
        #expect(trouble?.error.code == example.code)
        #expect(trouble?.error.text.contains(example.words) == true, "\(trouble?.error.text ?? "")")
        #expect(relay.wait())
        #expect(!relay.heard.contains { ["MAIL", "HELO", "QUIT"].contains(String($0.prefix(4))) })
        let secrets = ["s3cret", "AGFubmEAczNjcmV0"]
        #expect(!secrets.contains { trouble?.error.text.contains($0) == true })
        if example.stage != .auth { #expect(!relay.heard.contains { $0.hasPrefix("AUTH") }) }
    }
}
