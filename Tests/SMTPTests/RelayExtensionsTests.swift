import SMTP
import Testing

@Suite struct RelayExtensionsTests {
    @Test func readsWhatIsOffered() {
        let extensions = RelayExtensions(ehloLines: [
            "mx.example.org PIPELINING", "PIPELINING", "SIZE 10240000", "STARTTLS",
            "AUTH PLAIN login", "AUTH PLAIN XOAUTH2", "ENHANCEDSTATUSCODES", "8bitmime", "SmtpUtf8",
            "X-SOMETHING else", "",
        ])
        #expect(extensions.pipelining && extensions.startTLS && extensions.enhancedStatusCodes)
        #expect(extensions.eightBitMIME && extensions.smtpUTF8)
        #expect(extensions.size == .octets(10_240_000))
        #expect(extensions.authMechanisms == ["PLAIN", "LOGIN", "XOAUTH2"])
    }

    @Test(arguments: [
        ("SIZE", RelayExtensions.SizeLimit.unlimited), ("SIZE 0", .unlimited),
        ("SIZE -1", .unlimited), ("SIZE x", .unlimited), ("size 1", .octets(1)),
        ("SIZE 99999999999999999999", .unlimited), ("SIZES 5", .notOffered), ("", .notOffered),
    ])
    func readsSize(line: String, limit: RelayExtensions.SizeLimit) {
        #expect(RelayExtensions(ehloLines: ["mx", line]).size == limit)
    }

    @Test func theFirstLineIsAName() {
        #expect(RelayExtensions(ehloLines: ["PIPELINING"]) == RelayExtensions())
        #expect(RelayExtensions(ehloLines: []) == RelayExtensions())
    }
}
