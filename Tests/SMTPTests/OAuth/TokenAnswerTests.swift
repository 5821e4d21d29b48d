import Delivery
import Testing

@testable import SMTP

/// The table of ``TokenAnswer``: what an authorization server may say.
@Suite struct TokenAnswerTests {
    private static func answer(
        _ body: String, _ status: Int = 200, type: String? = "application/json;charset=utf-8"
    ) -> TokenAnswer {
        TokenAnswer(status: status, contentType: type, body: Array(body.utf8))
    }

    @Test(
        arguments: [
            (#"{"access_token":"a.b-c","token_type":"Bearer","expires_in":3599}"#, 3_599),
            (#"{"access_token":"a.b-c","token_type":"bearer","expires_in":"3599"}"#, 3_599),
            (#"{"access_token":"a.b-c","token_type":"Bearer"}"#, 300),
            (#"{"access_token":"a.b-c","expires_in":null}"#, 300),
            (#"{"access_token":"a.b-c","expires_in":-5}"#, 0),
            (#"{"access_token":"a.b-c","expires_in":1e300}"#, 86_400),
            (#"{"access_token":"a.b-c","expires_in":0,"scope":"x"}"#, 0),
        ] as [(String, Int)])
    func grants(body: String, seconds: Int) throws {
        let granted = try Self.answer(body).token()
        #expect(granted == GrantedToken(token: Secret("a.b-c"), lifetime: .seconds(seconds)))
    }

    struct Refused: Sendable, CustomTestStringConvertible {
        var answer: TokenAnswer
        var kind: RelayTrouble.Kind
        var words: String
        var testDescription: String { words }
    }

    static let refused: [Refused] = [
        Refused(
            answer: answer(
                #"{"error":"invalid_client","error_description":"AADSTS7000215: Invalid\r\nsecret"}"#,
                401),
            kind: .credentials,
            words: "invalid_client: AADSTS7000215: Invalid\u{FFFD}\u{FFFD}secret (401)"),
        Refused(
            answer: answer(#"{"error":"invalid_scope"}"#, 400), kind: .credentials,
            words: "invalid_scope (400)"),
        Refused(
            answer: answer("<html>", 401, type: "text/html"), kind: .credentials,
            words: "it answered 401"),
        Refused(answer: answer("", 404, type: nil), kind: .credentials, words: "it answered 404"),
        Refused(answer: answer("", 500), kind: .outage, words: "it answered 500"),
        Refused(answer: answer("", 503), kind: .outage, words: "it answered 503"),
        Refused(
            answer: answer(#"{"error":"slow_down"}"#, 429), kind: .outage, words: "slow_down (429)"),
        Refused(
            answer: TokenAnswer(
                status: 302, location: "https://evil.example/x?token=1", body: []),
            kind: .credentials, words: "it redirects to https://evil.example/x (302)"),
        Refused(
            answer: answer(#"{"access_token":"a"}"#, type: "text/html"), kind: .outage,
            words: "the answer is text/html, not application/json"),
        Refused(
            answer: answer(#"{"access_token":"a"}"#, type: nil), kind: .outage, words: "of no type"),
        Refused(answer: answer("garbage"), kind: .outage, words: "can't be read as JSON"),
        Refused(answer: answer(""), kind: .outage, words: "can't be read as JSON"),
        Refused(answer: answer("[]"), kind: .outage, words: "can't be read as JSON"),
        Refused(
            answer: answer(String(repeating: "[", count: 60_000)), kind: .outage,
            words: "can't be read as JSON"),
        Refused(
            answer: answer(#"{"access_token":"a\r\nMAIL FROM:<x>"}"#), kind: .outage,
            words: "what no token may hold"),
        Refused(answer: answer(#"{"access_token":""}"#), kind: .outage, words: "is empty"),
        Refused(
            answer: answer(#"{"access_token":"\#(String(repeating: "x", count: 16_385))"}"#),
            kind: .outage, words: "too long"),
        Refused(
            answer: answer(#"{"access_token":"a","token_type":"mac"}"#), kind: .credentials,
            words: "of type mac"),
        Refused(
            answer: answer(#"{"error":"access_denied"}"#), kind: .credentials,
            words: "access_denied (200)"),
    ]

    @Test(arguments: refused) func refuses(_ example: Refused) {
        let refusal = #expect(throws: TokenRefusal.self) { try example.answer.token() }
        #expect(refusal?.kind == example.kind)
        #expect(refusal?.text.contains(example.words) == true, "\(refusal?.text ?? "")")
        #expect(refusal?.text.contains("token=1") == false)
    }

    @Test func aLongDescriptionIsCut() {
        let body = #"{"error":"x","error_description":"\#(String(repeating: "y", count: 9_000))"}"#
        let refusal = #expect(throws: TokenRefusal.self) { try Self.answer(body, 400).token() }
        #expect((refusal?.text.utf8.count ?? 0) < 400)
    }

    @Test func theFormIsEncoded() {
        let client = ClientCredentials(
            url: "https://a.test/", host: "a.test", isEncrypted: true, clientID: "a&b=c",
            secret: SecretSource(name: "x") { () throws(SecretSource.Failure) in Secret("p+ %ü") },
            scope: "https://x/.default y")
        #expect(
            client.form(Secret("p+ %ü"))
                == "grant_type=client_credentials&client_id=a%26b%3Dc&client_secret=p%2B%20%25%C3%BC"
                + "&scope=https%3A%2F%2Fx%2F.default%20y")
    }

    @Test(arguments: [
        (
            #"{"status":"401","schemes":"bearer mac","scope":"https://mail.google.com/"}"#,
            "status 401, schemes bearer mac, scope https://mail.google.com/"
        ),
        (#"{"status":400}"#, "status 400"), (#"{"status":"a\nb"}"#, "status a\u{FFFD}b"),
        ("{}", ""), ("no", ""), (#"{"status":[]}"#, ""),
    ])
    func challenges(json: String, details: String) {
        #expect(TokenChallenge(Base64.encode(json)).details == details)
        #expect(TokenChallenge("*").details.isEmpty)
    }
}
