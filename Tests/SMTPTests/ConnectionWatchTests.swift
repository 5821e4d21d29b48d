import Delivery
import TestSupport
import Testing

@testable import SMTP

/// What a person who watches gets to see, and what not.
struct ConnectionWatchTests {
    private static let settings = ConnectionSettings(
        host: "relay.test", port: 25, username: "me", password: Secret("s3cret"))
    /// Base64 of the password, and of what PLAIN carries.
    private static let encoded = ["czNjcmV0", "AG1lAHMzY3JldA=="]

    @Test(arguments: [
        ("EHLO me.test", false, "EHLO me.test"),
        ("AUTH PLAIN AG1lAHMzY3JldA==", true, "AUTH PLAIN ***"),
        ("AUTH LOGIN", true, "AUTH LOGIN"), ("auth xoauth2 abc def", true, "auth xoauth2 ***"),
        ("bWU=", true, "***"), ("czNjcmV0", true, "***"), ("*", true, "*"),
        ("AUTH PLAIN AG1l", false, "AUTH PLAIN ***"), ("VRFY s3cret", false, "VRFY ***"),
    ])
    func `of AUTH only the mechanism is shown`(line: String, isLoggingIn: Bool, shown: String) {
        let redaction = ConnectionRedaction(Self.settings)
        #expect(redaction.command(line, isLoggingIn: isLoggingIn) == shown)
    }

    @Test(arguments: [
        ("334 UGFzc3dvcmQ6", true, "334 ***"), ("334 ", true, "334 "), ("235 in", true, "235 in"),
        ("334 go", false, "334 go"),
        ("535 not with s3cret, AG1lAHMzY3JldA==", true, "535 not with ***, ***"),
    ])
    func `what a relay repeats is taken out, too`(
        line: String, isLoggingIn: Bool, shown: String
    ) {
        #expect(ConnectionRedaction(Self.settings).reply(line, isLoggingIn: isLoggingIn) == shown)
    }

    @Test(arguments: [
        ("Nov 28 09:47:00 2026 GMT", 1_795_859_220_000), ("Jan  1 00:00:00 1970 GMT", 0),
        ("2026-11-28 09:47:00 GMT", 1_795_859_220_000),
        ("Feb 29 23:59:59 2028 GMT", 1_835_481_599_000),
        ("tomorrow", nil), ("Nov 28 09:47:00 2026 CET", nil), ("Foo 28 09:47:00 2026 GMT", nil),
        ("Nov 99 09:47:00 2026 GMT", nil), ("2026-13-28 09:47:00 GMT", nil),
    ])
    func `a certificate's date`(text: String, milliseconds: Int64?) {
        #expect(RelayCertificate.date(text)?.milliseconds == milliseconds)
    }

    private func events(of settings: ConnectionSettings) throws -> [ConnectionEvent] {
        var events: [ConnectionEvent] = []
        try RelayConnection.open(settings, watch: { events.append($0) }).close()
        return events
    }

    @Test func `the whole way with STARTTLS and AUTH, without the password`() throws {
        let relay = try TLSRelay("starttls")
        defer { relay.stop() }
        let events = try events(
            of: ConnectionSettings(
                host: "localhost", port: relay.port, username: "me", password: Secret("s3cret"),
                caFile: relay.caFile))
        var shown: [String] = []
        var phases: [ConnectionPhase] = []
        for event in events {
            switch event {
            case .sent(let line): shown.append("> \(line)")
            case .received(let line): shown.append("< \(line)")
            case .connected(let address): #expect(["127.0.0.1", "::1"].contains(address))
            case .encrypted(let tls): #expect(tls.hasPrefix("TLSv1."))
            case .certificates(let chain):
                #expect(chain.first?.subject?.contains("localhost") == true)
                let end = try #require(chain.first?.notAfter)
                #expect(end > TestClock.wall + .seconds(86_400))
                #expect(end < TestClock.wall + .seconds(3 * 86_400))
            case .took(let phase, _): if phases.last != phase { phases.append(phase) }
            }
        }
        #expect(
            shown == [
                "< 220 tls.test ESMTP", "> EHLO localhost", "< 250-tls.test", "< 250-PIPELINING",
                "< 250 STARTTLS", "> STARTTLS", "< 220 go", "> EHLO localhost", "< 250-tls.test",
                "< 250-PIPELINING", "< 250 AUTH PLAIN", "> AUTH PLAIN ***", "< 235 in",
            ])
        #expect(
            phases == [
                .lookup, .connect, .greeting, .ehlo, .starttls, .tls, .ehlo, .auth,
            ])
        for secret in Self.encoded + ["s3cret"] {
            #expect(!"\(events)".contains(secret))
        }
    }
}
