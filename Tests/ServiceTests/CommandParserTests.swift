import Testing

@testable import Service

@Suite struct CommandParserTests {
    static let program = ProgramSpec(
        name: "outboxd", summary: "sends notification mails", version: "1.2.3",
        commands: [
            CommandSpec(name: "run", summary: "the daemon", settings: SettingKey.allCases),
            CommandSpec(
                name: "drain", summary: "sends what is due",
                discussion: "It ends when nothing due is left.\n\nIt acts through a pause.",
                options: [
                    .value("limit", "N", "at most N mails"),
                    .flag("now", "do not wait for the hold"),
                    .value("helpdesk", "ID", "only of this helpdesk", isRepeatable: true),
                ], settings: [.database, .smtpURL, .smtpPassword, .rate]),
            CommandSpec(
                name: "show", summary: "one row", positionals: [PositionalSpec("ID", "the row")]),
            CommandSpec(
                name: "resolve", summary: "settles",
                positionals: [PositionalSpec("ID", "the rows", count: .oneOrMore)]),
            CommandSpec(
                name: "list", summary: "rows", options: [.value("rate", "R", "its own rate")],
                positionals: [PositionalSpec("WHAT", "what", count: .optional)], settings: [.rate]),
            CommandSpec(name: "suppress add", summary: "adds an address"),
            CommandSpec(name: "suppress list", summary: "lists them"),
            CommandSpec(
                name: "cancel", summary: "takes back",
                positionals: [PositionalSpec("ID", "the rows", count: .any)]),
        ])

    private func parse(_ line: String) throws -> ParsedCommand {
        let words = line.split(separator: " ").map(String.init)
        guard case .command(let parsed) = try CommandParser(Self.program).parse(words) else {
            throw UsageError("no command")
        }
        return parsed
    }

    @Test func `options, flags, settings and arguments are told apart`() throws {
        let drain = try parse(
            "drain --limit 5 --now --smtp-url=smtp://x --helpdesk a --helpdesk=b=c --config f.env")
        #expect(drain.name == "drain")
        #expect(drain.value("limit") == "5")
        #expect(drain.has("now"))
        #expect(!drain.has("wait"))
        #expect(drain.values("helpdesk") == ["a", "b=c"])
        #expect(drain.settings == [.smtpURL: "smtp://x"])
        #expect(drain.config == "f.env")
        #expect(drain.positionals.isEmpty)
    }

    @Test func `arguments stand anywhere, and behind -- are no options`() throws {
        #expect(try parse("resolve 1 2").positionals == ["1", "2"])
        #expect(try parse("cancel").positionals.isEmpty)
        #expect(try parse("cancel 1 -- --help -x").positionals == ["1", "--help", "-x"])
        #expect(try parse("cancel -").positionals == ["-"])
        #expect(try parse("list").positionals.isEmpty)
        #expect(try parse("suppress add").name == "suppress add")
        #expect(try parse("drain --limit -5").value("limit") == "-5")
        #expect(try parse("drain --limit=--5").value("limit") == "--5")
        #expect(try parse("drain --limit=").value("limit") == "")
    }

    @Test func `a command's own option goes before a setting of that name`() throws {
        let list = try parse("list --rate x")
        #expect(list.value("rate") == "x")
        #expect(list.settings.isEmpty)
    }

    @Test(arguments: SettingKey.allCases.compactMap(\.flag))
    func `each setting but the secret can be given as a flag`(flag: String) throws {
        let run = try parse("run --\(flag) v")
        #expect(run.settings == [try #require(SettingKey(flag: flag)): "v"])
        #expect(!run.has(flag))
    }

    @Test(arguments: [
        ("", "a command is missing"), ("runn", "unknown command \"runn\"; did you mean run?"),
        ("zzz", "`outboxd --help` lists them"), ("suppress", "suppress add, suppress list"),
        ("--now drain", "the command comes first, not \"--now\""),
        ("-v", "the command comes first"),
        ("drain --limt 5", "unknown option \"--limt\"; did you mean --limit?"),
        ("supress", "unknown command \"supress\"; did you mean suppress add or suppress list?"),
        ("supress add x", "unknown command \"supress add\"; did you mean suppress add?"),
        ("suppress lsit", "unknown command \"suppress lsit\"; did you mean suppress list?"),
        ("suppress zzz", "suppress what? There are: suppress add, suppress list"),
        ("help supress", "did you mean suppress add or suppress list?"),
        ("drain --zzzzzz", "unknown option \"--zzzzzz\" ("), ("drain -n", "unknown option \"-n\""),
        ("drain --limit 1 --limit 2", "--limit is given twice"),
        ("drain --now --now", "given twice"),
        ("drain --now=yes", "--now takes no value"),
        ("drain --limit", "--limit needs a value: --limit N"),
        ("drain --limit --now", "--limit needs a value"), ("drain 5", "unexpected argument \"5\""),
        ("show", "ID is missing"), ("show 1 2", "unexpected argument \"2\""),
        ("resolve", "ID is missing"),
        ("drain --hold 1s", "unknown option \"--hold\""),
        ("show --config x 1", "unknown option \"--config\""),
        ("drain --now \u{1B}[2J", #"unexpected argument "\u001b[2J""#),
        ("drain --=x", "unknown option \"--\""),
        ("help zzz", "unknown command"), ("drain --lim 5", "did you mean --limit?"),
    ]) func `what can't be understood is said in one line`(line: String, words: String) {
        let error = #expect(throws: UsageError.self) { try parse(line) }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
        #expect(error?.description.contains("\n") == false)
    }

    @Test(arguments: [
        "--smtp-password hunter2", "--smtp-password=hunter2", "--smtp-pasword=hunter2",
    ])
    func `a password on the command line is refused and not repeated`(options: String) {
        let error = #expect(throws: UsageError.self) { try parse("run " + options) }
        #expect(error?.description.contains("hunter2") == false)
        #expect(error?.description.contains("password") == true)
    }

    @Test(arguments: [
        ["--help"], ["-h"], ["help"],
    ]) func `the program explains itself`(arguments: [String]) throws {
        let invocation = try CommandParser(Self.program).parse(arguments)
        #expect(
            invocation
                == .help(
                    """
                    outboxd: sends notification mails

                    Usage: outboxd COMMAND [OPTIONS]

                    Commands:
                      run            the daemon
                      drain          sends what is due
                      show           one row
                      resolve        settles
                      list           rows
                      suppress add   adds an address
                      suppress list  lists them
                      cancel         takes back

                    `outboxd COMMAND --help` explains a command, `outboxd --version` prints the version.

                    """))
    }

    @Test(arguments: [
        ["drain", "--help"], ["drain", "-h"], ["drain", "--nonsense", "--help"], ["help", "drain"],
    ]) func `a command explains itself`(arguments: [String]) throws {
        let invocation = try CommandParser(Self.program).parse(arguments)
        #expect(
            invocation
                == .help(
                    """
                    outboxd drain: sends what is due

                    Usage: outboxd drain [OPTIONS]

                    It ends when nothing due is left.

                    It acts through a pause.

                    Options:
                      --limit N      at most N mails
                      --now          do not wait for the hold
                      --helpdesk ID  only of this helpdesk
                      --config FILE  read settings from this file, not from /etc/outboxd/outboxd.env
                      --help         print this text

                    Settings, with their defaults. --database can also be given as OUTBOXD_DATABASE, in the
                    environment or in the --config file, and so can the others. A flag beats the environment,
                    the environment beats the file.
                      --database PATH        the SQLite database [outbox.db]
                      --smtp-url URL         the relay: smtp://[user@]host[:port] or smtps://...; no password
                                             in it [smtp://localhost:25]
                      OUTBOXD_SMTP_PASSWORD  the relay's password; or the systemd credential smtp-password
                      --rate RATE            mails a second or minute: 50/s, 600/m [unlimited]

                    """))
    }

    @Test func `usage shows the arguments, and a long label has a line of its own`() throws {
        guard case .help(let text) = try CommandParser(Self.program).parse(["resolve", "-h"]),
            case .help(let run) = try CommandParser(Self.program).parse(["run", "-h"])
        else {
            Issue.record("no help")
            return
        }
        #expect(text.contains("Usage: outboxd resolve [OPTIONS] ID...\n"))
        #expect(text.contains("Arguments:\n  ID  the rows\n"))
        #expect(run.split(separator: "\n").allSatisfy { $0.count <= HelpText.width })
        #expect(run.contains("\n  --smtp-connect-timeout TIME"))
    }

    @Test func `the version is one line`() throws {
        #expect(try CommandParser(Self.program).parse(["--version"]) == .version("outboxd 1.2.3"))
    }

    @Test(
        arguments: [
            ("limt", "limit"), ("ilmit", "limit"), ("limits", "limit"), ("x", nil), ("", nil),
            ("helpdsk", "helpdesk"), ("help", "helpdesk"), ("he", nil), ("lim", "limit"),
            ("abcdef", nil), (String(repeating: "l", count: 100_000), nil),
        ] as [(String, String?)]) func `the nearest word is suggested`(
            word: String, wanted: String?
        )
    {
        #expect(Spelling.nearest(to: word, among: ["limit", "now", "helpdesk"]) == wanted)
    }
}
