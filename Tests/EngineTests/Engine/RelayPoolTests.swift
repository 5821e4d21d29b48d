import Delivery
import Mail
import SMTP
import Service
import TestSupport
import Testing

@testable import Engine
@testable import outboxd_simulate

/// The connections to one relay: how many are opened, which one is used, and when they go.
struct RelayPoolTests {
    private static let start = ClockReading(
        wall: TestClock.wall, steady: SteadyTime(nanoseconds: 1_000_000_000_000))
    private static func after(_ time: Duration) -> ClockReading {
        ClockReading(wall: start.wall + time, steady: start.steady + time)
    }

    private static let outage = RelayTrouble(
        kind: .outage, error: DeliveryError(stage: .connect, text: "refused"))

    private let dialer = ScriptedDialer()

    private func pool(connections: Int = 4, password: String? = nil) throws -> RelayPool {
        var relay = ConnectionSettings(
            host: "relay.test", port: 25, tls: .none, ehloName: "test.example")
        if let password {
            relay.username = "u"
            relay.password = Secret(password)
        }
        let settings = EngineSettings(
            database: "unused.db", relay: relay, connections: connections,
            from: try Mailbox(parsing: "Acme <support@acme.test>"))
        return RelayPool(settings, dialer: dialer, at: Self.start.steady)
    }

    private func opened(_ pool: RelayPool, _ count: Int) {
        pool.open(for: count, at: Self.start)
        dialer.succeed()
        _ = pool.admitOpened(isStopping: false, at: Self.start)
    }

    @Test func `as many connections are opened as there are mails, and no more than allowed`()
        throws
    {
        let pool = try pool()
        pool.open(for: 2, at: Self.start)
        #expect(dialer.underWay == 2)
        pool.open(for: 9, at: Self.start)
        #expect(dialer.underWay == 4)
    }

    @Test func `with credentials the first goes alone`() throws {
        let pool = try pool(password: "secret")
        pool.open(for: 9, at: Self.start)
        #expect(dialer.underWay == 1)
        dialer.succeed()
        _ = pool.admitOpened(isStopping: false, at: Self.start)
        pool.open(for: 9, at: Self.start)
        #expect(pool.openCount + dialer.underWay == 4)
    }

    @Test func `one connection too many is a limit, not an outage`() throws {
        let pool = try pool()
        opened(pool, 2)
        pool.connections[0].isUsed = true
        let epoch = pool.health.epoch
        _ = pool.health.judge(
            .accepted(SMTPReply(code: 250)), of: SendingBed.mail(1).mail, began: epoch,
            isFirst: true, at: Self.start)
        pool.open(for: 3, at: Self.start)
        dialer.fail(Self.outage)
        let told = pool.admitOpened(isStopping: false, at: Self.start)
        guard case .limited(to: 2, _)? = told.first else {
            Issue.record("\(told)")
            return
        }
        #expect(pool.health.isUp)
        pool.open(for: 9, at: Self.start)
        #expect(dialer.underWay == 0)
        pool.open(for: 9, at: Self.after(.seconds(61)))
        #expect(dialer.underWay == 1)
    }

    @Test func `connections that fail together are one trouble`() throws {
        let pool = try pool()
        pool.open(for: 3, at: Self.start)
        dialer.fail(Self.outage)
        #expect(pool.admitOpened(isStopping: false, at: Self.start).count == 1)
        #expect(pool.health.isDown)
        pool.open(for: 3, at: Self.start)
        #expect(dialer.underWay == 0)
    }

    @Test func `without a thread to connect on nothing is tried for a second`() throws {
        let pool = try pool()
        dialer.hasThreads = false
        pool.open(for: 3, at: Self.start)
        #expect(pool.health.trouble?.error.text.hasPrefix("no thread to connect on") == true)
        #expect(pool.connectAt == Self.after(.seconds(1)).steady)
    }

    @Test func `the one used last is next, and one that is ten minutes old takes leave`() throws {
        let pool = try pool()
        opened(pool, 2)
        let last = pool.connections[1]
        #expect(pool.takeIdleConnection(at: Self.start.steady) === last)
        last.isRetired = true
        #expect(pool.takeIdleConnection(at: Self.start.steady) === pool.connections[0])
        #expect(last.isQuitting)
        #expect(pool.takeIdleConnection(at: Self.after(.seconds(601)).steady) == nil)
    }

    @Test func `refused credentials retire what logged in before`() throws {
        let pool = try pool()
        opened(pool, 2)
        let trouble = RelayTrouble(
            kind: .credentials, error: DeliveryError(stage: .auth, code: 535, text: "no"))
        pool.followCredentials()
        #expect(pool.connections.allSatisfy { !$0.isRetired } && dialer.abandonedBefore == nil)
        _ = pool.health.connectionFailed(trouble, in: pool.health.epoch, at: Self.start)
        pool.followCredentials()
        #expect(pool.connections.allSatisfy { $0.isRetired })
        #expect(dialer.abandonedBefore == pool.health.epoch)
    }

    // MARK: Other settings

    private func settings(
        _ host: String = "relay.test", connections: Int = 4, rate: RateLimit? = nil
    ) throws -> EngineSettings {
        var settings = EngineSettings(
            database: "unused.db",
            relay: ConnectionSettings(
                host: host, port: 25, tls: .none, ehloName: "test.example"),
            connections: connections, from: nil)
        settings.rate = rate
        return settings
    }

    @Test func `another way to the relay gives up what is idle or on its way, and tries at once`()
        throws
    {
        let pool = try pool()
        opened(pool, 2)
        pool.open(for: 4, at: Self.start)
        #expect(dialer.underWay == 2)
        _ = pool.health.connectionFailed(Self.outage, in: pool.health.epoch, at: Self.start)
        #expect(pool.health.allowance(at: Self.start.steady) == 0)
        pool.adopt(try settings("other.test"), isOtherWay: true, at: Self.start)
        #expect(dialer.used.last?.host == "other.test")
        #expect(dialer.abandonedBefore == pool.health.epoch)
        #expect(pool.connections.allSatisfy { $0.isQuitting })
        #expect(pool.health.allowance(at: Self.start.steady) == 1)
        // Those that were on their way and came all the same are of no use, and those that failed say nothing.
        dialer.succeed()
        _ = pool.admitOpened(isStopping: false, at: Self.start)
        #expect(pool.connections.count == 4 && pool.connections.allSatisfy { $0.isQuitting })
        opened(pool, 1)
        #expect(pool.connections.count { $0.isIdle } == 1)
    }

    @Test func `other timeouts, rates and limits leave connections alone`() throws {
        let pool = try pool()
        opened(pool, 2)
        let epoch = pool.health.epoch
        let rate = try #require(RateLimit(count: 1, per: .seconds(60)))
        pool.adopt(try settings(connections: 8, rate: rate), isOtherWay: false, at: Self.start)
        #expect(pool.connections.allSatisfy { $0.isIdle } && pool.health.epoch == epoch)
        #expect(pool.health.allowance(at: Self.start.steady) == 8)
        _ = pool.beginMail(at: Self.start.steady)
        #expect(!pool.mayBeginMail(at: Self.start.steady))
        pool.adopt(try settings(), isOtherWay: false, at: Self.start)
        #expect(pool.mayBeginMail(at: Self.start.steady))
    }

    @Test func `an idle connection makes room for a fresh one`() throws {
        let pool = try pool(connections: 2)
        opened(pool, 2)
        for pooled in pool.connections { pooled.isUsed = true }
        #expect(pool.freshConnection == nil)
        pool.openFresh(for: 1, at: Self.start)
        #expect(pool.openCount == 1)
    }
}

/// Opens connections when a test says so.
private final class ScriptedDialer: RelayDialer, @unchecked Sendable {
    private var asked: [RelayBreaker.Epoch] = []
    private var opened: [OpenedConnection] = []
    private(set) var abandonedBefore: RelayBreaker.Epoch?
    private(set) var used: [ConnectionSettings] = []
    var hasThreads = true
    let isQuiet = true

    var underWay: Int { asked.count + opened.count }

    func succeed() {
        opened += asked.map {
            OpenedConnection(result: .success(DeafChannel()), epoch: $0, took: .zero)
        }
        asked = []
    }

    func fail(_ trouble: RelayTrouble) {
        opened += asked.map { OpenedConnection(result: .failure(trouble), epoch: $0, took: .zero) }
        asked = []
    }

    func open(epoch: RelayBreaker.Epoch) throws(SystemError) {
        guard hasThreads else { throw SystemError(call: "pthread_create", code: 11) }
        asked.append(epoch)
    }

    func takeOpened() -> [OpenedConnection] {
        defer { opened = [] }
        return opened
    }

    func takeSilences() -> [RelaySilence] { [] }
    func use(_ settings: ConnectionSettings) { used.append(settings) }
    func abandon(before epoch: RelayBreaker.Epoch) { abandonedBefore = epoch }
    func stop() {}
}

private final class DeafChannel: RelayChannel {
    let extensions = RelayExtensions(ehloLines: ["relay.test"])
    let peer = "relay.test[192.0.2.1]:25"
    let tls: String? = nil
    let descriptor: Int32? = nil
    func send(_ bytes: ArraySlice<UInt8>) -> Int { bytes.count }
    func receive(into buffer: inout [UInt8]) -> Int? { nil }
    func sayQuit() -> Bool { true }
    func close() {}
    func hidingSecrets(in end: DialogueEnd) -> DialogueEnd { end }
}
