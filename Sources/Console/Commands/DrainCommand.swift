internal import Delivery
internal import Engine
internal import Service
internal import Store

struct DrainCommand: Command {
    static let spec = CommandSpec(
        name: "drain", summary: "send what is due, show progress, and end",
        discussion: """
            Ends when nothing due is left: exit code 0; 75 when some mail is still to be retried, 69 \
            when the relay can't be reached. May run beside the daemon. It acts through an \
            operator's pause that stood when it began, and says so; a later one stops it (75). A \
            helpdesk that the API server has paused stays paused. Nothing goes while everything is held since the \
            database was restored (75).

            Ctrl-C and a closed terminal stop it: what is under way is finished, and what remains is said (75).

            With ids, or a selection as in `outboxd list`, only mails that hold one of these rows are \
            sent, as they stand when it begins. A mail goes out whole: rows that belong to it and were not \
            selected go with it. One that is behind another mail of its conversation waits for that one. \
            Nothing else is touched.

            --limit counts mails: `outboxd drain --limit 3` sends three to see how they fare. --rate only \
            slows down: the lower of it and OUTBOXD_RATE counts. With --max-age replies that are older are \
            skipped for good, reason stale; other than OUTBOXD_MAX_AGE it concerns mails that were tried \
            before, too, but none that may have arrived already.

            --dry-run changes nothing: it decides by the same rules what would go, be skipped or wait, \
            as if the relay took every mail. --include-failed first lets the failed rows of the selection, \
            or all failed ones, wait again, as `outboxd retry` does; on a terminal it asks. Rows that no relay \
            could take (invalid_row, invalid_address) stay failed unless an id or a --reason names them; \
            with --limit N only the newest N wait again.

            With --smtp-url it goes through another relay, this once. The configured password does \
            not go there; --smtp-password-file gives another.

            For example, after an outage, what one helpdesk wrote in the last two hours, slowly: \
            `outboxd drain --helpdesk acme --max-age 2h --rate 10/s`
            """,
        options: DrainSelection.options + [
            .flag("all", "everything, as without ids and selection"),
            .value("limit", "N", "send at most N mails"),
            .value("rate", "R", "at most so many mails: 50/s, 600/m"),
            .flag("now", "do not wait for the hold"),
            .value("max-age", "D", "skip replies that are older than this, such as 2h"),
            .flag("include-failed", "let failed rows wait again first, as `outboxd retry` does"),
            .flag("wait", "stay until the deferred mails are through"),
            .flag("dry-run", "say what would be sent, and change nothing"),
            .flag("json", "with --dry-run: print an object"),
            .flag("yes", "do not ask"),
            .value("why", "TEXT", "with --include-failed: the reason, for the rows' stories"),
        ],
        positionals: [Selection.ids],
        settings: SettingKey.allCases.filter {
            ![.rate, .maxAge, .metricsListen, .metricsFile].contains($0)
        })

    func run(_ context: CommandContext) throws -> ExitCode {
        try DrainSelection.check(context)
        if context.parsed.has("json"), !context.parsed.has("dry-run") {
            throw context.usage("--json goes with --dry-run")
        }
        var mode = try context.drainMode()
        let settings = try context.settings()
        var engineSettings = try EngineSettings(settings)
        engineSettings.rate = try context.drainRate(settings.rate)
        let reader = try context.reader(settings)
        let includesFailed = context.parsed.has("include-failed")
        let isDry = context.parsed.has("dry-run")
        var selection = try DrainSelection(context, reader, withFailed: includesFailed || isDry)
        mode.rows = selection.rows
        let pausedAtStart = try sayHelpdesksPaused(reader)
        if isDry {
            try sayCircumstances(reader)
            try tell(forecast(context, engineSettings, mode, selection, reader), context)
            return selection.unknown.isEmpty ? .ok : .dataError
        }
        let note = try context.note()
        guard
            try BulkChange.isConfirmed(selection.failed, "retry", "would be tried again", context)
        else { return .ok }
        let signals = try SignalWatch()
        if includesFailed {
            try selection.retryFailed(
                context.outbox(settings), by: note, at: { context.now },
                goesOn: { signals.next(timeout: .zero) == nil })
            mode.rows = selection.rows
        }
        let run = DrainRun(
            engineSettings: engineSettings, settings: settings, mode: mode, reader: reader,
            pausedAtStart: pausedAtStart, signals: signals)
        let code = try run.end(context)
        return code == .ok && !selection.unknown.isEmpty ? .dataError : code
    }

    private func forecast(
        _ context: CommandContext, _ settings: EngineSettings, _ mode: RunMode,
        _ selection: DrainSelection, _ reader: any OutboxReader
    ) throws -> DrainForecast {
        let now = context.now
        let queue = try SQLiteDatabase(path: settings.database).openQueue()
        let includesFailed = context.parsed.has("include-failed")
        return try DrainForecast(
            Forecast(
                settings, mode: mode, queue, at: now,
                retried: includesFailed ? selection.failed.ids.sorted() : []),
            selection, reader, includesFailed: includesFailed, limit: mode.limit, now: now)
    }

    /// What a real drain would meet, and a dry run does not ask.
    private func sayCircumstances(_ reader: any OutboxReader) throws {
        Self.say(
            try reader.pauses().filter { $0.author == .operator }.map { $0.helpdeskID ?? "" })
        if try reader.restoration() != nil {
            Terminal.complain(
                "the database was restored from an older state: a drain sends nothing before "
                    + "`\(RestoreText.end)`")
        }
        let relay = try reader.relay()
        guard relay.state == .down else { return }
        let why = relay.error.map { " (\($0.stage.rawValue): \($0.text))" } ?? ""
        Terminal.complain(
            "the relay was in trouble when it was last tried\(why); a drain tries it anew")
    }

    private func tell(_ forecast: DrainForecast, _ context: CommandContext) throws {
        try Terminal.print(
            context.parsed.has("json")
                ? forecast.json.text(expanding: 2) + "\n" : forecast.text(width: Terminal.width))
    }

    /// - Returns: the helpdesks that the API server has paused.
    private func sayHelpdesksPaused(_ reader: any OutboxReader) throws -> Set<String> {
        let paused = try reader.pauses().filter { $0.author == .api }
        for pause in paused {
            let what = PauseText.subject(pause.helpdeskID)
            Terminal.complain("\(what) is paused by the API server; its mail waits")
        }
        return Set(paused.compactMap(\.helpdeskID))
    }

    static func say(_ hold: Duration) {
        Terminal.complain(
            "the hold is the daemon's, \(DurationText.format(hold)); --now does not wait for it")
    }

    /// The engine says which they are: one that is set while it starts must not be missed.
    static func say(_ pauses: [String]) {
        for pause in pauses {
            let what = PauseText.subject(pause.isEmpty ? nil : pause)
            Terminal.complain("\(what) is paused; this drain acts through the pause")
        }
    }
}

extension CommandContext {
    /// What the options make of a drain, but for the rows.
    fileprivate func drainMode() throws -> RunMode {
        RunMode(
            isDrain: true, ignoresHold: parsed.has("now"), limit: try count("limit"),
            waitsForDeferred: parsed.has("wait"), isOtherRelay: parsed.settings[.smtpURL] != nil,
            maxAge: try duration("max-age", such: "30m, 2h or 1d"))
    }

    /// - Parameter configured: `OUTBOXD_RATE`.
    fileprivate func drainRate(_ configured: RateLimit?) throws -> RateLimit? {
        guard let text = parsed.value("rate") else { return configured }
        guard let rate = RateLimit(parsing: text) else {
            throw usage(
                "--rate takes mails a second or minute, such as 50/s or 600/m, not "
                    + Escaping.quoted(text, limit: 80))
        }
        return [rate, configured].compactMap(\.self).max { $0.interval < $1.interval }
    }
}
