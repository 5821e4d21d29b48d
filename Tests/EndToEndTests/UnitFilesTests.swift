import Foundation
import Service
import TestSupport
import Testing

/// What must hold between the units, and between them and the program; `Tests/Systemd/run` boots them.
struct UnitFilesTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "systemd")

    /// The assignments of a unit, without comments.
    private static func lines(_ unit: String) throws -> [String] {
        try String(contentsOf: folder.appending(path: unit), encoding: .utf8)
            .split(separator: "\n").map(String.init).filter {
                $0.contains("=") && !$0.hasPrefix("#")
            }
    }

    /// User, credentials and sandbox: from `User=` to the end of the section.
    private static func surroundings(_ lines: [String]) throws -> [String] {
        let start = try #require(lines.firstIndex { $0.hasPrefix("User=") })
        return lines[start...].filter { !$0.hasPrefix("WantedBy=") }
    }

    @Test func `a drain by hand has the service's user, credentials and sandbox`() throws {
        let service = try Self.surroundings(Self.lines("outboxd.service"))
        #expect(try service == Self.surroundings(Self.lines("outboxd-drain@.service")))
        #expect(service.count > 30)
    }

    /// The settings are the file's, which a reload reads anew: the environment would beat it for good.
    @Test func `the units set nothing that the settings file sets`() throws {
        for unit in ["outboxd.service", "outboxd-drain@.service"] {
            for line in try Self.lines(unit) {
                #expect(
                    !line.contains("OUTBOXD_") && !line.hasPrefix("EnvironmentFile="), "\(line)")
            }
        }
    }

    @Test func `what a restart does not mend is not restarted`() throws {
        let line = try #require(
            Self.lines("outboxd.service").first { $0.hasPrefix("RestartPreventExitStatus=") })
        let codes = line.split(separator: "=")[1].split(separator: " ").compactMap { Int32($0) }
        #expect(codes == [ExitCode.usage, .dataError, .config].map(\.rawValue))
    }
}
