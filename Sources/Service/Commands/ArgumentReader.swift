/// Reads what stands behind the command.
struct ArgumentReader {
    private let command: CommandSpec
    private let program: String
    private let options: [String: OptionSpec]
    private(set) var parsed: ParsedCommand

    init(command: CommandSpec, program: String) {
        self.command = command
        self.program = program
        parsed = ParsedCommand(name: command.name)
        options = Dictionary(
            command.allOptions.map { ($0.name, $0) }, uniquingKeysWith: { own, _ in own })
    }

    mutating func read(_ arguments: ArraySlice<String>) throws(UsageError) {
        var rest = arguments
        while let argument = rest.popFirst() {
            if argument == "--" {
                parsed.positionals += rest
                break
            } else if argument.hasPrefix("--") {
                try readOption(argument, &rest)
            } else if argument.hasPrefix("-"), argument != "-" {
                throw unknown(argument)
            } else {
                parsed.positionals.append(argument)
            }
        }
        moveSettings()
        try checkPositionals()
    }

    private mutating func readOption(
        _ argument: String, _ rest: inout ArraySlice<String>
    ) throws(UsageError) {
        let parts = argument.dropFirst(2).split(
            separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts.first ?? "")
        // From here on only the name is ever shown: what is behind = may be meant to be secret.
        guard let option = options[name] else { throw unknown("--" + name) }
        guard parsed.options[name] == nil || option.isRepeatable else {
            throw usage("--\(name) is given twice")
        }
        let given = parts.count > 1 ? String(parts[1]) : nil
        parsed.options[name, default: []].append(try value(of: option, given: given, &rest))
    }

    private func value(
        of option: OptionSpec, given: String?, _ rest: inout ArraySlice<String>
    ) throws(UsageError) -> String {
        guard let placeholder = option.placeholder else {
            if given != nil { throw usage("--\(option.name) takes no value") }
            return ""
        }
        if let given { return given }
        guard let next = rest.first, !next.hasPrefix("--") else {
            throw usage(
                "--\(option.name) needs a value: --\(option.name) \(placeholder), "
                    + "or --\(option.name)=\(placeholder) for one that begins with --")
        }
        rest.removeFirst()
        return next
    }

    /// The command's own options go before settings of the same name.
    private mutating func moveSettings() {
        let own = Set(command.options.map(\.name))
        for key in command.settings {
            if let flag = key.flag, !own.contains(flag), let values = parsed.options[flag] {
                parsed.settings[key] = values.last
                parsed.options[flag] = nil
            }
        }
        if !command.settings.isEmpty, !own.contains(CommandSpec.config.name) {
            parsed.config = parsed.options.removeValue(forKey: CommandSpec.config.name)?.last
        }
    }

    private func checkPositionals() throws(UsageError) {
        let count = parsed.positionals.count
        let least = command.positionals.count { $0.count == .one || $0.count == .oneOrMore }
        if count < least {
            // The first of those that must be there and have nothing left.
            let needed = command.positionals.filter { $0.count == .one || $0.count == .oneOrMore }
            throw usage("\(needed[count].name) is missing")
        }
        let isOpen = command.positionals.contains { $0.count == .any || $0.count == .oneOrMore }
        if !isOpen, count > command.positionals.count {
            throw usage(
                "unexpected argument \(CommandParser.shown(parsed.positionals[command.positionals.count]))"
            )
        }
    }

    private func unknown(_ argument: String) -> UsageError {
        let secrets = command.settings.filter(\.isSecret)
        let names = options.keys.sorted() + secrets.map(\.dashedName) + ["help"]
        let near = Spelling.nearest(to: String(argument.drop { $0 == "-" }), among: names)
        if let secret = secrets.first(where: { $0.dashedName == near }) {
            return usage(
                "--\(secret.dashedName) is not taken: a command line can be read by others; use "
                    + "\(SettingKey.smtpPasswordFile.name) or \(secret.name)")
        }
        let advice = near.map { "; did you mean --\($0)?" } ?? ""
        return usage("unknown option \(CommandParser.shown(argument))\(advice)")
    }

    private func usage(_ problem: String) -> UsageError {
        UsageError("\(command.name): \(problem) (`\(program) \(command.name) --help` explains)")
    }
}

extension CommandSpec {
    static let config = OptionSpec.value(
        "config", "FILE", "read settings from this file, not from /etc/outboxd/outboxd.env")

    /// The command's own options, then those of its settings.
    var allOptions: [OptionSpec] {
        guard !settings.isEmpty else { return options }
        return options + [Self.config]
            + SettingKey.table.compactMap { entry in
                guard settings.contains(entry.key), let flag = entry.key.flag else { return nil }
                return OptionSpec.value(
                    flag, entry.placeholder, entry.summary, values: entry.words)
            }
    }
}
