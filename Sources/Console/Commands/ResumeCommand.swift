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

            For example: `outboxd resume --helpdesk acme`
            """,
        options: [
            .value("helpdesk", "ID", "only this helpdesk"),
            .value("why", "TEXT", "the reason, for the rows' stories"),
            .flag("dry-run", "say which rows it concerns, and change nothing"),
        ],
        settings: [.database])

    func run(_ context: CommandContext) throws -> ExitCode {
        let helpdesk = try context.text("helpdesk")
        let settings = try context.settings()
        if context.parsed.has("dry-run") {
            try tellPlan(helpdesk, try context.reader(settings), context.now)
            return .ok
        }
        let store = try context.outbox(settings)
        let was = try store.resume(helpdesk: helpdesk ?? "", by: context.note(), at: context.now)
        let done = "\(PauseText.subject(helpdesk)) is not paused any more\n"
        try Terminal.print(was ? done : Self.idle(helpdesk))
        let left = try store.reader.pauses()
        if !left.isEmpty { try Terminal.print(PauseText.also(left, word: "still")) }
        return .ok
    }

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
