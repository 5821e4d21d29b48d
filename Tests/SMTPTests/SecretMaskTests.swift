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

    @Test(arguments: [
        "2.0.0 Ok: queued as 4F1A2B3C4D", "5.7.8 Error: authentication failed: ünd +/=", "",
    ])
    func `what holds no secret stays as it is`(text: String) {
        for secret in [Self.secret, "a1b", "hunter2hunter2"] {
            #expect(SecretMask(secret).hide(in: text) == text)
        }
    }
}
