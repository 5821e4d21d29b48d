import Delivery
import Foundation
import TestSupport

/// The `outboxd` under test: the binary beside this program.
enum Product {
    static func migrate(_ database: String) throws {
        let result = try ChildProcess.run(
            try path(), ["migrate"], environment: environment(database: database, relay: nil),
            timeout: .seconds(600))
        guard result.exit == .code(0) else { throw Problem("migrate: \(result.errors)") }
    }

    /// Starts a command; its log goes into a file, as a service manager would take it.
    static func start(
        _ command: String, on outbox: Outbox, relay: String, settings: [String: String] = [:]
    ) throws -> ChildProcess {
        var environment = environment(database: outbox.path, relay: relay)
        environment.merge(settings) { $1 }
        environment["BENCH_LOG"] = outbox.file("outboxd.log")
        // exec: the process id is outboxd's own.
        return try ChildProcess(
            "/bin/sh", ["-c", #"exec "$0" "$1" 2>"$BENCH_LOG""#, try path(), command],
            environment: environment)
    }

    /// Drains what is due, to the end.
    static func drain(
        _ outbox: Outbox, into relay: String, settings: [String: String] = [:]
    ) throws -> ProgramRun {
        try ProgramRun.measure(mayFindDeferred: true) {
            try start("drain", on: outbox, relay: relay, settings: settings)
        }
    }

    /// Runs a command that looks at the database.
    ///
    /// - Returns: how long it took, in milliseconds, with its start and end.
    static func time(_ command: [String], on outbox: Outbox) throws -> Double {
        let began = TestClock.steady
        let result = try ChildProcess.run(
            try path(), command,
            environment: environment(database: outbox.path, relay: "smtp://127.0.0.1:25"))
        let took = (TestClock.steady - began).inSeconds * 1e3
        // health: 1 tells that something is wrong.
        guard [.code(0), .code(1)].contains(result.exit) else {
            throw Problem("\(command.joined(separator: " ")): \(result.exit) \(result.errors)")
        }
        return took
    }

    static func path() throws -> String {
        do {
            return try OutboxdBinary.path()
        } catch {
            throw Problem("\(error): swift build -c release --product outboxd")
        }
    }

    static func environment(database: String, relay: String?) -> [String: String] {
        var variables = ChildProcess.inheritedEnvironment.filter { !$0.key.hasPrefix("OUTBOXD_") }
        variables["OUTBOXD_DATABASE"] = database
        variables["OUTBOXD_SMTP_URL"] = relay
        variables["OUTBOXD_FROM"] = "Acme Support <support@acme.test>"
        return variables
    }
}
