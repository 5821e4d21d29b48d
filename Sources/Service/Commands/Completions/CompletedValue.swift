/// What a shell offers where a value is to come.
enum CompletedValue: Equatable {
    /// One of these.
    case words([String])
    case file
    case directory
    /// Nothing that could be known beforehand.
    case free

    /// - Parameter placeholder: as the help text shows it; it says whether a file is meant.
    init(_ values: [String], placeholder: String) {
        self =
            switch placeholder {
            case _ where !values.isEmpty: .words(values)
            case "FILE", "PATH": .file
            case "DIR": .directory
            default: .free
            }
    }
}

/// A command as a shell completes it.
struct CompletedCommand {
    struct Option {
        /// With its dashes.
        var name: String
        var help: String
        /// nil for a flag.
        var value: CompletedValue?
        var placeholder: String
        var isRepeatable: Bool
    }

    /// `suppress add`.
    var name: String
    var summary: String
    var options: [Option]
    /// What the arguments are, in their order; the last goes on where any number may come.
    var arguments: [(name: String, value: CompletedValue)]

    init(_ command: CommandSpec) {
        name = command.name
        summary = command.summary
        let help = OptionSpec.flag("help", "print a text that explains it")
        options = (command.allOptions + [help]).map { option in
            Option(
                name: "--\(option.name)", help: option.help,
                value: option.placeholder.map { CompletedValue(option.values, placeholder: $0) },
                placeholder: option.placeholder ?? "", isRepeatable: option.isRepeatable)
        }
        arguments = command.positionals.map {
            ($0.name, CompletedValue($0.values, placeholder: $0.name))
        }
    }
}

extension ProgramSpec {
    /// Those of more words first: `suppress add` is not `suppress`.
    var completedCommands: [CompletedCommand] {
        let words = commands.map { ($0, $0.name.split(separator: " ").count) }
        return words.sorted { $0.1 > $1.1 }.map { CompletedCommand($0.0) }
    }

    /// The words that may come first, each once, in the order of the help text; with what they are for.
    var firstWords: [(word: String, summary: String)] {
        var found: [(word: String, summary: String)] = []
        for command in commands {
            let words = command.name.split(separator: " ")
            guard let first = words.first.map(String.init),
                !found.contains(where: { $0.word == first })
            else { continue }
            found.append((first, words.count == 1 ? command.summary : nextWordsSummary(first)))
        }
        return found + [("help", "explain a command")]
    }

    /// The groups of commands of two words, and what may follow: `suppress` and `add`, `remove`, `list`.
    var groups: [(word: String, next: [(word: String, summary: String)])] {
        firstWords.compactMap { first in
            let next = nextWords(first.word)
            return next.isEmpty ? nil : (first.word, next)
        }
    }

    private func nextWords(_ first: String) -> [(word: String, summary: String)] {
        commands.compactMap { command in
            command.name.hasPrefix(first + " ")
                ? (String(command.name.dropFirst(first.count + 1)), command.summary) : nil
        }
    }

    private func nextWordsSummary(_ first: String) -> String {
        nextWords(first).map(\.word).listed("or")
    }
}
