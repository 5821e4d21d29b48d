internal import Service

struct InitCommand: Command {
    static let spec = CommandSpec(
        name: "init", summary: "write a settings file that explains itself",
        discussion: """
            Every setting with its default stands in it, commented out but for what has to be set \
            first. Only its owner can read the file, since a password may be put into it. A file that \
            exists is left as it is (exit code 65).

            Example: outboxd init /etc/outboxd/outboxd.env
            """,
        positionals: [
            PositionalSpec("FILE", "what to write; outboxd.env if none is named", count: .optional)
        ])

    func run(_ context: CommandContext) throws -> ExitCode {
        let path = context.parsed.positionals.first ?? "outboxd.env"
        guard !path.isEmpty else { throw context.usage("the FILE's name must not be empty") }
        try FreshFile.write(Array(SettingsTemplate.text.utf8), to: path)
        let absolute = FilePath.absolute(path)
        let word = ShellWord.text(absolute)
        try Terminal.print(
            """
            \(Escaping.printable(absolute, limit: 4_096)) is written. Next: fill in what stands at its \
            beginning, then
              outboxd migrate --config \(word)
              outboxd check --config \(word)

            """)
        return .ok
    }
}
