/// The program's page in section 8, in the macros of man(7), made from the declarations of its commands
/// and the table of settings.
package struct ManPage: Sendable {
    let program: ProgramSpec
    let manual: Manual

    package init(_ program: ProgramSpec, _ manual: Manual) {
        self.program = program
        self.manual = manual
    }

    package var text: String {
        let name = program.name
        return """
            .\\" Printed by `\(name) man`; made from the table of its commands.
            .TH \(name.uppercased()) 8 \(manual.date) \(Roff.argument("\(name) \(program.version)")) \
            "System Manager's Manual"
            .nh
            .ad l
            .SH NAME
            \(Roff.escaped(name)) \\- \(Roff.escaped(program.summary))

            """
                + synopsis + section("DESCRIPTION", paragraphs(manual.description))
                + section("COMMANDS", program.commands.map(command).joined())
                + section("ENVIRONMENT", environment)
                + section("FILES", manual.files.map(item).joined())
                + section("EXIT STATUS", exitStatus)
                + section("EXAMPLES", manual.examples.map(example).joined(separator: ".PP\n"))
                + section("SEE ALSO", Roff.paragraph(manual.seeAlso.joined(separator: ", ")))
    }

    private func section(_ title: String, _ text: String) -> String { ".SH \(title)\n\(text)" }

    private var synopsis: String {
        let name = Roff.escaped(program.name)
        return section(
            "SYNOPSIS",
            """
            .B \(name)
            .I COMMAND
            .RI [ OPTIONS ]
            .RI [ ARGUMENTS ]
            .br
            .B \(name)
            .I COMMAND
            .B \\-\\-help
            .br
            .B \(name)
            .B \\-\\-help
            |
            .B \\-\\-version

            """)
    }

    /// - Parameter text: paragraphs divided by blank lines.
    private func paragraphs(_ text: String) -> String {
        text.split(separator: "\n\n").map { paragraph(String($0)) }.joined(separator: ".PP\n")
    }

    /// What somebody types stands in a line of its own, and stays one.
    private func paragraph(_ text: String) -> String {
        let mark = "Example: "
        guard text.hasPrefix(mark) else { return Roff.paragraph(text) }
        let lines = text.dropFirst(mark.count).split(separator: "\n").map(String.init)
        return "Example:\n" + typed(lines)
    }

    private func item(_ item: Manual.Item) -> String {
        ".TP\n.B \(Roff.argument(item.name))\n\(Roff.paragraph(item.text))"
    }

    private func example(_ example: Manual.Example) -> String {
        Roff.paragraph(example.text) + typed(example.lines)
    }

    private func typed(_ lines: [String]) -> String {
        """
        .PP
        .RS 4
        .nf
        \(lines.map(Roff.line).joined())\
        .fi
        .RE

        """
    }

    // MARK: Commands

    private func command(_ command: CommandSpec) -> String {
        let usage = ([command.name, "[OPTIONS]"] + command.positionals.map(\.usage))
            .joined(separator: " ")
        var text = ".SS \(Roff.argument("\(program.name) \(usage)"))\n"
        text += Roff.paragraph(
            command.summary.prefix(1).uppercased() + command.summary.dropFirst().sentence)
        if !command.discussion.isEmpty { text += ".PP\n" + paragraphs(command.discussion) }
        for positional in command.positionals {
            text += entry(nil, positional.name, positional.help)
        }
        for option in command.options {
            text += entry(option.name, option.placeholder, option.help)
        }
        if !command.settings.isEmpty {
            let config = CommandSpec.config
            text += entry(config.name, config.placeholder, config.help) + flags(of: command)
        }
        return text
    }

    /// An option, or an argument without a name.
    private func entry(_ option: String?, _ placeholder: String?, _ help: String) -> String {
        let name = option.map { "\\fB\(Roff.escaped("--\($0)"))\\fR" }
        let value = placeholder.map { "\\fI\(Roff.escaped($0))\\fR" }
        let label = [name, value].compactMap(\.self).joined(separator: " ")
        return ".TP\n\(label)\n\(Roff.paragraph(help))"
    }

    /// ENVIRONMENT explains them, once for all commands.
    private func flags(of command: CommandSpec) -> String {
        if command.settings.count == SettingKey.allCases.count {
            return ".PP\nAll settings that have a flag may be given as flags (see ENVIRONMENT).\n"
        }
        let flags = SettingKey.table.compactMap { entry in
            command.settings.contains(entry.key)
                ? entry.key.flag.map { "`--\($0) \(entry.placeholder)`" } : nil
        }
        guard !flags.isEmpty else { return "" }
        let intro =
            flags.count == 1
            ? "This setting may be given as a flag" : "These settings may be given as flags"
        return ".PP\n"
            + Roff.paragraph("\(intro) (see ENVIRONMENT): \(flags.joined(separator: ", ")).")
    }

    // MARK: Tables

    private var environment: String {
        let intro = """
            Each setting stands in the environment or in the file given with `--config`, as \
            KEY=value; most may be given as flags too. A flag beats the environment, the environment \
            beats the file.
            """
        let settings = SettingKey.table.map { entry in
            let standard = entry.standard.isEmpty ? "" : " Default: \(entry.standard)."
            let flag = entry.key.flag.map { " Flag: `--\($0)`." } ?? ""
            return Manual.Item(
                "\(entry.key.name)=\(entry.placeholder)",
                entry.summary.sentence + standard + flag)
        }
        return Roff.paragraph(intro) + (settings + manual.environment).map(item).joined()
    }

    private var exitStatus: String {
        ExitCode.allCases.map { code in
            item(Manual.Item(String(code.rawValue), code.meaning.sentence))
        }.joined()
    }
}

extension StringProtocol {
    /// With a full stop, unless it ends in one.
    fileprivate var sentence: String {
        hasSuffix(".") ? String(self) : self + "."
    }
}
