import Foundation
import Glibc
import TestSupport

/// A database of the user `nobody`, on which `nobody` and root run the built binary.
///
/// Only root can start processes of others.
final class AnotherUser: Sendable {
    static let isPossible = geteuid() == 0
    static let id: uid_t = 65_534

    let outboxd: Outboxd
    /// A copy where `nobody` can reach it.
    private let binary: String
    private let setpriv: String

    init(_ settings: [String: String] = [:], relay: ScriptedRelay) throws {
        let directory = try TemporaryDirectory(mode: 0o777)
        outboxd = try Outboxd(settings, relay: relay, migrated: false, directory: directory)
        binary = directory.file("outboxd")
        // Written by another process: a child that a test beside us starts would inherit the open copy, and a file
        // that is open for writing can't be executed (ETXTBSY, execve(2)).
        try ChildProcess.tool("cp", [outboxd.binary, binary], package: "coreutils")
        setpriv = try Executable.find("setpriv", package: "util-linux")
        let made = try command("migrate")
        guard made.exit == .code(0) else { throw Unexpected("\(made)") }
    }

    private var words: [String] {
        ["--reuid", "\(Self.id)", "--regid", "\(Self.id)", "--clear-groups", binary]
    }

    /// Runs a command of `nobody`'s to its end.
    @discardableResult
    func command(_ arguments: String...) throws -> ChildProcess.Result {
        try ChildProcess.run(
            setpriv, words + arguments, environment: outboxd.environment,
            directory: outboxd.directory.path)
    }

    /// Starts `run` as `nobody` and returns once it works.
    func run() throws -> ChildProcess {
        let daemon = try ChildProcess(
            setpriv, words + ["run"], environment: outboxd.environment,
            directory: outboxd.directory.path)
        guard daemon.waitForOutput("outboxd runs") else {
            throw Unexpected("run does not start: \(daemon.errors)")
        }
        return daemon
    }

    /// Starts `drain` as root, as an operator does who has the usual umask.
    func drainAsRoot() throws -> ChildProcess {
        try ChildProcess(
            "/bin/sh", ["-c", "umask 022; exec \"$0\" drain --now", binary],
            environment: outboxd.environment, directory: outboxd.directory.path)
    }
}
