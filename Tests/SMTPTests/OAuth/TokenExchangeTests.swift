import Delivery
import Synchronization
import TestSupport
import Testing

@testable import SMTP

/// ``AccessTokens`` against an authorization server that misbehaves.
@Suite struct TokenExchangeTests {
    static func client(
        _ url: String,
        secret: @escaping @Sendable () throws(SecretSource.Failure) -> Secret = {
            () throws(SecretSource.Failure) in Secret("cl1ent-s3cret")
        }
    ) -> ClientCredentials {
        ClientCredentials(
            url: url, host: "127.0.0.1", isEncrypted: url.hasPrefix("https"), clientID: "app",
            secret: SecretSource(name: "/run/secret", read: secret), scope: "mail")
    }

    static func tokens(_ endpoint: TokenEndpoint) -> AccessTokens {
        AccessTokens(.client(client(endpoint.url)))
    }

    @Test func asksAsTheRFCSays() throws {
        let endpoint = try TokenEndpoint(.token("t0ken"))
        defer { endpoint.stop() }
        let tokens = Self.tokens(endpoint)
        #expect(try tokens.issue { false }.token == Secret("t0ken"))
        #expect(try tokens.issue { false }.isNew == false)
        let request = try #require(endpoint.requests.first)
        #expect(endpoint.requests.count == 1, "kept")
        #expect(request.hasPrefix("POST /token HTTP/1.1\r\n"))
        #expect(request.contains("Content-Type: application/x-www-form-urlencoded\r\n"))
        #expect(request.contains("Accept: application/json\r\n"))
        #expect(
            request.hasSuffix(
                "\r\n\r\ngrant_type=client_credentials&client_id=app&client_secret=cl1ent-s3cret&scope=mail"
            ))
        #expect((tokens.remaining ?? .zero) > .seconds(3_590))
    }

    struct Bad: Sendable, CustomTestStringConvertible {
        var answer: TokenEndpoint.Answer
        var kind: RelayTrouble.Kind
        var words: String
        var testDescription: String { words }
    }

    static let bad: [Bad] = [
        Bad(answer: .flood, kind: .outage, words: "larger than 65536 octets"),
        Bad(
            answer: .raw("HTTP/1.1 200 OK\r\n" + String(repeating: "X: y\r\n", count: 20_000)),
            kind: .outage, words: "larger than 65536 octets"),
        Bad(answer: .raw("no HTTP at all\r\n"), kind: .outage, words: "Unsupported protocol"),
        Bad(answer: .close, kind: .outage, words: "no token from 127.0.0.1: "),
        Bad(
            answer: .text(
                "", status: "302 Found", type: "text/html",
                more: "Location: http://127.0.0.1:1/\r\n"),
            kind: .credentials, words: "it redirects to http://127.0.0.1:1/ (302)"),
        Bad(
            answer: .json(
                #"{"error":"invalid_client","error_description":"bad cl1ent-s3cret"}"#,
                status: "401 No"),
            kind: .credentials, words: "invalid_client: bad *** (401)"),
        Bad(answer: .json("{", status: "500 Oh"), kind: .outage, words: "it answered 500"),
        Bad(answer: .token("a\\nb"), kind: .outage, words: "what no token may hold"),
        Bad(
            answer: .text("hello", type: "text/plain"), kind: .outage,
            words: "the answer is text/plain"),
    ]

    @Test(arguments: bad) func isToldAndBounded(_ example: Bad) throws {
        let endpoint = try TokenEndpoint(example.answer)
        defer { endpoint.stop() }
        let start = ContinuousClock.now
        let tokens = Self.tokens(endpoint)
        let trouble = #expect(throws: RelayTrouble.self) { try tokens.prepare() }
        #expect(.now - start < .seconds(10))
        #expect(trouble?.kind == example.kind && trouble?.error.stage == .auth)
        #expect(trouble?.error.text.contains(example.words) == true, "\(trouble?.error.text ?? "")")
        #expect(trouble?.error.text.contains("cl1ent") == false)
        #expect(endpoint.requests.count == 1, "not asked again, and nobody else is")
    }

    @Test func aSilentServerIsLeftAtOnceWhenAsked() throws {
        let endpoint = try TokenEndpoint(.silence)
        defer { endpoint.stop() }
        let looks = Mutex(0)
        let start = ContinuousClock.now
        let trouble = #expect(throws: RelayTrouble.self) {
            try Self.tokens(endpoint).prepare {
                looks.withLock {
                    $0 += 1
                    return $0 > 3
                }
            }
        }
        #expect(.now - start < .seconds(5))
        #expect(trouble?.error.text.contains("stopped while fetching it") == true)
    }

    @Test(arguments: [TokenEndpoint.Answer.silence, .drip])
    func isNotWaitedForForEver(answer: TokenEndpoint.Answer) throws {
        let endpoint = try TokenEndpoint(answer)
        defer { endpoint.stop() }
        let exchange = try TokenExchange(
            Self.client(endpoint.url), patience: .milliseconds(400))
        let start = ContinuousClock.now
        let refusal = #expect(throws: TokenRefusal.self) { try exchange.answer(to: "x") { false } }
        #expect(.now - start < .seconds(5))
        #expect(refusal?.kind == .outage && refusal?.text == "no answer within 400 ms")
    }

    @Test func aTokenOfOneSecondIsFetchedForEachConnection() throws {
        let endpoint = try TokenEndpoint { .token("t\($0)", lifetime: 0) }
        defer { endpoint.stop() }
        let tokens = Self.tokens(endpoint)
        for number in 1...3 {
            #expect(try tokens.issue { false }.token == Secret("t\(number)"))
        }
    }

    @Test func theSecretIsReadAtEachFetch() throws {
        let endpoint = try TokenEndpoint { .token("t\($0)", lifetime: 0) }
        defer { endpoint.stop() }
        let secrets = Mutex(["first", "second"])
        let tokens = AccessTokens(
            .client(
                Self.client(endpoint.url) { () throws(SecretSource.Failure) in
                    let next = secrets.withLock { $0.isEmpty ? nil : $0.removeFirst() }
                    guard let next else { throw SecretSource.Failure(text: "can't be read") }
                    return Secret(next)
                }))
        for _ in 1...2 { try tokens.prepare() }
        #expect(endpoint.requests[0].contains("client_secret=first&"))
        #expect(endpoint.requests[1].contains("client_secret=second&"))
        let trouble = #expect(throws: RelayTrouble.self) { try tokens.prepare() }
        #expect(trouble?.kind == .credentials)
        #expect(trouble?.error.text.contains("/run/secret can't be read") == true)
        #expect(endpoint.requests.count == 2)
    }

    @Test func manyThreadsFetchOnce() async throws {
        let (waiting, fetches) = (Counter(), Counter())
        let tokens = AccessTokens(.client(Self.client("http://127.0.0.1:1/"))) {
            (_, _, _) throws(TokenRefusal) in
            fetches.add()
            // Until the others wait, or fetch as well.
            _ = eventually { waiting.count >= 7 || fetches.count > 1 }
            return GrantedToken(token: Secret("t0ken"), lifetime: .seconds(60))
        }
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 {
                group.addTask { try await blocking { Self.isPrepared(tokens, waiting) } }
            }
            for try await isPrepared in group { #expect(isPrepared) }
        }
        #expect(fetches.count == 1 && waiting.count == 7)
    }

    private final class Counter: Sendable {
        private let number = Mutex(0)
        var count: Int { number.withLock { $0 } }
        func add() { number.withLock { $0 += 1 } }
    }

    private static func isPrepared(_ tokens: AccessTokens, _ waiting: Counter) -> Bool {
        var hasLooked = false
        let trouble = Result { () throws(RelayTrouble) in
            try tokens.prepare {
                // Asked by who waits for another's fetch.
                if !hasLooked { waiting.add() }
                hasLooked = true
                return false
            }
        }
        return (try? trouble.get()) != nil
    }

    @Test func theCertificateIsChecked() throws {
        let server = try TLSRelay("implicit")
        defer { server.stop() }
        let tokens = AccessTokens(.client(Self.client("https://localhost:\(server.port)/token")))
        let trouble = #expect(throws: RelayTrouble.self) { try tokens.prepare() }
        #expect(trouble?.kind == .credentials)
        #expect(trouble?.error.text.contains("its certificate can't be trusted") == true)
    }

    @Test func nobodyListens() throws {
        let endpoint = try TokenEndpoint(.close)
        endpoint.stop()
        let trouble = #expect(throws: RelayTrouble.self) { try Self.tokens(endpoint).prepare() }
        #expect(trouble?.kind == .outage)
        #expect(trouble?.error.text.contains("can't connect") == true)
    }

    @Test func inClearOnLoopbackOnly() {
        let collector = AnswerCollector(onlyLoopback: true)
        let tokens = AccessTokens(.client(Self.client("http://192.0.2.1/token")))
        let trouble = #expect(throws: RelayTrouble.self) { try tokens.prepare() }
        #expect(trouble?.kind == .credentials)
        #expect(trouble?.error.text.contains("leads away from loopback") == true)
        #expect(!collector.wasLed)
    }
}
