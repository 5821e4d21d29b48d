internal import Delivery
internal import Glibc
internal import Service

struct InitCommand: Command {
    static let spec = CommandSpec(
        name: "init", summary: "write a settings file that explains itself",
        discussion: """
            Every setting with its default stands in it, commented out but for what has to be set \
            first. Only its owner can read the file, since a password may be put into it; at \
            /etc/outboxd/outboxd.env the group outboxd can, too, where there is one: the service. The \
            database stands in it with its absolute path. A file that exists is left as it is (exit \
            code 65).

            Example: outboxd init /etc/outboxd/outboxd.env --smtp-url smtp://me@relay.example:587
            """,
        options: [
            .value("database", "PATH", "put this path into it"),
            .value("smtp-url", "URL", "put this relay into it"),
            .value("from", "MAILBOX", "put this sender into it"),
        ],
        positionals: [
            PositionalSpec("FILE", "what to write; outboxd.env if none is named", count: .optional)
        ])

    private static let group = "outboxd"
    private static let stateDirectory = "/var/lib/outboxd"

    func run(_ context: CommandContext) throws -> ExitCode {
        let path = context.parsed.positionals.first ?? "outboxd.env"
        guard !path.isEmpty else { throw context.usage("the FILE's name must not be empty") }
        let absolute = FilePath.absolute(path)
        let given = try Self.given(context, at: absolute)
        let isStandard = absolute == SettingsFile.standardPath
        let group = isStandard && geteuid() == 0 ? FileOwnership.group(named: Self.group) : nil
        try FreshFile.write(Array(SettingsTemplate(given: given).text.utf8), to: path, group: group)
        try Terminal.print(Self.next(absolute, given, isStandard: isStandard))
        return .ok
    }

    /// What stands in it instead of the defaults; checked as the other commands check it.
    private static func given(
        _ context: CommandContext, at path: String
    ) throws -> [SettingKey: String] {
        var given: [SettingKey: String] = [:]
        for key in [SettingKey.database, .smtpURL, .from] {
            if let flag = key.flag { given[key] = try context.text(flag) }
        }
        let directory = path.hasPrefix("/etc/") ? stateDirectory : FilePath.directory(of: path)
        given[.database] = FilePath.absolute(
            given[.database] ?? (directory == "/" ? "/outbox.db" : "\(directory)/outbox.db"))
        var checking = context
        checking.parsed.settings = given
        checking.environment = [:]
        checking.standardFile = nil
        let settings = try checking.loadedSettings(only: [.database, .smtpURL, .from]).settings
        if settings.relay.address.user != nil {
            given[.smtpPasswordFile] = "\(FilePath.directory(of: path))/smtp-password"
        }
        return given
    }

    private static func next(
        _ path: String, _ given: [SettingKey: String], isStandard: Bool
    ) -> String {
        let word = ShellWord.text(path)
        var text = "\(Escaping.printable(path, limit: 4_096)) is written. Next: "
        text +=
            given[.smtpURL] != nil && given[.from] != nil
            ? "look it through, then\n" : "fill in what stands at its beginning, then\n"
        if let file = given[.smtpPasswordFile] {
            text +=
                "  install -m 0600 /dev/stdin \(ShellWord.text(file))    # the relay's password, then Ctrl-D\n"
        }
        if isStandard {
            return text + "  systemctl enable --now outboxd\n  outboxd check\n"
        }
        return text + "  outboxd migrate --config \(word)\n  outboxd check --config \(word)\n"
    }
}
