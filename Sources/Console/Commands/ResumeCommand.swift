internal import Delivery
internal import Service
internal import Store

struct ResumeCommand: Command {
    static let spec = CommandSpec(
        name: "resume", summary: "end a pause",
        discussion: """
            Ends the pause of everything, or with --helpdesk that of one helpdesk, and says what is \
            still paused. A pause that the API server has set (helpdesks.paused) is the API \
            server's to end.

            With --restored everything goes that is held since the database was restored from an older \
            state: what was sent after that state goes out again, unless it was cancelled. See first \
            what would go, with `outboxd list --reason restored` or `outboxd drain --dry-run`.

            For example: `outboxd resume --helpdesk acme`
            """,
        options: [
            .value("helpdesk", "ID", "only this helpdesk"),
            .flag("restored", "let go what is held since the database was restored"),
            .value("why", "TEXT", "the reason, for the rows' stories"),
            .flag("dry-run", "say which rows it concerns, and change nothing"),
        ],
        settings: [.database])

    func run(_ context: CommandContext) throws -> ExitCode {
        let helpdesk = try context.text("helpdesk")
        let isRestored = context.parsed.has("restored")
        if isRestored, helpdesk != nil {
            throw context.usage("--restored is about everything: leave --helpdesk out")
        }
        let settings = try context.settings()
        if isRestored { return try release(context, settings) }
        if context.parsed.has("dry-run") {
            try tellPlan(helpdesk, try context.reader(settings), context.now)
            return .ok
        }
        let store = try context.outbox(settings)
        let was = try store.resume(helpdesk: helpdesk ?? "", by: context.note(), at: context.now)
        let done = "\(PauseText.subject(helpdesk)) is not paused any more\n"
        try Terminal.print(was ? done : Self.idle(helpdesk))
        try tellLeft(store.reader)
        return .ok
    }

    /// What goes on holding mail back.
    private func tellLeft(_ reader: any OutboxReader) throws {
        let left = try reader.pauses()
        if !left.isEmpty { try Terminal.print(PauseText.also(left, word: "still")) }
        if try reader.restoration() != nil {
            try Terminal.print(
                "still held: everything, since the database was restored from an older state; "
                    + "`\(RestoreText.end)` lets it go\n")
        }
    }

    // MARK: A restored database

    private func release(_ context: CommandContext, _ settings: Settings) throws -> ExitCode {
        if context.parsed.has("dry-run") {
            let reader = try context.reader(settings)
            guard try reader.restoration() != nil else {
                try Terminal.print(Self.notRestored)
                return .ok
            }
            let filter = OutboxView.Filter(
                states: [.pending], reasons: [WaitReason.restored.rawValue])
            var plan = RowPlan()
            try RowGathering(reader: reader, now: context.now).forEach(filter, limit: nil) { row in
                plan.add(row)
                return true
            }
            try Terminal.print(
                plan.text("would go on if nothing else holds them", now: context.now))
            return .ok
        }
        let store = try context.outbox(settings)
        switch try store.releaseRestored(by: context.note(), at: context.now) {
        case .notHeld: try Terminal.print(Self.notRestored)
        case .released(let problem):
            try Terminal.print(
                "the restored database is released: what waits goes out as it falls due\n")
            if let problem {
                Terminal.complain(
                    "the number beside the database can't be written, so that a restored backup would not "
                        + "be noticed: \(Escaping.printable(problem))")
            }
        }
        try tellLeft(store.reader)
        return .ok
    }

    private static let notRestored =
        "nothing is held: the database does not look restored from an older state\n"

    private static func idle(_ helpdesk: String?) -> String {
        helpdesk == nil
            ? "no operator had paused everything\n"
            : "\(PauseText.subject(helpdesk)) was not paused by an operator\n"
    }

    /// Rows that another pause holds as well would not go on.
    private func tellPlan(
        _ helpdesk: String?, _ reader: any OutboxReader, _ now: WallTime
    ) throws {
        let pauses = try reader.pauses()
        let left = pauses.filter { $0.author != .operator || $0.helpdeskID != helpdesk }
        if left.count == pauses.count {
            try Terminal.print(Self.idle(helpdesk))
        } else {
            let filter = OutboxView.Filter(
                states: [.pending], reasons: [WaitReason.paused.rawValue], helpdeskID: helpdesk)
            let held = Set(left.map(\.helpdeskID))
            var plan = RowPlan()
            try RowGathering(reader: reader, now: now).forEach(filter, limit: nil) { row in
                if !held.contains(nil), !held.contains(row.helpdeskID) { plan.add(row) }
                return true
            }
            try Terminal.print(plan.text("would go on if nothing else holds them", now: now))
        }
        if !left.isEmpty { try Terminal.print(PauseText.also(left, word: "still")) }
    }
}
