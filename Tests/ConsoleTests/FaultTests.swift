import Delivery
import Foundation
import Glibc
import SQLite
import Store
import TestSupport
import Testing

/// What goes wrong outside of the program: one line, the right exit code, nothing else.
struct FaultTests {
    /// Commands that need the database, with what they need besides.
    private static let commands: [[String]] = [
        ["status"], ["status", "--json"], ["list"], ["list", "--json"], ["show", "1"],
        ["resolve", "1", "--sent"], ["pause"], ["resume"], ["drain"],
        [
            "enqueue", "--helpdesk", "h", "--conversation", "c", "--message", "m", "--to",
            "a@example.test", "--body", "b",
        ],
    ]

    private func run(_ arguments: [String], on path: String) throws -> ChildProcess.Result {
        try OutboxdBinary.run(
            arguments,
            environment: ["OUTBOXD_DATABASE": path, "OUTBOXD_SMTP_URL": "smtp://127.0.0.1:1"])
    }

    @Test(arguments: Self.commands)
    func `No database`(command: [String]) throws {
        let directory = try TemporaryDirectory()
        let result = try run(command, on: directory.file("none.db"))
        #expect(result.exit == .code(74) && result.isOneComplaint)
        #expect(result.errors.contains("make it with `outboxd migrate`"))
        #expect(access(directory.file("none.db"), F_OK) != 0, "nothing is made")
    }

    @Test(arguments: Self.commands)
    func `A database that was not migrated`(command: [String]) throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("bare.db")
        try Connection(path: path, mode: .create).execute("CREATE TABLE theirs (x)")
        let result = try run(command, on: path)
        #expect(result.exit == .code(74) && result.isOneComplaint)
        #expect(result.errors.contains("run `outboxd migrate`"))
    }

    @Test(arguments: Self.commands)
    func `A newer database`(command: [String]) throws {
        let outbox = try Outbox()
        try outbox.connection.execute("INSERT INTO outboxd_migrations VALUES (999, 'later', 0)")
        let result = try run(command, on: outbox.path)
        #expect(result.exit == .code(74) && result.isOneComplaint)
        #expect(result.errors.contains("run the newer outboxd"))
    }

    @Test(arguments: Self.commands)
    func `A file that is no database`(command: [String]) throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write(String(repeating: "no database ", count: 500), to: "x.db")
        let result = try run(command, on: path)
        #expect(result.exit == .code(74) && result.isOneComplaint)
    }

    @Test(arguments: Self.commands)
    func `A directory in place of the database`(command: [String]) throws {
        let directory = try TemporaryDirectory()
        let result = try run(command, on: directory.path)
        #expect(result.exit == .code(74) && result.isOneComplaint)
    }

    // MARK: Without permission

    /// The binary as a user who owns nothing; nil if the tests can't become one.
    private func runAsNobody(
        _ arguments: [String], on path: String
    ) throws -> ChildProcess.Result? {
        guard geteuid() == 0 else { return nil }
        let directory = try TemporaryDirectory(mode: 0o755)
        let binary = directory.file("outboxd")
        _ = try ChildProcess.tool(
            "cp", [try BuiltProducts.url("outboxd").path, binary], package: "coreutils")
        let change = ["--reuid=65534", "--regid=65534", "--clear-groups", binary]
        let libraries = ChildProcess.inheritedEnvironment["LD_LIBRARY_PATH"] ?? ""
        return try ChildProcess.run(
            try Executable.find("setpriv", package: "util-linux"), change + arguments,
            environment: ["OUTBOXD_DATABASE": path, "LD_LIBRARY_PATH": libraries])
    }

    @Test(arguments: [["status"], ["list"], ["show", "1"]])
    func `Whoever may only read can look, beside a daemon`(command: [String]) throws {
        let outbox = try Outbox()
        try outbox.add()
        // The connection is open, as a daemon's is: -wal and -shm exist.
        #expect(access(outbox.path + "-wal", F_OK) == 0)
        for suffix in ["", "-wal", "-shm"] { chmod(outbox.path + suffix, 0o644) }
        guard let result = try runAsNobody(command, on: outbox.path) else { return }
        #expect(result.exit == .code(0) && result.errors.isEmpty, "\(result.errors)")
        #expect(!result.output.isEmpty)
    }

    @Test(arguments: [["pause"], ["resolve", "1", "--sent"], ["resume"]])
    func `Whoever may only read can't change anything`(command: [String]) throws {
        let outbox = try Outbox()
        try outbox.add()
        try outbox.finish(.uncertain(dueAt: nil, frozen: nil))
        for suffix in ["", "-wal", "-shm"] { chmod(outbox.path + suffix, 0o644) }
        guard let result = try runAsNobody(command, on: outbox.path) else { return }
        #expect(result.exit == .code(74) && result.isOneComplaint, "\(result)")
        #expect(result.errors.contains("check free space, owner and permissions"))
        #expect(try outbox.reader.pauses().isEmpty)
        let check = try #require(try runAsNobody(["check"], on: outbox.path))
        #expect(check.exit == .code(74) && check.output.contains("FAIL  database"))
    }

    @Test func `A database that may not be read is 74`() throws {
        let outbox = try Outbox()
        for suffix in ["", "-wal", "-shm"] { chmod(outbox.path + suffix, 0o600) }
        guard let result = try runAsNobody(["status"], on: outbox.path) else { return }
        #expect(result.exit == .code(74) && result.isOneComplaint, "\(result)")
    }

    // MARK: stdout

    private func shell(_ script: String, _ outbox: Outbox) throws -> ChildProcess.Result {
        try ChildProcess.run(
            try Executable.find("bash", package: "bash"), ["-c", script],
            environment: [
                "B": try BuiltProducts.url("outboxd").path, "OUTBOXD_DATABASE": outbox.path,
                "PATH": "/usr/bin:/bin",
            ])
    }

    @Test(arguments: [
        "$B status", "$B list --json", "$B show 1", "$B --help", "$B --version", "$B schema",
        "$B check",
    ])
    func `A full disk behind stdout is an error, in one line`(command: String) throws {
        let outbox = try Outbox()
        try outbox.add()
        let result = try shell("OUTBOXD_SMTP_URL=smtp://127.0.0.1:1 \(command) >/dev/full", outbox)
        #expect(result.exit == .code(74) && result.isOneComplaint, "\(result)")
        #expect(result.errors.contains("No space left on device"))
    }

    @Test func `A reader that goes away is none`() throws {
        let outbox = try Outbox()
        for _ in 1...2_000 { try outbox.add() }
        let result = try shell("$B list --json | head -n 1; echo ${PIPESTATUS[0]}", outbox)
        #expect(result.errors.isEmpty)
        #expect(result.output == "[\n0\n")
    }

    @Test func `Streams that are closed are not mistaken for the database`() throws {
        let outbox = try Outbox()
        try outbox.add()
        let result = try shell("$B list >&-; echo $?", outbox)
        #expect(result.output == "74\n" && result.errors.contains("Bad file descriptor"))
        let quiet = try shell("$B pause 0<&- >&- 2>&-; echo $?", outbox)
        #expect(quiet.output == "74\n")
        let check = try outbox.connection.statement("PRAGMA integrity_check").first { $0.text(0) }
        #expect(check == "ok")
    }
}
