import Delivery
import TestSupport
import Testing

@testable import SMTP

/// Logging in with a token: what goes out, and what a refusal becomes.
@Suite struct TokenLoginTests {
    private static let expired = Base64.encode(
        #"{"status":"401","schemes":"bearer","scope":"https://mail.google.com/"}"#)

    private func settings(_ relay: TinyRelay, _ tokens: AccessTokens) -> ConnectionSettings {
        ConnectionSettings(
            host: "127.0.0.1", port: relay.port, tls: .none, username: "anna@acme.test",
            tokens: tokens, connectTimeout: .seconds(5), commandTimeout: .seconds(5))
    }

    private func fromFile(_ token: String = "t0ken") -> AccessTokens {
        AccessTokens(
            .file(
                SecretSource(name: "/run/token") { () throws(SecretSource.Failure) in Secret(token)
                }))
    }

    private static let accepted: [TinyRelay.Step] = [.hear, .say("235 2.7.0 in\r\n")]

    @Test(arguments: ["AUTH LOGIN XOAUTH2", "AUTH NTLM PLAIN XOAUTH2"])
    func xoauth2(offer: String) throws {
        let relay = try TinyRelay(TinyRelay.greeting(offer) + Self.accepted)
        let connection = try RelayConnection.open(settings(relay, fromFile()))
        connection.close()
        #expect(relay.wait())
        let words = try #require(relay.heard.last).split(separator: " ")
        #expect(words.prefix(2) == ["AUTH", "XOAUTH2"])
        #expect(
            Base64.decode(String(words[2]))
                == "user=anna@acme.test\u{1}auth=Bearer t0ken\u{1}\u{1}")
    }

    @Test func oauthbearer() throws {
        let relay = try TinyRelay(
            TinyRelay.greeting("AUTH PLAIN XOAUTH2 OAUTHBEARER") + Self.accepted)
        let connection = try RelayConnection.open(settings(relay, fromFile()))
        connection.close()
        #expect(relay.wait())
        let words = try #require(relay.heard.last).split(separator: " ")
        #expect(words.prefix(2) == ["AUTH", "OAUTHBEARER"])
        #expect(
            Base64.decode(String(words[2]))
                == "n,a=anna@acme.test,\u{1}host=127.0.0.1\u{1}port=\(relay.port)"
                + "\u{1}auth=Bearer t0ken\u{1}\u{1}")
    }

    @Test func aLongTokenGoesInTwoSteps() throws {
        let token = String(repeating: "x", count: 2_500)
        let relay = try TinyRelay(
            TinyRelay.greeting("AUTH XOAUTH2") + [.hear, .say("334 \r\n")] + Self.accepted)
        let connection = try RelayConnection.open(settings(relay, fromFile(token)))
        connection.close()
        #expect(relay.wait())
        #expect(relay.heard.suffix(2).first == "AUTH XOAUTH2")
        #expect(Base64.decode(relay.heard.last ?? "").contains("auth=Bearer \(token)\u{1}"))
    }

    @Test(arguments: ["AUTH PLAIN LOGIN", "AUTH GSSAPI", "AUTH SCRAM-SHA-256"])
    func withoutAMechanismForTokensNothingGoesOut(offer: String) throws {
        let relay = try TinyRelay(TinyRelay.greeting(offer) + Self.accepted)
        let trouble = #expect(throws: RelayTrouble.self) {
            try RelayConnection.open(settings(relay, fromFile()))
        }
        #expect(trouble?.kind == .credentials && trouble?.error.stage == .auth)
        #expect(trouble?.error.text.contains("the relay takes no token: it offers") == true)
        #expect(relay.wait() && !relay.heard.contains { $0.hasPrefix("AUTH") })
    }

    struct Refused: Sendable, CustomTestStringConvertible {
        var name: String
        var offer: String
        var steps: [TinyRelay.Step]
        var kind = RelayTrouble.Kind.credentials
        var code: Int
        var words: String
        var testDescription: String { name }
    }

    static let refused: [Refused] = [
        Refused(
            name: "XOAUTH2, expired", offer: "AUTH XOAUTH2",
            steps: [.hear, .say("334 \(expired)\r\n"), .hear, .say("535 5.7.8 no\r\n")], code: 334,
            words: "the relay says that the token is expired or wrong: status 401, schemes bearer, "
                + "scope https://mail.google.com/"),
        Refused(
            name: "XOAUTH2, without a reason", offer: "AUTH XOAUTH2",
            steps: [.hear, .say("334 \r\n")], code: 334,
            words: "the relay says that the token is expired or wrong"),
        Refused(
            name: "OAUTHBEARER, expired", offer: "AUTH OAUTHBEARER",
            steps: [.hear, .say("334 \(expired)\r\n"), .hear, .say("535 5.7.8 no\r\n")], code: 535,
            words: "no (status 401, schemes bearer"),
        Refused(
            name: "535", offer: "AUTH XOAUTH2",
            steps: [.hear, .say("535 5.7.3 Authentication unsuccessful\r\n")], code: 535,
            words: "Authentication unsuccessful"),
        Refused(
            name: "454", offer: "AUTH XOAUTH2", steps: [.hear, .say("454 4.7.0 later\r\n")],
            kind: .outage, code: 454, words: "later"),
        Refused(
            name: "it says the token", offer: "AUTH XOAUTH2",
            steps: [.hear, .say("535 5.7.8 t0ken is wrong\r\n")], code: 535, words: "*** is wrong"),
    ]

    @Test(arguments: refused) func isRefused(_ example: Refused) throws {
        let relay = try TinyRelay(TinyRelay.greeting(example.offer) + example.steps)
        let trouble = #expect(throws: RelayTrouble.self) {
            try RelayConnection.open(settings(relay, fromFile()))
        }
        #expect(trouble?.kind == example.kind && trouble?.error.stage == .auth)
        #expect(trouble?.error.code == example.code)
        #expect(trouble?.error.text.contains(example.words) == true, "\(trouble?.error.text ?? "")")
        #expect(trouble?.error.text.contains("t0ken") == false)
        #expect(relay.wait())
    }

    // MARK: Fetched anew, once

    @Test func aTokenThatWasGoodIsFetchedAnewOnce() throws {
        let endpoint = try TokenEndpoint { .token("t\($0)") }
        defer { endpoint.stop() }
        let greeting = TinyRelay.greeting("AUTH XOAUTH2")
        let no: [TinyRelay.Step] = greeting + [.hear, .say("334 \(Self.expired)\r\n")]
        let relay = try TinyRelay(greeting + Self.accepted, no, greeting + Self.accepted, no, no)
        let settings = settings(relay, TokenExchangeTests.tokens(endpoint))
        try RelayConnection.open(settings).close()
        #expect(endpoint.requests.count == 1)
        // The relay knows it no more.
        try RelayConnection.open(settings).close()
        #expect(endpoint.requests.count == 2)
        // And then the fresh one is refused as well.
        #expect(throws: RelayTrouble.self) { try RelayConnection.open(settings) }
        #expect(endpoint.requests.count == 3)
        #expect(relay.wait())
        let logins = relay.heard.filter { $0.hasPrefix("AUTH") }
            .compactMap { $0.split(separator: " ").last.map { Base64.decode(String($0)) } }
        #expect(logins.count == 5)
        for (login, token) in zip(logins, ["t1", "t1", "t2", "t2", "t3"]) {
            #expect(login.contains("Bearer \(token)\u{1}"))
        }
    }

    @Test func aFreshTokenIsNotFetchedAgain() throws {
        let endpoint = try TokenEndpoint { .token("t\($0)") }
        defer { endpoint.stop() }
        let no = TinyRelay.greeting("AUTH XOAUTH2") + [.hear, .say("535 5.7.8 no\r\n")]
        let relay = try TinyRelay(no, no)
        let settings = settings(relay, TokenExchangeTests.tokens(endpoint))
        for count in 1...2 {
            #expect(throws: RelayTrouble.self) { try RelayConnection.open(settings) }
            #expect(
                endpoint.requests.count == count, "one for each connection, which pauses keep apart"
            )
        }
        #expect(relay.wait())
    }

    @Test func noTokenNoConnection() throws {
        let endpoint = try TokenEndpoint(.json(#"{"error":"invalid_scope"}"#, status: "400 Bad"))
        defer { endpoint.stop() }
        let relay = try TinyRelay()
        let trouble = #expect(throws: RelayTrouble.self) {
            try RelayConnection.open(settings(relay, TokenExchangeTests.tokens(endpoint)))
        }
        #expect(trouble?.error.text == "no token from 127.0.0.1: invalid_scope (400)")
        #expect(relay.heard.isEmpty)
    }

    @Test func aTokenInClearStaysOnLoopback() {
        let settings = ConnectionSettings(
            host: "relay.example", port: 587, tls: .opportunistic, username: "anna",
            tokens: fromFile())
        let trouble = #expect(throws: RelayTrouble.self) { try RelayConnection.open(settings) }
        #expect(trouble?.error.text.contains("the token is not sent: TLS is unverified") == true)
    }

    @Test func nothingOfItIsShown() throws {
        let relay = try TinyRelay(TinyRelay.greeting("AUTH XOAUTH2") + Self.accepted)
        let settings = settings(relay, fromFile())
        var shown = ""
        let connection = try RelayConnection.open(settings, watch: { shown += "\($0)\n" })
        connection.close()
        dump(settings, to: &shown)
        #expect(shown.contains("AUTH XOAUTH2 ***") && !shown.contains("t0ken"))
        #expect(
            !shown.contains(Base64.encode("user=anna@acme.test\u{1}auth=Bearer t0ken\u{1}\u{1}")))
    }
}
