/// Help texts, made from the declarations; no line is longer than 90 columns.
enum HelpText {
    static let width = 90

    static func program(_ program: ProgramSpec) -> String {
        let rows = program.commands.map { ($0.name, $0.summary) }
        return """
            \(wrap("\(program.name): \(program.summary)", indent: 0))

            Usage: \(program.name) COMMAND [OPTIONS]

            Commands:
            \(table(rows))

            `\(program.name) COMMAND --help` explains a command, `\(program.name) --version` \
            prints the version.

            """
    }

    static func command(_ command: CommandSpec, of program: ProgramSpec) -> String {
        let words = command.positionals.map(\.usage)
        let usage = ([program.name, command.name, "[OPTIONS]"] + words).joined(separator: " ")
        var parts = ["\(wrap("\(program.name) \(command.name): \(command.summary)", indent: 0))"]
        parts.append("Usage: \(usage)")
        if !command.discussion.isEmpty {
            parts += command.discussion.split(separator: "\n\n").map { wrap(String($0), indent: 0) }
        }
        if !command.positionals.isEmpty {
            parts.append("Arguments:\n" + table(command.positionals.map { ($0.name, $0.help) }))
        }
        parts.append("Options:\n" + table(options(of: command)))
        if !command.settings.isEmpty { parts.append(settings(of: command)) }
        return parts.joined(separator: "\n\n") + "\n"
    }

    private static func options(of command: CommandSpec) -> [(String, String)] {
        let config = command.settings.isEmpty ? [] : [CommandSpec.config]
        return (command.options + config).map { option in
            (label(option.name, option.placeholder), option.help)
        } + [("--help", "print this text")]
    }

    private static func label(_ name: String, _ placeholder: String?) -> String {
        "--\(name)" + (placeholder.map { " \($0)" } ?? "")
    }

    private static func settings(of command: CommandSpec) -> String {
        let entries = SettingKey.table.filter { command.settings.contains($0.key) }
        let rows = entries.map { entry in
            let name = entry.key.flag.map { label($0, entry.placeholder) } ?? entry.key.name
            let standard = entry.standard.isEmpty ? "" : " [\(entry.standard)]"
            return (name, entry.summary + standard)
        }
        var intro = "Settings, with their defaults. "
        if let (key, flag) = entries.lazy.compactMap({ entry in
            entry.key.flag.map { (entry.key.name, $0) }
        }).first {
            intro +=
                "--\(flag) can also be given as \(key), in the environment or in the --config file"
                + (entries.count > 1 ? ", and so can the others. " : ". ")
        }
        intro += "A flag beats the environment, the environment beats the file."
        return wrap(intro, indent: 0) + "\n" + table(rows)
    }

    /// Two columns; a label that is too long for its own stands on a line of its own.
    static func table(_ rows: [(label: String, text: String)]) -> String {
        let widest = rows.map(\.label.count).filter { $0 <= 28 }.max() ?? 0
        let column = widest + 4
        return rows.map { row in
            let text = wrap(row.text, indent: column)
            let label = "  " + row.label
            guard label.count + 2 <= column else { return label + "\n" + text }
            return label + text.dropFirst(label.count)
        }.joined(separator: "\n")
    }

    /// Breaks between words; each line indented.
    static func wrap(_ text: String, indent: Int) -> String {
        let margin = String(repeating: " ", count: indent)
        var lines: [String] = []
        var line = ""
        for word in text.split(whereSeparator: \.isWhitespace) {
            if line.isEmpty {
                line = margin + word
            } else if line.count + 1 + word.count <= width {
                line += " " + word
            } else {
                lines.append(line)
                line = margin + word
            }
        }
        return (lines + [line]).joined(separator: "\n")
    }
}
