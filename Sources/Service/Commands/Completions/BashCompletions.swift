/// For bash 4 and later; needs nothing of the package bash-completion.
struct BashCompletions {
    let program: ProgramSpec

    var script: String {
        """
        # bash completions for \(program.name) \(program.version), printed by `\(program.name) completions bash`.

        _\(program.name)() {
            local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
            local IFS=$' \\t\\n' kind='' words='' options='' typed
            # --name=VALUE comes as three words.
            if [[ $cur == '=' ]]; then
                cur=
            elif [[ $prev == '=' ]]; then
                prev=${COMP_WORDS[COMP_CWORD-2]}
            fi
            typed="${COMP_WORDS[*]:1:COMP_CWORD-1} "
            case $typed in
        \(commands)\
        \(groups)\
            ' ' | 'help ')
                kind=words words=\(firstWords.shellQuoted)
                options='--help --version'
                ;;
            esac
            # Options too where nothing else is to come.
            if [[ $cur == -* || -z $kind ]]; then
                kind=words words=$options
            fi
            case $kind in
            words)
                mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
                ;;
            file | directory)
                compopt -o filenames 2>/dev/null
                mapfile -t COMPREPLY < <(compgen -${kind:0:1} -- "$cur")
                ;;
            *)
                COMPREPLY=()
                ;;
            esac
        }
        complete -F _\(program.name) \(program.name)

        """
    }

    private var firstWords: String { program.firstWords.map(\.word).joined(separator: " ") }

    private var commands: String { program.completedCommands.map(command).joined() }

    private func command(_ command: CompletedCommand) -> String {
        let options = command.options.map(\.name).joined(separator: " ")
        var lines = [
            "    \("\(command.name) ".shellQuoted)*)", "        options=\(options.shellQuoted)",
        ]
        if let argument = command.arguments.first {
            lines.append("        \(offer(argument.value))")
        }
        let values = values(of: command)
        if !values.isEmpty { lines += ["        case $prev in"] + values + ["        esac"] }
        lines.append("        ;;\n")
        return lines.joined(separator: "\n")
    }

    /// What follows an option, those of one kind in one line; no option comes there.
    private func values(of command: CompletedCommand) -> [String] {
        var lines: [(offer: String, names: [String])] = []
        for option in command.options {
            guard let value = option.value else { continue }
            let offer = offer(value)
            if let index = lines.firstIndex(where: { $0.offer == offer }) {
                lines[index].names.append(option.name)
            } else {
                lines.append((offer, [option.name]))
            }
        }
        return lines.map {
            "        \($0.names.joined(separator: " | "))) \($0.offer) options='' ;;"
        }
    }

    private var groups: String {
        program.groups.map { group in
            let words = group.next.map(\.word).joined(separator: " ")
            return "    '\(group.word) ' | 'help \(group.word) ') "
                + "kind=words words=\(words.shellQuoted) ;;\n"
        }.joined()
    }

    private func offer(_ value: CompletedValue) -> String {
        switch value {
        case .words(let words): "kind=words words=\(words.joined(separator: " ").shellQuoted)"
        case .file: "kind=file"
        case .directory: "kind=directory"
        case .free: "kind=none"
        }
    }
}
