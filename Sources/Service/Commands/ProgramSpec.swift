/// What the command line may be: declared once, parsed and explained from that.
package struct ProgramSpec: Sendable {
    package var name: String
    package var summary: String
    package var version: String
    package var commands: [CommandSpec]

    package init(name: String, summary: String, version: String, commands: [CommandSpec]) {
        self.name = name
        self.summary = summary
        self.version = version
        self.commands = commands
    }
}

/// One command.
package struct CommandSpec: Sendable {
    /// One word or several: `run`, `suppress add`.
    package var name: String
    /// One line, without a full stop.
    package var summary: String
    /// What else there is to say, in paragraphs divided by blank lines.
    package var discussion: String
    package var options: [OptionSpec]
    package var positionals: [PositionalSpec]
    /// The settings that may be given as flags.
    ///
    /// Where there are any, `--config FILE` is known too.
    package var settings: [SettingKey]

    package init(
        name: String, summary: String, discussion: String = "", options: [OptionSpec] = [],
        positionals: [PositionalSpec] = [], settings: [SettingKey] = []
    ) {
        self.name = name
        self.summary = summary
        self.discussion = discussion
        self.options = options
        self.positionals = positionals
        self.settings = settings
    }
}

/// An option of a command.
package struct OptionSpec: Sendable {
    /// Without the dashes.
    package var name: String
    /// What stands for the value in the help text; nil for a flag without a value.
    package var placeholder: String?
    package var help: String
    package var isRepeatable: Bool
    /// All that the value may be, where that is a closed list; shells complete it.
    package var values: [String] = []

    /// `--name`.
    package static func flag(_ name: String, _ help: String) -> OptionSpec {
        OptionSpec(name: name, placeholder: nil, help: help, isRepeatable: false)
    }

    /// `--name VALUE` or `--name=VALUE`.
    package static func value(
        _ name: String, _ placeholder: String, _ help: String, values: [String] = [],
        isRepeatable: Bool = false
    ) -> OptionSpec {
        OptionSpec(
            name: name, placeholder: placeholder, help: help, isRepeatable: isRepeatable,
            values: values)
    }
}

/// An argument that is no option.
package struct PositionalSpec: Sendable {
    package enum Count: Sendable {
        case one, optional, any, oneOrMore
    }
    /// As the help text shows it: `ID`.
    package var name: String
    package var help: String
    package var count: Count
    /// As ``OptionSpec/values``.
    package var values: [String]

    package init(_ name: String, _ help: String, count: Count = .one, values: [String] = []) {
        self.name = name
        self.help = help
        self.count = count
        self.values = values
    }

    var usage: String {
        switch count {
        case .one: name
        case .optional: "[\(name)]"
        case .any: "[\(name)...]"
        case .oneOrMore: "\(name)..."
        }
    }
}
