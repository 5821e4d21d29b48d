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
        let paused = OutboxView.Filter(
            states: [.pending], reasons: [WaitReason.paused.rawValue], helpdeskID: helpdesk)
        if context.parsed.has("dry-run") {
            try context.printPlan(paused, "would go on if nothing else holds them", settings)
            return .ok
        }
        let store = try context.outbox(settings)
        let was = try store.resume(helpdesk: helpdesk ?? "", by: context.note(), at: context.now)
        let done = "\(PauseText.subject(helpdesk)) is not paused any more\n"
        let idle =
            helpdesk == nil
            ? "no operator had paused everything\n"
            : "\(PauseText.subject(helpdesk)) was not paused by an operator\n"
        try Terminal.print(was ? done : idle)
        let left = try store.reader.pauses()
        if !left.isEmpty { try Terminal.print(PauseText.also(left, word: "still")) }
        return .ok
    }
}
