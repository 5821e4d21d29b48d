import Glibc
import Testing

@testable import Service

/// What several suites need to load settings.
enum Loading {
    static let context = Settings.Context(hostName: "desk.example")

    static func load(
        _ environment: [String: String] = [:], file: String? = nil,
        flags: [SettingKey: String] = [:], checks: [SettingKey: Settings.Check] = [:]
    ) throws -> Settings.Loaded {
        let parsed = file.map { SettingsFile(path: "outboxd.env", bytes: Array($0.utf8)) }
        let sources = SettingsSources(environment: environment, file: parsed, flags: flags)
        return try Settings.load(
            sources, environment: environment, context: context, checks: checks)
    }

    static func settings(_ environment: [String: String]) throws -> Settings {
        try load(environment).settings
    }

    /// The lines of the error that loading ends with; a success is an issue.
    static func faults(
        _ environment: [String: String] = [:], file: String? = nil,
        flags: [SettingKey: String] = [:], checks: [SettingKey: Settings.Check] = [:],
        sourceLocation: SourceLocation = #_sourceLocation
    ) -> [String] {
        let error = #expect(throws: SettingsError.self, sourceLocation: sourceLocation) {
            try load(environment, file: file, flags: flags, checks: checks)
        }
        return error?.description.split(separator: "\n").map(String.init) ?? []
    }
}

/// A file that lives as long as this object.
final class TemporaryFile {
    let directory: String
    let path: String

    init(_ content: String, name: String = "file") throws {
        var template = Array("/tmp/outboxd-service-XXXXXX".utf8CString)
        directory = try #require(mkdtemp(&template).map { String(cString: $0) })
        path = directory + "/" + name
        try write(Array(content.utf8))
    }

    func write(_ bytes: [UInt8]) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        defer { close(descriptor) }
        try #require(descriptor >= 0 && Glibc.write(descriptor, bytes, bytes.count) == bytes.count)
    }

    deinit {
        unlink(path)
        rmdir(directory)
    }
}
