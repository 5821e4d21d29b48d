import Foundation
import Testing

@testable import SMTP

struct SecretMaskTests {
    private static let secret = "s3cr+t/of~ours==&ü"

    @Test(
        arguments: ["", "a", "me:", "n,a=me@x.test,\u{1}host=h\u{1}auth=Bearer "],
        ["", "\u{1}\u{1}", "x"])
    func `a secret within base64 is hidden, whatever stands beside it`(
        _ before: String, _ behind: String
    ) {
        let octets = Data((before + Self.secret + behind).utf8)
        let text = octets.base64EncodedString()
        let forURL = text.replacing("+", with: "-").replacing("/", with: "_").replacing(
            "=", with: "")
        let mask = SecretMask(Self.secret)
        #expect(mask.hide(in: "can not decode <\(text)>, sorry") == "can not decode <***>, sorry")
        #expect(mask.hide(in: forURL) == "***")
    }

    @Test func `a secret is hidden as it is, and percent-encoded`() {
        let mask = SecretMask(Self.secret)
        let percent = "s3cr%2Bt%2Fof~ours%3D%3D%26%C3%BC"
        #expect(mask.hide(in: "a \(Self.secret) b") == "a *** b")
        #expect(mask.hide(in: "client_secret=\(percent)&x") == "client_secret=***&x")
        #expect(mask.hide(in: "client_secret=\(percent.lowercased())&x") == "client_secret=***&x")
    }

    @Test func `a secret is hidden in hexadecimal, and where spaces stand in it`() {
        let mask = SecretMask("CorrectHorse9Battery")
        let hex = "436f7272656374486f7273653942617474657279"
        #expect(mask.hide(in: "got \(hex).") == "got ***.")
        #expect(mask.hide(in: "got \(hex.uppercased()).") == "got ***.")
        for text in [
            "no: Correc tHorse9Battery", "C o r r e c t H o r s e 9 B a t t e r y",
            "Q29ycmVjdEhv cnNlOUJhdHRlcnk=",
        ] {
            #expect(mask.hide(in: text) == "***", "\(text)")
        }
        // By chance, and it is not long.
        #expect(SecretMask("no way").hide(in: "no w ay") == "no w ay")
        #expect(SecretMask("nobody").hide(in: "no body here") == "no body here")
    }

    /// Half of `Zq7secretPw0rdX9`, and the ends of its base64.
    @Test(arguments: [
        ("no: Zq7secretPw0rd", "no: ***"), ("no: Zq7secre", "no: ***"),
        ("unreadable reply: tPw0rdX9", "unreadable reply: ***"),
        ("no: Zq7secre 5.7.8 tPw0rdX9", "***"), ("Zq7se 5.7.8 cretP 5.7.9 w0rdX9", "***"),
        ("got <WnE3c2VjcmV0U>", "got <***>"), ("got <5a71377365637265>", "got <***>"),
        ("(cretPw0r) and Zq7secre.", "(***) and ***."), ("no: ZZZq7secretPw0r/ü", "no: ***"),
        ("no: Zq7secr", "no: Zq7secr"), ("7.0 5.7.8 retry", "7.0 5.7.8 retry"),
    ])
    func `a part of a secret is hidden, as a cut or another line leaves it`(
        text: String, shown: String
    ) {
        #expect(SecretMask("Zq7secretPw0rdX9").hide(in: text) == shown)
    }

    /// Longer than what is kept of a reply.
    @Test func `of a long token nothing is left where a reply is cut`() {
        var generator = SystemRandomNumberGenerator()
        let signs = Array("abcDEF.019-_")
        let token = String((0..<1_200).compactMap { _ in signs.randomElement(using: &generator) })
        let mask = SecretMask(token)
        for said in [token, Data(token.utf8).base64EncodedString()] {
            let cut = ReplyText.clean("no token: \(said)".utf8)
            #expect(cut.count == ReplyText.limit)
            #expect(mask.hide(in: cut) == "no token: ***")
        }
    }

    @Test(arguments: [
        "2.0.0 Ok: queued as 4F1A2B3C4D", "5.7.8 Error: authentication failed: ünd +/=", "",
    ])
    func `what holds no secret stays as it is`(text: String) {
        for secret in [Self.secret, "a1b", "hunter2hunter2"] {
            #expect(SecretMask(secret).hide(in: text) == text)
        }
    }
}
