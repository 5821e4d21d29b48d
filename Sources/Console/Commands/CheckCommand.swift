internal import Delivery
internal import Engine
internal import SMTP
internal import Service
internal import Store

struct CheckCommand: Command {
    static let spec = CommandSpec(
        name: "check", summary: "settings, database, relay, TLS, credentials; sends nothing",
        discussion: """
            One line each: ok, or FAIL with what is wrong and what to do; `warn` and `info` lines \
            say what is worth knowing. Reads or fetches an access token where one is to be used, \
            connects to the relay as the daemon would, logs in where credentials are set, and leaves \
            with QUIT. Silence of the relay is waited for as the settings say, but no longer than \
            1 min. The senders of OUTBOXD_FROM and of the helpdesks (at most 50) are named to it with \
            MAIL and taken back with RSET; a relay may refuse them later all the same, which \
            `send-test` shows.

            Example: outboxd check --config /etc/outboxd/outboxd.env

            Exit code 0 when nothing failed; otherwise that of the first failure: 78 settings, 74 \
            database, 69 relay, TLS or credentials.
            """,
        options: [.flag("json", "print an array")],
        settings: SettingKey.allCases)

    func run(_ context: CommandContext) throws -> ExitCode {
        var report = CheckReport()
        let settings = settings(context, &report)
        report.findings.append(ClockCheck(now: context.now, made: Program.made).finding)
        if let settings {
            report.findings += DatabaseCheck(settings: settings, now: context.now).findings()
            let helpdesks = try helpdesks(context, settings)
            report.findings += MailCheck.findings(helpdesks)
            let engine = try EngineSettings(settings)
            report.findings += [MailCheck.finding(engine.bounceAddress)].compactMap(\.self)
            let senders = SendersToTry(
                from: engine.from, bounceAddress: engine.bounceAddress,
                helpdesks: helpdesks.readable)
            report.findings += RelayCheck(
                settings: ConnectionSettings(settings.relay), senders: senders, now: context.now
            ).findings()
        } else {
            for subject in CheckReport.Subject.allCases
            where subject != .settings && subject != .clock {
                report.findings.append(.init(subject, .skip, "not checked: the settings are wrong"))
            }
        }
        try Terminal.print(
            context.parsed.has("json")
                ? report.json.text(expanding: 1) + "\n" : report.text)
        return report.exitCode
    }

    private func helpdesks(
        _ context: CommandContext, _ settings: Settings
    ) throws -> OutboxView.Helpdesks {
        do {
            return try context.reader(settings).helpdesks(limit: SendersToTry.mostHelpdesks)
        } catch is StoreError {
            return OutboxView.Helpdesks()  // Told as a finding of the database already.
        }
    }

    private func settings(_ context: CommandContext, _ report: inout CheckReport) -> Settings? {
        do {
            let loaded = try context.loadedSettings()
            // What the engine makes of them can fail too.
            _ = try EngineSettings(loaded.settings)
            let source =
                loaded.file.map { "environment and \(Escaping.printable($0))" } ?? "environment"
            report.findings.append(.init(.settings, .ok, "from the \(source)"))
            for warning in loaded.warnings {
                report.findings.append(.init(.settings, .warn, warning))
            }
            return loaded.settings
        } catch {
            for line in Failure(error).lines {
                report.findings.append(.init(.settings, .fail, line))
            }
            for warning in (error as? SettingsError)?.warnings ?? [] {
                report.findings.append(.init(.settings, .warn, warning))
            }
            return nil
        }
    }
}
