internal import Service

struct CompletionsCommand: Command {
    static let spec = CommandSpec(
        name: "completions", summary: "print completions for bash, zsh or fish",
        discussion: """
            The script completes commands, options, values that are a closed list, and files. Read it \
            in where your shell starts, or put it where it looks: \
            /usr/share/bash-completion/completions/outboxd, _outboxd in a directory of zsh's fpath, \
            ~/.config/fish/completions/outboxd.fish.

            Example: source <(outboxd completions bash)
            """,
        positionals: [
            PositionalSpec(
                "SHELL", Shell.allCases.map(\.rawValue).listed("or"),
                values: Shell.allCases.map(\.rawValue))
        ])

    func run(_ context: CommandContext) throws -> ExitCode {
        let word = context.parsed.positionals.first ?? ""
        guard let shell = Shell(rawValue: word) else {
            throw context.usage(
                "\(Escaping.quoted(word, limit: 80)) is no shell that is known; there are "
                    + Shell.allCases.map(\.rawValue).listed("and"))
        }
        try Terminal.print(shell.completions(of: Program.spec))
        return .ok
    }
}
