import Delivery
import Mail
import SMTP
import SQLite
import Service
import Store
import TestSupport

@testable import Engine

/// Both loops of the engine in the thread of the test, in virtual time, between a real SQLite file and a
/// ``VirtualRelay``.
final class VirtualBed {
    let clock = VirtualClock(began: WallTime(milliseconds: 1_900_000_000_000))
    let server: Connection
    private(set) var relay: VirtualRelay!
    private let directory: TemporaryDirectory
    private let forStore = Flag()
    private let forSender = Flag()
    private let journal: InFlightJournal
    private let handOff: HandOff
    private let storing: StoringLoop
    private let sending: SendingLoop
    /// When each loop has its next turn unless it is signalled before.
    private var storingAt: SteadyTime
    private var sendingAt: SteadyTime
    private(set) var turns = 0

    init(
        seed: UInt64 = 1, hold: Duration = .seconds(60),
        retry: RetryPolicy = RetryPolicy(base: .seconds(30), cap: .seconds(3_600)),
        _ answer: @escaping @Sendable (_ command: String, _ now: WallTime) -> String?
    ) throws {
        directory = try TemporaryDirectory()
        let path = directory.file("outbox.db")
        _ = try Database.migrate(path: path)
        server = try Connection(path: path, mode: .readWrite)
        let settings = EngineSettings(
            database: path,
            relay: ConnectionSettings(
                host: "relay.test", port: 25, tls: .none, ehloName: "test.example"),
            connections: 2, from: try Mailbox(parsing: "Acme <support@acme.test>"),
            hold: HoldPolicy(hold: hold), pollInterval: .seconds(1), retry: retry)
        var surroundings = Surroundings()
        surroundings.clock = EngineClock(clock)
        surroundings.random = EngineRandom(VirtualRandom(seed: seed))
        surroundings.watchesCommits = false
        let relay = VirtualRelay(
            clock: surroundings.clock, wake: forSender, answer: answer)
        surroundings.dialer = { _, _ in relay }
        self.relay = relay
        handOff = HandOff(forStore: forStore, forSender: forSender)
        journal = try InFlightJournal.create(
            besideDatabase: path, connections: 2, bootID: "virtual")
        let connection = try Database.open(path: path)
        try connection.execute("PRAGMA synchronous = OFF")
        storing = try StoringLoop(
            settings, mode: .daemon, handOff: handOff, journal: journal,
            store: SQLiteStore(connection: connection, firstToken: 1), bootID: "virtual",
            heartbeat: Heartbeat(), surroundings: surroundings, observer: { _ in })
        sending = SendingLoop(
            settings, handOff: handOff, journal: journal,
            check: SQLitePreSendCheck(
                connection: try Database.open(path: path, readOnly: true)),
            heartbeat: Heartbeat(), surroundings: surroundings, observer: { _ in })
        storingAt = clock.steadyNow()
        sendingAt = clock.steadyNow()
        try storing.begin()
    }

    deinit { journal.remove() }

    /// Lets so much time go by, in jumps from one thing that happens to the next.
    func run(for time: Duration) throws {
        let end = clock.steadyNow() + time
        while true {
            try settle()
            let next = min(storingAt, sendingAt, end)
            clock.advance(by: max(.zero, next - clock.steadyNow()))
            if clock.steadyNow() >= end { return }
        }
    }

    /// Turns until both loops wait.
    private func settle() throws {
        while true {
            let now = clock.steadyNow()
            if forStore.isSet || storingAt <= now {
                turns += 1
                switch try storing.turn() {
                case .wait(let time), .leaveLock(let time): storingAt = now + time
                case .end: storingAt = now + .seconds(3_600)
                }
            } else if forSender.isSet || sendingAt <= now || isAnythingReady {
                turns += 1
                let wait = sending.turn { index in
                    self.isReady(self.sending.relay.connections[index])
                }
                sendingAt = now + (wait ?? .seconds(3_600))
            } else {
                return
            }
        }
    }

    private var isAnythingReady: Bool { sending.relay.connections.contains(where: isReady) }

    private func isReady(_ pooled: PooledConnection) -> Bool {
        guard !pooled.isClosed, let channel = pooled.connection as? VirtualChannel else {
            return false
        }
        return channel.isReady || pooled.wantsWrite
    }

    // MARK: The API server

    @discardableResult
    func insert(_ message: String, conversation: String = "c", instant: Bool = false) throws
        -> Int64
    {
        try TestRow(
            conversation: conversation, body: "text of \(message)", helpdesk: "h",
            message: message, instant: instant, createdAt: clock.wallNow().milliseconds
        ).insert(into: server)
    }

    func state(_ id: Int64) throws -> String {
        try server.statement("SELECT state FROM outbox_status WHERE id = ?").bind(id)
            .first { $0.text(0) } ?? "none"
    }

    func attempts(_ id: Int64) throws -> Int64 {
        try server.statement("SELECT attempts FROM outbox_status WHERE id = ?").bind(id)
            .first { $0.int(0) } ?? -1
    }
}
