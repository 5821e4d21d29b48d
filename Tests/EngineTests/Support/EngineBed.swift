import Delivery
import Engine
import Glibc
import Mail
import SMTP
import SQLite
import Store
import TestSupport
import Testing

@testable import outboxd_simulate

/// A migrated database, a scripted relay, and engines between them.
final class EngineBed {
    let directory: TemporaryDirectory
    let path: String
    let relay: ScriptedRelay
    let server: Connection
    let events = Monitor<[EngineEvent]>([])
    var settings: EngineSettings
    private var engines: [Engine] = []

    init(listening: Bool = true) throws {
        signal(SIGPIPE, SIG_IGN)
        directory = try TemporaryDirectory()
        path = directory.file("outbox.db")
        _ = try Database.migrate(path: path)
        server = try Connection(path: path, mode: .readWrite)
        relay = try ScriptedRelay(listening: listening)
        settings = EngineSettings(
            database: path,
            relay: ConnectionSettings(
                host: "127.0.0.1", port: Int(relay.port), tls: .none, ehloName: "test.example",
                connectTimeout: .seconds(5), commandTimeout: .seconds(10)),
            dialogueTimeouts: DialogueTimeouts(command: .seconds(10), final: .seconds(10)),
            connections: 4, from: try Mailbox(parsing: "Acme <support@acme.test>"),
            hold: HoldPolicy(hold: .zero), pollInterval: .milliseconds(200),
            retry: RetryPolicy(base: .milliseconds(40), cap: .milliseconds(80)))
    }

    deinit {
        for engine in engines { engine.stop(timeout: .zero) }
        for engine in engines { _ = eventually { engine.result != nil } }
    }

    @discardableResult
    func start(_ mode: RunMode = .daemon) throws -> Engine {
        let events = events
        let engine = try Engine(settings, mode: mode) { event in
            events.update { $0.append(event) }
        }
        engines.append(engine)
        try engine.start()
        return engine
    }

    /// Runs until the engine ends by itself.
    func drain(limit: Int? = nil, waits: Bool = false) throws -> EngineResult? {
        try end(of: start(RunMode(isDrain: true, limit: limit, waitsForDeferred: waits)))
    }

    func end(of engine: Engine) -> EngineResult? {
        _ = eventually { engine.result != nil }
        return engine.result
    }

    func stop(_ engine: Engine, timeout: Duration = .seconds(5)) -> EngineResult? {
        engine.stop(timeout: timeout)
        return end(of: engine)
    }

    // MARK: The API server

    @discardableResult
    func insert(
        _ message: String = "m1", conversation: String = "c", to: String = "ann@example.test",
        instant: Bool = true, body: String = "Hello", helpdesk: String = "h", age: Int64 = 1_000
    ) throws -> Int64 {
        try TestRow(
            to: to, conversation: conversation, body: body, helpdesk: helpdesk, message: message,
            instant: instant, createdAt: TestClock.wall.milliseconds - age
        ).insert(into: server)
    }

    /// Mails to so many people.
    func insertMany(_ count: Int) throws -> [Int64] {
        try server.transaction {
            try (1...count).map {
                try insert("m\($0)", conversation: "c\($0)", to: "p\($0)@example.test")
            }
        }
    }

    func state(_ id: Int64) throws -> String {
        try server.statement(
            "SELECT state || coalesce('/' || reason, '') FROM outbox_status WHERE id = ?"
        ).bind(id).first { $0.text(0) } ?? "none"
    }

    func value(_ column: String, _ id: Int64) throws -> Int64 {
        try server.statement("SELECT \(column) FROM outbox_status WHERE id = ?").bind(id)
            .first { $0.int(0) } ?? -1
    }

    func count(_ condition: String) throws -> Int64 {
        try server.statement("SELECT count(*) FROM outbox_status WHERE \(condition)")
            .first { $0.int(0) } ?? -1
    }

    func waitFor(_ state: String, _ id: Int64) throws -> Bool {
        try eventually { try self.state(id) == state }
    }

    func waitForEvent(_ holds: @escaping @Sendable (EngineEvent) -> Bool) -> Bool {
        events.wait(timeout: .seconds(10)) { $0.contains(where: holds) }
    }

    func read(_ conversation: String, _ reader: String = "ann@example.test") throws {
        try server.statement(
            """
            INSERT INTO read_markers (helpdesk_id, conversation_id, reader_email, last_read_at)
            VALUES ('h', ?, ?, ?)
            """
        ).bind(conversation).bind(reader).bind(TestClock.wall.milliseconds).run()
    }

    /// Everything that outboxd wants to write about mails fails from now on.
    func breakStore() throws { try server.execute(BrokenStore.sql) }

    func mendStore() throws { try server.execute(BrokenStore.mending) }
}
