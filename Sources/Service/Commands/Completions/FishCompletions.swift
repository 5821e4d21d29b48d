/// For fish 3, in `~/.config/fish/completions/outboxd.fish`, or read by `source`.
struct FishCompletions {
    let program: ProgramSpec

    private var name: String { program.name }

    var script: String {
        """
        # fish completions for \(name) \(program.version), printed by `\(name) completions fish`.

        # Whether the words before the cursor begin with these.
        function __\(name)_begins
            set -l typed (commandline -opc)
            set -e typed[1]
            string match -q -- "$argv[1] *" "$typed "
        end

        # Whether they are these, and no more.
        function __\(name)_is
            set -l typed (commandline -opc)
            set -e typed[1]
            test "$typed" = "$argv[1]"
        end

        complete -c \(name) -f
        complete -c \(name) -n \(condition("is", "")) -l help -d 'list the commands'
        complete -c \(name) -n \(condition("is", "")) -l version -d 'print the version'

        """ + words + program.completedCommands.map(command).joined()
    }

    private var words: String {
        let first = ["", "help"].flatMap { before in program.firstWords.map { (before, $0) } }
        let next = program.groups.flatMap { group in
            [group.word, "help \(group.word)"].flatMap { before in group.next.map { (before, $0) } }
        }
        return (first + next).map { before, entry in
            "complete -c \(name) -n \(condition("is", before)) -a \(entry.word.fishQuoted) "
                + "-d \(entry.summary.fishQuoted)\n"
        }.joined()
    }

    private func command(_ command: CompletedCommand) -> String {
        let start = "complete -c \(name) -n \(condition("begins", command.name))"
        let options = command.options.map { option in
            "\(start) -l \(option.name.dropFirst(2))\(value(option.value)) "
                + "-d \(option.help.fishQuoted)\n"
        }
        guard let argument = command.arguments.first else { return "\n" + options.joined() }
        return "\n" + options.joined() + positional(argument.value, start)
    }

    private func value(_ value: CompletedValue?) -> String {
        switch value {
        case nil: ""
        case .words(let words): " -x -a \(words.joined(separator: " ").fishQuoted)"
        case .file: " -r -F"
        case .directory: " -x -a '(__fish_complete_directories)'"
        case .free: " -x"
        }
    }

    private func positional(_ value: CompletedValue, _ start: String) -> String {
        switch value {
        case .words(let words): "\(start) -a \(words.joined(separator: " ").fishQuoted)\n"
        case .file: "\(start) -F\n"
        case .directory: "\(start) -a '(__fish_complete_directories)'\n"
        case .free: ""
        }
    }

    private func condition(_ function: String, _ words: String) -> String {
        "\"__\(name)_\(function) \(words.fishQuoted)\""
    }
}
