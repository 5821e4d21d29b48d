import Foundation
import TestSupport
import Testing

/// "Where credentials are set the first connection goes alone until AUTH is answered".
struct LoginTests {
    private static func outboxd(_ relay: ScriptedRelay, password: String) throws -> Outboxd {
        try Outboxd(
            [
                "OUTBOXD_SMTP_URL": "smtp://alice@127.0.0.1:\(relay.port)",
                "OUTBOXD_SMTP_PASSWORD": password, "OUTBOXD_SMTP_CONNECTIONS": "20",
            ], relay: relay)
    }

    private static func relay() throws -> ScriptedRelay {
        var configuration = RelayConfiguration()
        configuration.credentials = .init(user: "alice", password: "right")
        return try ScriptedRelay(configuration)
    }

    private static func many() -> [Row] {
        (0..<100).map { Row(conversation: "c\($0)", instant: true) }
    }

    @Test func `a wrong password and twenty connections make one failed login`() throws {
        let relay = try Self.relay()
        let outboxd = try Self.outboxd(relay, password: "wrong")
        defer { outboxd.end() }
        let daemon = try outboxd.run()
        try outboxd.insert(Self.many())
        #expect(daemon.waitForOutput("the relay is in trouble"))
        // The next probe comes after 30 s.
        usleep(2_000_000)
        #expect(relay.commands.count { $0.verb == .auth } == 1)
        #expect(relay.record.connections.count == 1)
    }

    @Test func `the first connection is alone until AUTH is answered`() throws {
        let relay = try Self.relay()
        let gate = Gate()
        relay.add(.first(1, .auth, .hold(gate)))
        // Slow enough to need more than one.
        relay.add(.on(.dot, .delay(.milliseconds(50))))
        let outboxd = try Self.outboxd(relay, password: "right")
        defer { outboxd.end() }
        try outboxd.run()
        try outboxd.insert(Self.many())
        #expect(gate.waitForArrivals(1))
        usleep(300_000)
        #expect(relay.record.connections.count == 1)
        gate.open()
        #expect(relay.waitForMails(100, timeout: .seconds(30)))
        #expect(relay.record.connections.count > 4)
    }

    /// The relay takes the first login and refuses the others, which come side by side: one trouble.
    @Test func `logins that fail beside a good one are one trouble`() throws {
        let relay = try Self.relay()
        relay.add { event in
            event.verb == .auth && event.connection > 1
                ? .delay(.milliseconds(100), then: .reply(535, "5.7.8 No")) : nil
        }
        relay.add(.on(.dot, .delay(.milliseconds(50))))
        let outboxd = try Self.outboxd(relay, password: "right")
        defer { outboxd.end() }
        let daemon = try outboxd.run()
        try outboxd.insert(Self.many())
        #expect(daemon.waitForOutput("the relay is in trouble"))
        let logins = relay.commands.count { $0.verb == .auth }
        usleep(2_000_000)
        #expect(relay.commands.count { $0.verb == .auth } == logins)
        #expect(daemon.errors.components(separatedBy: "the relay is in trouble").count == 2)
        // Whoever had logged in before finishes its mail, and takes no other.
        #expect(relay.waitUntilAllClosed())
    }
}
