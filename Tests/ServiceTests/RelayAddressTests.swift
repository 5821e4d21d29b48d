import Hosts
import Testing

@testable import Service

@Suite struct RelayAddressTests {
    @Test(arguments: [
        ("smtp://relay.example", RelayAddress(host: "relay.example", port: 25)),
        ("SMTP://Relay.Example:2525", RelayAddress(host: "Relay.Example", port: 2_525)),
        ("smtps://r.example", RelayAddress(usesImplicitTLS: true, host: "r.example", port: 465)),
        ("smtps://r:587", RelayAddress(usesImplicitTLS: true, host: "r", port: 587)),
        ("smtp://[::1]", RelayAddress(host: "::1", port: 25)),
        ("smtp://u@[2001:db8::1]:26", RelayAddress(user: "u", host: "2001:db8::1", port: 26)),
        ("smtp://192.0.2.1", RelayAddress(host: "192.0.2.1", port: 25)),
        ("smtp://me%40a.b@r", RelayAddress(user: "me@a.b", host: "r", port: 25)),
        ("smtp://a%3Ab@r", RelayAddress(user: "a:b", host: "r", port: 25)),
        ("smtp://my_relay", RelayAddress(host: "my_relay", port: 25)),
        ("smtp://bücher.example", RelayAddress(host: "bücher.example", port: 25)),
        ("smtp://9relay.example", RelayAddress(host: "9relay.example", port: 25)),
    ]) func `a URL gives its parts`(text: String, address: RelayAddress) throws {
        #expect(try RelayAddress.parse(text) == address)
    }

    @Test(arguments: [
        ("localhost", true), ("LOCALHOST", true), ("127.0.0.1", true), ("127.255.1.2", true),
        ("::1", true), ("0:0:0:0:0:0:0:1", true), ("localhost.example", false),
        ("127.0.0.1.example", false), ("128.0.0.1", false), ("::2", false), ("::", false),
        ("::ffff:127.0.0.1", false), ("10.127.0.1", false), ("", false), ("ip6-localhost", false),
    ]) func `loopback is what is so certainly`(host: String, isLoopback: Bool) {
        #expect(Loopback.isHost(host) == isLoopback)
    }

    @Test func `the description is for people`() {
        #expect(RelayAddress(user: "u", host: "::1", port: 25).description == "[::1]:25")
        #expect(RelayAddress(user: "u", host: "r", port: 26).description == "r:26")
    }

    /// However a URL with a password is mistyped, the password is not shown.
    @Test(arguments: [
        "smtp://alice:hunter2@relay.example", "smtp://alice:hunter2", "alice:hunter2@relay.example",
        "smtp://alice:hun/ter2@relay.example:25", "smtp://alice:hunter2@", "smtp://:hunter2@relay",
        "smtp:/alice:hunter2@relay", "smtps:alice:hunter2@relay", "http://alice:hunter2@relay",
        "smtp://alice:hunter2@relay\n", "smtp://alice%3Ahunter2@relay@x",
        "smtp://r?password=hunter2",
        "smtp://r#hunter2", "smtp://[alice]:hunter2@relay", "smtp://alice@relay:hunter2",
        "smtp://alice:hunter2@[::1", "smtp://x://alice:hunter2@r", "smtp://alice:12hunter2@relay",
        "alice:hunter2", "smtp://alice:[hunter2@r", "smtp://al[ice:hunter2@r",
    ]) func `a password in the URL is refused and never shown`(url: String) {
        let faults = Loading.faults(["OUTBOXD_SMTP_URL": url])
        #expect(faults.count == 1)
        #expect(faults.first?.hasPrefix("OUTBOXD_SMTP_URL (environment): ") == true)
        #expect(faults.first?.contains("hun") == false)
        #expect(faults.first?.contains("ter2") == false)
    }

    @Test func `the message says where a password goes`() {
        let line = Loading.faults(["OUTBOXD_SMTP_URL": "smtp://a:b@relay.example"]).first ?? ""
        #expect(line.contains("must not hold a password"))
        #expect(line.contains("OUTBOXD_SMTP_PASSWORD_FILE"))
    }
}
