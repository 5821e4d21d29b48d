import Foundation
import TestSupport

/// A settings file that a daemon was started with, and that changes.
///
/// It repeats what stands in the daemon's environment, as systemd's `EnvironmentFile=` makes it.
struct SettingsOnDisk {
    let path: String
    private var settings: [String: String]

    init(of outboxd: Outboxd) throws {
        path = outboxd.directory.file("outboxd.env")
        settings = outboxd.environment
        try write()
    }

    /// Sets keys, without their prefix; nil takes one out.
    mutating func set(_ changes: [String: String?]) throws {
        for (key, value) in changes { settings["OUTBOXD_" + key] = value }
        try write()
    }

    private func write() throws {
        let lines = settings.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)\n" }
        try lines.joined().write(toFile: path, atomically: true, encoding: .utf8)
    }
}

extension Outboxd {
    /// A daemon with a settings file.
    func runWithFile(
        until line: String = "outboxd runs"
    ) throws -> (daemon: ChildProcess, file: SettingsOnDisk) {
        let file = try SettingsOnDisk(of: self)
        let daemon = try start("run", "--config", file.path)
        guard daemon.waitForOutput(line) else {
            throw Unexpected("run does not start: \(daemon.errors)")
        }
        return (daemon, file)
    }
}
