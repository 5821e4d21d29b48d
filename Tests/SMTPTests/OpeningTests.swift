import Delivery
import Glibc
import SMTP
import TestSupport
import Testing

/// How a connection is opened, or is not: addresses, deadlines, passwords.
@Suite struct OpeningTests {
    static func settings(_ port: Int, host: String = "127.0.0.1") -> ConnectionSettings {
        ConnectionSettings(
            host: host, port: port, tls: .none, ehloName: "client.test",
            connectTimeout: .seconds(5), commandTimeout: .seconds(5))
    }

    @Test func opensAndSaysWhatItFound() throws {
        let relay = try TinyRelay(
            TinyRelay.greeting("PIPELINING", "SIZE 1000", "8BITMIME", "SMTPUTF8"))
        let connection = try RelayConnection.open(Self.settings(relay.port))
        #expect(connection.extensions.pipelining && connection.extensions.smtpUTF8)
        #expect(connection.extensions.size == .octets(1_000))
        #expect(connection.peer == "127.0.0.1[127.0.0.1]:\(relay.port)")
        #expect(connection.tls == nil && connection.socket >= 0)
        #expect(relay.heard == ["EHLO client.test"])
        connection.close()
        connection.close()
        #expect(relay.wait())
    }

    @Test func opensOverIPv6() throws {
        for host in ["::1", "[::1]"] {
            let relay = try TinyRelay(TinyRelay.greeting(), family: .ipv6)
            let connection = try RelayConnection.open(Self.settings(relay.port, host: host))
            #expect(connection.peer == "::1[::1]:\(relay.port)")
        }
    }

    @Test func saysAnyEHLOName() throws {
        for name in ["[127.0.0.1]", "a%2Fb", "mx/../?q#f@x:y", "[IPv6:::1]"] {
            let relay = try TinyRelay(TinyRelay.greeting())
            var settings = Self.settings(relay.port)
            settings.ehloName = name
            _ = try RelayConnection.open(settings)
            #expect(relay.heard == ["EHLO \(name)"])
        }
    }

    /// Said before the handshake, and heard as if it had been said within (CVE-2011-0411).
    @Test func saysSoWhereClearTextStandsBehindSTARTTLS() throws {
        let relay = try TinyRelay(
            TinyRelay.greeting("STARTTLS") + [
                .hear, .say("220 go\r\n250-mx.test\r\n250 AUTH PLAIN\r\n"),
            ])
        var settings = Self.settings(relay.port)
        settings.tls = .required
        let trouble = #expect(throws: RelayTrouble.self) { try RelayConnection.open(settings) }
        #expect(trouble?.kind == .outage && trouble?.error.stage == .tls)
        #expect(
            trouble?.error.text
                == "127.0.0.1:\(relay.port) said more than its reply to STARTTLS in clear")
    }

    /// It is libcurl that gives up, with the code that it has for an end of the connection.
    @Test func saysSoWhereAReplyDoesNotEnd() throws {
        let relay = try TinyRelay(
            [.say("220 mx.test\r\n"), .hear]
                + (0..<200).map { _ in .say(String(repeating: "250-more\r\n", count: 1_000)) })
        let trouble = #expect(throws: RelayTrouble.self) {
            try RelayConnection.open(Self.settings(relay.port))
        }
        #expect(trouble?.kind == .outage && trouble?.error.stage == .ehlo)
        #expect(trouble?.error.text == "the reply of 127.0.0.1:\(relay.port) is too long")
    }

    @Test(arguments: [
        ("host.invalid", 25, "no address found for host.invalid"),
        ("127.0.0.1", 1, "can't connect to 127.0.0.1:1: Connection refused"),
        ("a b", 25, "the host is no domain name"), ("", 25, "the host is no domain name"),
        ("evil@127.0.0.1", 25, "the host is no domain name"),
        ("127.0.0.1/x", 25, "the host is no domain name"),
        ("1::2::3", 25, "the host is no IPv6 address"), ("localhost", 0, "0 is no port"),
        ("localhost", 65_536, "65536 is no port"), ("local\0host", 25, "a setting holds a NUL"),
    ])
    func failsToConnect(host: String, port: Int, words: String) {
        let trouble = #expect(throws: RelayTrouble.self) {
            try RelayConnection.open(Self.settings(port, host: host))
        }
        #expect(trouble?.error.stage == .connect)
        #expect(trouble?.error.text == words)
    }

    @Test(arguments: ["", "a b", "a\r\nQUIT", "ä.example"])
    func refusesAnEHLOName(name: String) {
        var settings = Self.settings(25)
        settings.ehloName = name
        let trouble = #expect(throws: RelayTrouble.self) { try RelayConnection.open(settings) }
        #expect(trouble?.error.text.hasPrefix("the EHLO name") == true)
    }

    // MARK: Deadlines

    struct Silence: Sendable, CustomTestStringConvertible {
        var stage: Stage
        var script: [TinyRelay.Step]
        var change: @Sendable (inout ConnectionSettings) -> Void = { _ in }
        var testDescription: String { stage.rawValue }
    }

    static let silences: [Silence] = [
        Silence(stage: .greeting, script: []),
        Silence(stage: .greeting, script: [.say("220-still\r\n"), .say("220")]),
        Silence(stage: .ehlo, script: [.say("220 mx\r\n")]),
        Silence(stage: .starttls, script: TinyRelay.greeting("STARTTLS")) { $0.tls = .required },
        Silence(
            stage: .tls, script: TinyRelay.greeting("STARTTLS") + [.hear, .say("220 go\r\n")]
        ) { $0.tls = .required },
        Silence(stage: .tls, script: []) {
            $0.tls = .required
            $0.implicitTLS = true
        },
        Silence(stage: .auth, script: TinyRelay.greeting("AUTH PLAIN")) {
            $0.username = "anna"
            $0.password = Secret("s3cret")
        },
    ]

    @Test(arguments: silences, [100, 300])
    func silenceIsBounded(_ silence: Silence, milliseconds: Int) throws {
        let relay = try TinyRelay(silence.script)
        var settings = Self.settings(relay.port)
        settings.commandTimeout = .milliseconds(milliseconds)
        silence.change(&settings)
        let start = ContinuousClock.now
        let trouble = #expect(throws: RelayTrouble.self) { try RelayConnection.open(settings) }
        let elapsed = ContinuousClock.now - start
        #expect(elapsed >= .milliseconds(milliseconds))
        #expect(elapsed < .milliseconds(milliseconds + 1_500))
        #expect(trouble?.kind == .outage && trouble?.error.stage == silence.stage)
        #expect(trouble?.error.code == nil)
        #expect(trouble?.error.text.contains("\(milliseconds) ms") == true)
        #expect(relay.wait(), "closed at once")
    }

    /// A listener whose queue is full answers no SYN.
    @Test func theTCPConnectionIsBounded() throws {
        let full = try FullListener()
        defer { full.close() }
        var settings = Self.settings(full.port)
        settings.connectTimeout = .milliseconds(300)
        settings.commandTimeout = .milliseconds(100)
        let start = ContinuousClock.now
        let trouble = #expect(throws: RelayTrouble.self) { try RelayConnection.open(settings) }
        let elapsed = ContinuousClock.now - start
        #expect(elapsed >= .milliseconds(300) && elapsed < .milliseconds(1_800))
        #expect(trouble?.error.stage == .connect)
        #expect(trouble?.error.text.hasSuffix("within 300 ms") == true)
    }

    /// The connect timeout ends with the TCP connection.
    @Test func aSlowGreetingIsNoConnectTimeout() throws {
        let relay = try TinyRelay([.say("220-wait\r\n")])
        var settings = Self.settings(relay.port)
        settings.connectTimeout = .milliseconds(100)
        settings.commandTimeout = .milliseconds(400)
        let start = ContinuousClock.now
        let trouble = #expect(throws: RelayTrouble.self) { try RelayConnection.open(settings) }
        #expect(ContinuousClock.now - start >= .milliseconds(400))
        #expect(trouble?.error.stage == .greeting)
    }

    @Test func stopsWhenAsked() throws {
        let relay = try TinyRelay([])
        let start = ContinuousClock.now
        let trouble = #expect(throws: RelayTrouble.self) {
            try RelayConnection.open(Self.settings(relay.port)) {
                ContinuousClock.now - start > .milliseconds(100)
            }
        }
        #expect(ContinuousClock.now - start < .milliseconds(1_500))
        #expect(trouble?.error.text == "stopped while connecting")
        #expect(relay.wait())
    }
}
