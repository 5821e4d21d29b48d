import Delivery
import SMTP
import TestSupport
import Testing

@Suite
struct TLSTests {
    private func settings(
        _ relay: TLSRelay, implicit: Bool = false, tls: TLSMode = .required
    ) -> ConnectionSettings {
        ConnectionSettings(
            host: "localhost", port: relay.port, implicitTLS: implicit, tls: tls,
            caFile: relay.caFile, connectTimeout: .seconds(5), commandTimeout: .seconds(5))
    }

    @Test(arguments: ["starttls", "implicit"])
    func verifiesAndSends(mode: String) throws {
        let relay = try TLSRelay(mode)
        defer { relay.stop() }
        var settings = settings(relay, implicit: mode == "implicit")
        settings.username = "anna"
        settings.password = Secret("s3cret")
        let connection = try RelayConnection.open(settings)
        #expect(connection.tls?.hasPrefix("TLSv1.3 / TLS_") == true, "\(connection.tls ?? "nil")")
        #expect(connection.peer == "localhost[127.0.0.1]:\(relay.port)")
        // What EHLO said within TLS.
        #expect(
            connection.extensions.authMechanisms == ["PLAIN"] && !connection.extensions.startTLS)
        var driver = Driver(connection)
        let large = String(repeating: ".0123456789\r\n", count: 100_000)
        for message in ["Subject: x\r\n\r\nhello\r\n", large, "Subject: y\r\n"] {
            var dialogue = Dialogue.make(message: message, offers: connection.extensions)
            let end = driver.run(&dialogue)
            #expect(
                end.cause == .reply(SMTPReply(code: 250, text: "queued over TLSv1.3")), "\(end)")
        }
        let start = ContinuousClock.now
        connection.close()
        #expect(ContinuousClock.now - start < .milliseconds(50))
    }

    @Test func mailsFollowOneAnother() throws {
        let relay = try TLSRelay("implicit")
        defer { relay.stop() }
        let connection = try RelayConnection.open(settings(relay, implicit: true))
        var driver = Driver(connection)
        // Of the longest that still fit into one record with the next mail's commands.
        let message = "Subject: x\r\n\r\n" + String(repeating: "0123456789abcd\r\n", count: 1_015)
        var dialogue = Dialogue.make(message: message, offers: connection.extensions)
        for _ in 0..<50 {
            var next = Dialogue.make(message: message, offers: connection.extensions, reused: true)
            let end = driver.run(&dialogue, follower: next)
            #expect(
                end.cause == .reply(SMTPReply(code: 250, text: "queued over TLSv1.3")), "\(end)")
            next.takeOver(from: &dialogue)
            dialogue = next
        }
        #expect(
            driver.run(&dialogue).cause == .reply(SMTPReply(code: 250, text: "queued over TLSv1.3"))
        )
        connection.close()
    }

    @Test(arguments: ["starttls", "implicit"])
    func doesNotTrustAnyCertificate(mode: String) throws {
        let relay = try TLSRelay(mode)
        let other = try TLSRelay(mode, name: "other.test")
        defer {
            relay.stop()
            other.stop()
        }
        var unknown = settings(relay, implicit: mode == "implicit")
        unknown.caFile = nil
        let wrongName = settings(other, implicit: mode == "implicit")
        for settings in [unknown, wrongName] {
            let start = ContinuousClock.now
            let trouble = #expect(throws: RelayTrouble.self) { try RelayConnection.open(settings) }
            #expect(trouble?.kind == .credentials && trouble?.error.stage == .tls)
            #expect(trouble?.error.text.contains("certificate") == true)
            #expect(ContinuousClock.now - start < .seconds(2))
        }
    }

    @Test func aMissingCAFileIsCredentials() throws {
        let relay = try TLSRelay("starttls")
        defer { relay.stop() }
        var settings = settings(relay)
        settings.caFile = "/nonexistent/ca.pem"
        let trouble = #expect(throws: RelayTrouble.self) { try RelayConnection.open(settings) }
        #expect(trouble?.kind == .credentials && trouble?.error.stage == .tls)
    }

    @Test(arguments: [
        ("starttls", TLSMode.opportunistic, "queued over TLSv1.3"),
        ("starttls", .none, "queued over nothing"),
        ("broken", .opportunistic, "queued over nothing"),
    ])
    func opportunism(mode: String, tls: TLSMode, words: String) throws {
        let relay = try TLSRelay(mode, name: "other.test")
        defer { relay.stop() }
        var settings = settings(relay, tls: tls)
        settings.caFile = nil
        let connection = try RelayConnection.open(settings)
        #expect((connection.tls != nil) == words.hasSuffix("1.3"))
        var driver = Driver(connection)
        var dialogue = Dialogue.make(offers: connection.extensions)
        #expect(driver.run(&dialogue).cause == .reply(SMTPReply(code: 250, text: words)))
    }

    @Test(arguments: [TLSMode.required, .opportunistic])
    func tlsToAPlainPort(tls: TLSMode) throws {
        let relay = try TinyRelay([.say("220 plain\r\n")])
        var settings = OpeningTests.settings(relay.port)
        settings.implicitTLS = true
        settings.tls = tls
        let trouble = #expect(throws: RelayTrouble.self) { try RelayConnection.open(settings) }
        #expect(trouble?.kind == .outage && trouble?.error.stage == .tls)
    }

    @Test func brokenTLSIsAnOutageWhereRequired() throws {
        let relay = try TLSRelay("broken")
        defer { relay.stop() }
        let trouble = #expect(throws: RelayTrouble.self) {
            try RelayConnection.open(settings(relay))
        }
        #expect(trouble?.kind == .outage && trouble?.error.stage == .tls)
    }
}
