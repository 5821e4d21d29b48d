/// Parses `outboxd COMMAND [OPTIONS] [ARGUMENTS]`.
///
/// Options are `--name VALUE`, `--name=VALUE` and `--flag`, anywhere behind the command; `--` ends
/// them. `--help` and `-h` win over whatever else is wrong. Abbreviations are not taken.
package struct CommandParser: Sendable {
    let program: ProgramSpec

    package init(_ program: ProgramSpec) {
        self.program = program
    }

    /// - Parameter arguments: without the program's own name.
    package func parse(_ arguments: [String]) throws(UsageError) -> Invocation {
        switch arguments.first {
        case nil: throw UsageError("a command is missing; `\(program.name) --help` lists them")
        case "--help", "-h": return .help(HelpText.program(program))
        case "--version": return .version("\(program.name) \(program.version)")
        case "help": return .help(try help(arguments.dropFirst()))
        case let first? where first.hasPrefix("-"):
            throw UsageError(
                "the command comes first, not \(Self.shown(first)); "
                    + "`\(program.name) --help` lists the commands")
        default: break
        }
        let (command, rest) = try command(arguments[...])
        if rest.prefix(while: { $0 != "--" }).contains(where: { $0 == "--help" || $0 == "-h" }) {
            return .help(HelpText.command(command, of: program))
        }
        var line = ArgumentReader(command: command, program: program.name)
        try line.read(rest)
        return .command(line.parsed)
    }

    private func help(_ words: ArraySlice<String>) throws(UsageError) -> String {
        words.isEmpty
            ? HelpText.program(program) : HelpText.command(try command(words).0, of: program)
    }

    /// The command with the most words that the line begins with, and what follows it.
    private func command(
        _ words: ArraySlice<String>
    ) throws(UsageError) -> (CommandSpec, ArraySlice<String>) {
        let fitting = program.commands.filter { spec in
            words.starts(with: spec.name.split(separator: " ").map(String.init))
        }
        if let command = fitting.max(by: { $0.name.count < $1.name.count }) {
            return (command, words.dropFirst(command.name.split(separator: " ").count))
        }
        throw unknown(words)
    }

    /// Names the nearest command; for one of two words, where the first is right, those that go on.
    private func unknown(_ words: ArraySlice<String>) -> UsageError {
        let names = program.commands.map(\.name)
        let typed = words.first ?? ""
        let first = nearestFirstWord(to: typed, among: names)
        let parts = names.filter { $0.hasPrefix((first ?? typed) + " ") }
        let second = words.dropFirst().first.flatMap { word in
            Spelling.nearest(to: word, among: parts.map { String($0.split(separator: " ")[1]) })
        }
        switch (first, second) {
        case (let first?, let second?):
            let both = words.prefix(2).joined(separator: " ")
            return UsageError(
                "unknown command \(Self.shown(both)); did you mean \(first) \(second)?")
        case (typed, nil) where !parts.isEmpty:
            return UsageError("\(typed) what? There are: \(parts.joined(separator: ", "))")
        case (let first?, nil):
            let near = parts.isEmpty ? first : parts.listed("or")
            return UsageError("unknown command \(Self.shown(typed)); did you mean \(near)?")
        case (nil, _):
            return UsageError(
                "unknown command \(Self.shown(typed)); `\(program.name) --help` lists them")
        }
    }

    private func nearestFirstWord(to typed: String, among names: [String]) -> String? {
        let words = names.map { String($0.prefix { $0 != " " }) }
        return words.contains(typed) ? typed : Spelling.nearest(to: typed, among: words)
    }

    static func shown(_ argument: String) -> String { Escaping.quoted(argument, limit: 80) }
}
