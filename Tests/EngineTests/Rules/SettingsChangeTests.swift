import Delivery
import SMTP
import Testing

@testable import Engine
@testable import outboxd_simulate

/// Which settings make open connections useless, and which a process keeps.
struct SettingsChangeTests {
    private static let standing = EngineSettings(
        database: "a.db",
        relay: ConnectionSettings(
            host: "relay.test", port: 25, tls: .none, username: "u", password: Secret("p")),
        connections: 4, from: nil)

    private static func change(
        hasOtherFiles: Bool = false, _ edit: (inout EngineSettings) -> Void
    ) -> SettingsChange {
        var settings = standing
        edit(&settings)
        return SettingsChange(
            to: settings, from: standing, hasOtherFiles: hasOtherFiles, mostConnections: 16)
    }

    private static func change(
        to settings: EngineSettings, from standing: EngineSettings
    ) -> SettingsChange {
        SettingsChange(to: settings, from: standing, hasOtherFiles: false, mostConnections: 16)
    }

    @Test func `relay, login, TLS, certificates and greeting are another way`() {
        let edits: [(inout EngineSettings) -> Void] = [
            { $0.relay.host = "other.test" }, { $0.relay.port = 26 },
            { $0.relay.password = Secret("q") }, { $0.relay.username = "v" },
            { $0.relay.tls = .required }, { $0.relay.implicitTLS = true },
            { $0.relay.caFile = "/ca.pem" }, { $0.relay.ehloName = "other" },
        ]
        for edit in edits { #expect(Self.change(edit).isOtherWay) }
        #expect(Self.change(hasOtherFiles: true) { _ in }.isOtherWay)
    }

    @Test func `timeouts, rate, hold and connections are not`() {
        let change = Self.change {
            $0.relay.connectTimeout = .seconds(1)
            $0.relay.commandTimeout = .seconds(2)
            $0.rate = RateLimit(count: 1, per: .seconds(1))
            $0.hold = HoldPolicy(hold: .seconds(1))
            $0.connections = 9
        }
        #expect(!change.isOtherWay)
        #expect(change.settings.connections == 9)
        #expect(change.settings.relay.commandTimeout == .seconds(2))
    }

    @Test func `database and lease stay, and there is room for so many connections`() {
        let change = Self.change {
            $0.database = "b.db"
            $0.lease = .seconds(1)
            $0.connections = 100
        }
        #expect(change.settings.database == "a.db")
        #expect(change.settings.lease == Self.standing.lease)
        #expect(change.settings.connections == 16)
    }

    /// A relay may repeat what it was sent before the file was renewed.
    @Test func `passwords that were are remembered, the last six`() {
        var standing = Self.standing
        standing.relay.password = Secret("p0")
        for number in 1...9 {
            var next = standing
            next.relay.password = Secret("p\(number)")
            standing = Self.change(to: next, from: standing).settings
        }
        let former = standing.relay.formerPasswords.map(\.revealed)
        #expect(former == ["p3", "p4", "p5", "p6", "p7", "p8"])
        #expect(ConnectionRedaction(standing.relay).text("p9 p3 p2") == "*** *** p2")
        // The settings that are loaded again know nothing of them.
        var loaded = standing
        loaded.relay = Self.standing.relay
        loaded.relay.password = Secret("p9")
        let same = Self.change(to: loaded, from: standing)
        #expect(!same.isOtherWay && same.settings.relay == standing.relay)
    }

    @Test func `a change that nobody has taken yet is not lost`() {
        let first = Self.change { $0.relay.port = 26 }
        let second = Self.change { $0.connections = 5 }.after(first)
        #expect(second.isOtherWay && second.settings.connections == 5)
    }
}
