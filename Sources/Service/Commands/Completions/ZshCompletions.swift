/// For zsh, in a directory of `fpath` as `_outboxd`, or read by `source` after `compinit`.
struct ZshCompletions {
    let program: ProgramSpec

    var script: String {
        """
        #compdef \(program.name)
        # zsh completions for \(program.name) \(program.version), printed by `\(program.name) completions zsh`.

        _\(program.name)() {
            local -a commands
            case "${(j: :)words[2,CURRENT-1]} " in
        \(commands)\
        \(groups)\
            (' '|'help ')
                commands=(
        \(list(program.firstWords))\
                )
                _describe -t commands command commands
                [[ $PREFIX == -* ]] && compadd -- --help --version
                ;;
            esac
        }

        if [[ $funcstack[1] == _\(program.name) ]]; then
            _\(program.name) "$@"
        else
            compdef _\(program.name) \(program.name)
        fi

        """
    }

    private var commands: String { program.completedCommands.map(command).joined() }

    private func command(_ command: CompletedCommand) -> String {
        let words = command.name.split(separator: " ").count
        let arguments = (command.options.map(option) + positionals(of: command)).map {
            "            \($0.shellQuoted)"
        }.joined(separator: " \\\n")
        return """
                (\("\(command.name) ".shellQuoted)*)
                    shift \(words) words
                    (( CURRENT -= \(words) ))
                    _arguments -S : \\
            \(arguments)
                    ;;

            """
    }

    /// `*--state=[only rows in this state]:STATE:(pending sending sent)`.
    private func option(_ option: CompletedCommand.Option) -> String {
        let start = (option.isRepeatable ? "*" : "") + option.name
        let help = "[\(Self.escaped(option.help))]"
        guard let value = option.value else { return start + help }
        return "\(start)=\(help):\(Self.escaped(option.placeholder)):\(action(value))"
    }

    private func positionals(of command: CompletedCommand) -> [String] {
        guard let first = command.arguments.first else { return [] }
        return ["*:\(Self.escaped(first.name)):\(action(first.value))"]
    }

    private func action(_ value: CompletedValue) -> String {
        switch value {
        case .words(let words): "(\(words.map(Self.escaped).joined(separator: " ")))"
        case .file: "_files"
        case .directory: "_files -/"
        // A space: the message stands alone.
        case .free: " "
        }
    }

    private var groups: String {
        program.groups.map { group in
            """
                ('\(group.word) '|'help \(group.word) ')
                    commands=(
            \(list(group.next))\
                    )
                    _describe -t commands command commands
                    ;;

            """
        }.joined()
    }

    private func list(_ words: [(word: String, summary: String)]) -> String {
        words.map { "            \("\($0.word):\($0.summary)".shellQuoted)\n" }.joined()
    }

    /// Within a specification of `_arguments`.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            if "\\:[]()".contains(character) { result += "\\" }
            result.append(character)
        }
        return result
    }
}
