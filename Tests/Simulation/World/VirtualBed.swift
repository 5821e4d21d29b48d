import Delivery
import Mail
import SMTP
import SQLite
import Service
import Store
import TestSupport

@testable import Engine

/// Processes of outboxd in the thread of the test, in virtual time, between a real SQLite file and a
/// ``VirtualRelay``.
final class VirtualBed {
    let clock = VirtualClock(began: WallTime(milliseconds: 1_900_000_000_000))
    let server: Connection
    let relay: VirtualRelay
    /// What the processes told.
    let events = Monitor<[EngineEvent]>([])
    private let directory: TemporaryDirectory
    private let journals = VirtualJournals()
    private let epochNote = VirtualEpochNote()
    private let settings: EngineSettings
    private let seed: UInt64
    private var processes: [VirtualProcess] = []
    /// Of all processes that were started.
    private(set) var lifelines: [Lifeline] = []
    private(set) var turns = 0

    /// - Parameter diesAt: The number of the point at which its process dies; nil: it lives.
    init(
        seed: UInt64 = 1, hold: Duration = .seconds(60),
        retry: RetryPolicy = RetryPolicy(base: .seconds(30), cap: .seconds(3_600)),
        expiry: Expiry? = nil, retention: Duration? = nil, diesAt point: Int? = nil,
        isPipelined: Bool = false,
        _ answer: @escaping @Sendable (_ command: String, _ now: WallTime) -> String?
    ) throws {
        directory = try TemporaryDirectory()
        let path = directory.file("outbox.db")
        _ = try Database.migrate(path: path)
        server = try Connection(path: path, mode: .readWrite)
        var settings = EngineSettings(
            database: path,
            relay: ConnectionSettings(
                host: "relay.test", port: 25, tls: .none, ehloName: "test.example"),
            connections: 2, from: try Mailbox(parsing: "Acme <support@acme.test>"),
            hold: HoldPolicy(hold: hold), pollInterval: .seconds(1), retry: retry)
        if let expiry { settings.expiry = expiry }
        settings.retention = retention.map(Retention.init(length:))
        self.settings = settings
        self.seed = seed
        relay = VirtualRelay(
            clock: EngineClock(clock), isPipelined: isPipelined, replies: answer)
        try start(diesAt: point)
    }

    /// Starts a process beside those there are.
    @discardableResult
    func start(diesAt point: Int? = nil) throws -> Lifeline {
        let number = UInt64(lifelines.count)
        let lifeline = Lifeline(lifelines.count, diesAt: point)
        lifelines.append(lifeline)
        do {
            let process = try VirtualProcess(
                settings, lifeline: lifeline, journals: journals, epochNote: epochNote,
                relay: relay,
                clock: EngineClock(clock),
                random: EngineRandom(VirtualRandom(seed: seed &+ number)),
                firstToken: Int64(1 + number * 1_000_000)
            ) { [events] event in events.update { $0.append(event) } }
            processes.append(process)
        } catch is Lifeline.Died {
            // While it started.
        }
        return lifeline
    }

    struct Spinning: Error {}

    /// Lets so much time go by, in jumps from one thing that happens to the next.
    func run(for time: Duration) throws {
        let end = clock.steadyNow() + time
        while true {
            var turnsNow = 0
            while try turn() {
                turns += 1
                turnsNow += 1
                // Time stands still: a loop that always has something to do would turn for ever.
                guard turnsNow < 20_000 else { throw Spinning() }
            }
            let next = processes.filter { !$0.lifeline.isCut }.map(\.nextAt).min() ?? end
            clock.advance(by: max(.zero, min(next, end) - clock.steadyNow()))
            if clock.steadyNow() >= end { return }
        }
    }

    /// - Returns: false if all processes wait.
    private func turn() throws -> Bool {
        for process in processes {
            do {
                if try process.turn() { return true }
            } catch is Lifeline.Died {
                return true
            }
        }
        return false
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

    func isUncertain(_ id: Int64) throws -> Bool {
        try server.statement("SELECT uncertain FROM outbox_status WHERE id = ?").bind(id)
            .first { $0.bool(0) } ?? false
    }

    func attempts(_ id: Int64) throws -> Int64 {
        try server.statement("SELECT attempts FROM outbox_status WHERE id = ?").bind(id)
            .first { $0.int(0) } ?? -1
    }
}
