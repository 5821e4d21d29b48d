/// A command with its options, checked against its declaration.
package struct ParsedCommand: Hashable, Sendable {
    /// ``CommandSpec/name``.
    package var name: String
    /// The file given with `--config`.
    package var config: String?
    /// Settings given as flags, for ``Settings/load(environment:file:flags:context:checks:)``.
    package var settings: [SettingKey: String] = [:]
    package var positionals: [String] = []
    /// Values by option, in their order; a flag has one empty value.
    var options: [String: [String]] = [:]

    package init(name: String) {
        self.name = name
    }

    /// Whether the option (without its dashes) was given.
    package func has(_ option: String) -> Bool { options[option] != nil }

    package func value(_ option: String) -> String? { options[option]?.last }

    package func values(_ option: String) -> [String] { options[option] ?? [] }
}
