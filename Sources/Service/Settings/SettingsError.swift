/// Where a setting's value came from.
package enum SettingOrigin: Hashable, Sendable, CustomStringConvertible {
    /// The flag with its dashes.
    case flag(String)
    case environment
    case file(String, line: Int)

    /// nil outside of a file.
    var line: Int? {
        if case .file(_, let line) = self { line } else { nil }
    }

    package var description: String {
        switch self {
        case .flag(let flag): flag
        case .environment: "environment"
        case .file(let path, let line): "\(Escaping.printable(path)):\(line)"
        }
    }
}

/// One fault in the settings: one line that names the key, the value unless it is a secret, where
/// it came from, and what is allowed.
package struct SettingsFault: Hashable, Sendable, CustomStringConvertible {
    /// nil for a fault of the settings file as such.
    package var key: String?
    /// nil if it must not or cannot be shown.
    package var value: String?
    package var origin: SettingOrigin?
    /// What is wrong or what is allowed: the end of the sentence.
    package var problem: String

    package init(
        key: String?, value: String? = nil, origin: SettingOrigin? = nil, problem: String
    ) {
        self.key = key
        self.value = value
        self.origin = origin
        self.problem = problem
    }

    package var description: String {
        let parts = [
            key.map { Escaping.printable($0) }, value.map { Escaping.quoted($0) },
            origin.map { key == nil ? "\($0)" : "(\($0))" },
        ]
        let start = parts.compactMap(\.self).joined(separator: " ")
        return start.isEmpty ? problem : "\(start): \(problem)"
    }
}

/// All that is wrong with the settings, at once (exit code 78).
package struct SettingsError: Error, Hashable, Sendable, CustomStringConvertible {
    package var faults: [SettingsFault]
    /// What would be said of good settings too: a key that stands twice may be why one is bad.
    package var warnings: [String]

    package init(faults: [SettingsFault], warnings: [String] = []) {
        self.faults = faults
        self.warnings = warnings
    }

    /// More than anybody reads; a file of rubbish has a fault on each line.
    private static let shown = 50

    package var description: String { lines.joined(separator: "\n") }

    /// One for each fault, bounded.
    package var lines: [String] {
        var lines = faults.prefix(Self.shown).map(\.description)
        if faults.count > Self.shown { lines.append("and \(faults.count - Self.shown) more") }
        return lines
    }
}
