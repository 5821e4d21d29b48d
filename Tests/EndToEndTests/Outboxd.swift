import Delivery
import Foundation
import SQLite
import Synchronization
import TestSupport

/// The built binary with a database of its own and, unless told otherwise, a ``ScriptedRelay``.
///
/// Daemons that a test starts are killed by ``end()``.
final class Outboxd: Sendable {
    static let hold: Duration = .milliseconds(300)

    let directory: TemporaryDirectory
    let relay: ScriptedRelay
    let binary: String
    /// All of the environment of what is started.
    let environment: [String: String]
    private let started = Mutex<[ChildProcess]>([])

    /// - Parameter settings: beside, or instead of, the short times of tests.
    init(
        _ settings: [String: String] = [:], relay: ScriptedRelay? = nil, migrated: Bool = true,
        directory: TemporaryDirectory? = nil
    ) throws {
        let directory = try directory ?? TemporaryDirectory()
        let relay = try relay ?? ScriptedRelay()
        self.directory = directory
        self.relay = relay
        binary = try OutboxdBinary.path()
        let standard = [
            "OUTBOXD_DATABASE": directory.file("outbox.db"), "OUTBOXD_SMTP_URL": relay.url,
            "OUTBOXD_FROM": "Acme <support@acme.test>", "OUTBOXD_HOLD": "300ms",
            "OUTBOXD_RETRY_BASE": "200ms", "OUTBOXD_RETRY_CAP": "400ms",
        ]
        environment = standard.merging(settings) { $1 }
        if migrated { try command("migrate") }
    }

    var database: String { environment["OUTBOXD_DATABASE"] ?? "" }

    // MARK: Processes

    /// Runs a command to its end.
    @discardableResult
    func command(
        _ arguments: String..., settings: [String: String] = [:]
    ) throws -> ChildProcess.Result {
        try ChildProcess.run(
            binary, arguments, environment: environment.merging(settings) { $1 },
            directory: directory.path)
    }

    func run(_ arguments: [String]) throws -> ChildProcess.Result {
        try ChildProcess.run(
            binary, arguments, environment: environment, directory: directory.path)
    }

    /// Starts a command that goes on.
    func start(
        _ arguments: String..., settings: [String: String] = [:]
    ) throws -> ChildProcess {
        try start(arguments, settings: settings)
    }

    func start(
        _ arguments: [String], settings: [String: String] = [:]
    ) throws -> ChildProcess {
        let child = try ChildProcess(
            binary, arguments, environment: environment.merging(settings) { $1 },
            directory: directory.path)
        started.withLock { $0.append(child) }
        return child
    }

    /// Starts a daemon and returns once it works.
    @discardableResult
    func run(settings: [String: String] = [:]) throws -> ChildProcess {
        let daemon = try start("run", settings: settings)
        guard daemon.waitForOutput("outboxd runs") else {
            throw Unexpected("run does not start: \(daemon.errors)")
        }
        return daemon
    }

    /// Kills what still runs.
    func end() {
        started.withLock { started in
            for child in started { child.kill() }
            for child in started { _ = child.waitForExit() }
            started.removeAll()
        }
        relay.stop()
    }

    // MARK: The API server's part

    /// Inserts rows in one transaction and returns their ids.
    @discardableResult
    func insert(_ rows: Row...) throws -> [Int64] { try insert(rows) }

    @discardableResult
    func insert(_ rows: [Row]) throws -> [Int64] {
        let connection = try Connection(path: database, mode: .readWrite)
        return try connection.transaction { try rows.map { try $0.insert(into: connection) } }
    }

    /// The Ticket Center has shown the conversation up to this time.
    func markRead(
        _ conversation: String = "c1", by reader: String = "ann@example.test",
        upTo time: Int64 = TestClock.wall.milliseconds
    ) throws {
        try sql(
            """
            INSERT INTO read_markers VALUES ('h1', '\(conversation)', '\(reader)', \(time))
            ON CONFLICT DO UPDATE SET last_read_at = excluded.last_read_at
            """)
    }

    func sql(_ text: String) throws {
        try Connection(path: database, mode: .readWrite).execute(text)
    }

    /// The first column of a query, as text.
    func values(_ query: String) throws -> [String] {
        let connection = try Connection(path: database, mode: .readWrite)
        // A statement does not keep its connection.
        return try withExtendedLifetime(connection) {
            try connection.statement(query).all { $0.text(0) }
        }
    }

    // MARK: What became of it

    func status(_ id: Int64) throws -> Status {
        let connection = try Connection(path: database, mode: .readWrite)
        let found = try connection.statement(Status.select).bind(id).first(Status.init)
        guard let found else { throw Unexpected("there is no row \(id)") }
        return found
    }

    /// Waits until the row is in this state.
    /// - Returns: its last status, whatever it is.
    func status(
        _ id: Int64, after state: String, _ reason: String? = nil,
        timeout: Duration = .seconds(15)
    ) throws -> Status {
        var last = try status(id)
        _ = try eventually(timeout: timeout) {
            last = try status(id)
            return last.state == state && (reason == nil || last.reason == reason)
        }
        return last
    }

    /// The numbers of rows by state.
    func counts() throws -> [String: Int] {
        let connection = try Connection(path: database, mode: .readWrite)
        let pairs = try connection.statement(
            "SELECT state, count(*) FROM outbox_status GROUP BY state"
        ).all { ($0.text(0), Int($0.int(1))) }
        return Dictionary(uniqueKeysWithValues: pairs)
    }

    /// Waits until so many rows are in this state.
    func wait(for count: Int, _ state: String, timeout: Duration = .seconds(30)) throws -> Bool {
        try eventually(timeout: timeout) { try counts()[state] ?? 0 >= count }
    }
}
