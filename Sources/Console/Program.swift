internal import Delivery
internal import Glibc
internal import Service
internal import Store

/// The program: command line in, exit code out.
package enum Program {
    package static let version = "0.1.0"
    /// Of the version, for the manual page.
    static let date = "2026-11-28"
    /// Before this moment there was no outboxd of this version: 2026-11-01.
    ///
    /// A clock that says otherwise is wrong.
    static let made = WallTime(milliseconds: 1_793_491_200_000)

    static let spec = ProgramSpec(
        name: "outboxd",
        summary: "tells people by email that somebody replied to them",
        version: version,
        commands: commands.map { $0.declaration })

    /// In the order of the help text.
    static var commands: [any Command] {
        [
            RunCommand(), DrainCommand(), StatusCommand(), HealthCommand(), ListCommand(),
            ShowCommand(), PreviewCommand(), RetryCommand(), CancelCommand(), ResolveCommand(),
            PauseCommand(), ResumeCommand(), ProbeCommand(), SuppressAddCommand(),
            SuppressRemoveCommand(), SuppressListCommand(), PruneCommand(), CheckCommand(),
            SendTestCommand(), InitCommand(), MigrateCommand(), SchemaCommand(), BackupCommand(),
            EnqueueCommand(), DemoCommand(), ManCommand(), CompletionsCommand(),
        ]
    }

    /// - Parameter commandLine: with the program's own name; Swift reads it in `/proc`, and finds none without.
    package static func main(commandLine: [String], environment: [String: String]) -> Int32 {
        guard !commandLine.isEmpty else {
            return Failure("/proc is not mounted, and outboxd can't do without it", .ioError)
                .report()
        }
        return main(arguments: Array(commandLine.dropFirst()), environment: environment)
    }

    /// - Parameter arguments: without the program's own name.
    private static func main(arguments: [String], environment: [String: String]) -> Int32 {
        Terminal.guardStreams()
        SignalWatch.ignoreFileSignals()
        ProcessLimit.raiseDescriptors()
        ProcessLimit.keepNoCore()
        // libidn2 reads names in the locale's character set; only that of characters is set.
        setlocale(LC_CTYPE, "C.UTF-8")
        do {
            switch try CommandParser(spec).parse(arguments) {
            case .help(let text):
                try Terminal.print(text)
                return ExitCode.ok.rawValue
            case .version(let text):
                try Terminal.print(text + "\n")
                return ExitCode.ok.rawValue
            case .command(let parsed):
                return try run(parsed, environment: environment).rawValue
            }
        } catch let lost as OutputLost where lost.isByReader {
            return ExitCode.ok.rawValue
        } catch {
            return Failure(error).report()
        }
    }

    private static func run(
        _ parsed: ParsedCommand, environment: [String: String]
    ) throws -> ExitCode {
        guard let command = commands.first(where: { $0.declaration.name == parsed.name }) else {
            throw UsageError("unknown command \(parsed.name)")
        }
        return try command.run(
            CommandContext(
                parsed: parsed, environment: environment,
                usesRelay: command.declaration.settings.contains(.smtpTLS),
                standardFile: standardFile(environment)))
    }

    /// Tests name another place, or none by an empty text: what lies in /etc is not theirs.
    private static func standardFile(_ environment: [String: String]) -> String? {
        let path = environment["TEST_OUTBOXD_STANDARD_FILE"] ?? SettingsFile.standardPath
        return path.isEmpty ? nil : path
    }
}

/// A command: what it is called and takes, and what it does.
protocol Command {
    static var spec: CommandSpec { get }
    func run(_ context: CommandContext) throws -> ExitCode
}

extension Command {
    var declaration: CommandSpec { Self.spec }
}
