import Delivery
import Glibc
import TestSupport
import Testing

@testable import SMTP

/// A password goes over verified TLS or to loopback, and it never prints.
@Suite struct PasswordTests {
    static func settings(_ host: String, _ port: Int) -> ConnectionSettings {
        ConnectionSettings(
            host: host, port: port, tls: .none, username: "anna", password: Secret("s3cret"),
            connectTimeout: .seconds(5), commandTimeout: .seconds(5))
    }

    @Test func doesNotPrint() {
        let settings = Self.settings("localhost", 25)
        var dumped = ""
        dump(settings, to: &dumped)
        for text in ["\(settings)", String(reflecting: settings), dumped, "\(Secret("s3cret"))"] {
            #expect(!text.contains("s3cret"))
            #expect(text.contains("<redacted>"))
        }
    }

    @Test(
        arguments: ["127.0.0.1", "localhost", "::1"],
        [TLSMode.none, .opportunistic])
    func goesToLoopbackInClear(host: String, tls: TLSMode) throws {
        let relay = try TinyRelay(
            TinyRelay.greeting("AUTH GSSAPI PLAIN") + [.hear, .say("235 2.7.0 in\r\n")],
            family: host == "::1" ? .ipv6 : .ipv4)
        var settings = Self.settings(host, relay.port)
        settings.tls = tls
        settings.username = "anna@example.org"
        let connection = try RelayConnection.open(settings)
        #expect(relay.heard.last == "AUTH PLAIN AGFubmFAZXhhbXBsZS5vcmcAczNjcmV0")
        #expect(connection.extensions.authMechanisms == ["GSSAPI", "PLAIN"])
    }

    @Test(arguments: [
        "example.org", "192.0.2.1", "2001:db8::1", "localhost.example.org", "128.0.0.1",
    ])
    func goesNowhereElseInClear(host: String) {
        for tls in [TLSMode.none, .opportunistic] {
            for implicit in [false, true] {
                var settings = Self.settings(host, 25)
                settings.tls = tls
                settings.implicitTLS = implicit
                let start = ContinuousClock.now
                let trouble = #expect(throws: RelayTrouble.self) {
                    try RelayConnection.open(settings)
                }
                #expect(trouble?.kind == .credentials && trouble?.error.stage == .auth)
                #expect(trouble?.error.text.contains("not on loopback") == true)
                #expect(ContinuousClock.now - start < .seconds(1), "before any look-up")
            }
        }
    }

    /// `localhost` may resolve to anything.
    @Test(arguments: [
        ("127.0.0.1", true), ("127.255.0.9", true), ("128.0.0.1", false), ("0.0.0.0", false),
        ("::1", true), ("::", false), ("::2", false), ("1::1", false), ("::ffff:127.0.0.1", false),
    ])
    func looksAtTheAddressItself(address: String, isLoopback: Bool) throws {
        var four = sockaddr_in()
        four.sin_family = sa_family_t(AF_INET)
        var six = sockaddr_in6()
        six.sin6_family = sa_family_t(AF_INET6)
        let isSix = address.contains(":")
        try #require(
            isSix
                ? inet_pton(AF_INET6, address, &six.sin6_addr) == 1
                : inet_pton(AF_INET, address, &four.sin_addr) == 1)
        var settings = Self.settings("localhost", 25)
        for tls in [TLSMode.none, .opportunistic, .required] {
            settings.tls = tls
            let observer = HandshakeObserver(settings)
            let isAllowed =
                isSix
                ? observer.mayConnect(to: &six, family: AF_INET6)
                : observer.mayConnect(to: &four, family: AF_INET)
            #expect(isAllowed == (isLoopback || tls == .required))
            #expect((observer.trouble == nil) == isAllowed)
        }
        settings.tls = .none
        settings.username = nil
        settings.password = nil
        #expect(HandshakeObserver(settings).mayConnect(to: &four, family: AF_INET))
    }

    @Test func requiresTLSWhereItIsRequired() throws {
        let relay = try TinyRelay(TinyRelay.greeting("AUTH PLAIN"))
        var settings = Self.settings("127.0.0.1", relay.port)
        settings.tls = .required
        let trouble = #expect(throws: RelayTrouble.self) { try RelayConnection.open(settings) }
        #expect(trouble?.error.stage == .starttls && trouble?.kind == .credentials)
        #expect(relay.wait() && !relay.heard.contains { $0.hasPrefix("AUTH") })
    }

    @Test func oneWithoutTheOtherIsRefused() {
        var settings = Self.settings("localhost", 25)
        settings.username = nil
        let trouble = #expect(throws: RelayTrouble.self) { try RelayConnection.open(settings) }
        #expect(trouble?.error.stage == .auth && trouble?.kind == .credentials)
    }

    @Test(arguments: [
        ("AUTH CRAM-MD5 PLAIN", "AUTH CRAM-MD5"), ("AUTH LOGIN", "AUTH LOGIN YW5uYQ=="),
        ("AUTH NTLM DIGEST-MD5 LOGIN PLAIN", "AUTH PLAIN AGFubmEAczNjcmV0"),
    ])
    func usesWhatIsOffered(offer: String, command: String) throws {
        let relay = try TinyRelay(TinyRelay.greeting(offer) + [.hear, .say("535 no\r\n")])
        let trouble = #expect(throws: RelayTrouble.self) {
            try RelayConnection.open(Self.settings("127.0.0.1", relay.port))
        }
        #expect(trouble?.error.code == 535)
        #expect(relay.wait() && relay.heard.last == command)
    }
}
