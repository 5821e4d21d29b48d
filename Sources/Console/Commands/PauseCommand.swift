internal import Delivery
internal import Service
internal import Store

struct PauseCommand: Command {
    static let spec = CommandSpec(
        name: "pause", summary: "hold all mail back, or that of one helpdesk",
        discussion: """
            Mail under way is finished; nothing else goes out until `outboxd resume`. Rows go on \
            being ingested and skipped as they are read. `outboxd drain` acts through a pause. The \
            API server's own pauses (helpdesks.paused) are kept apart; either holds.

            For example: `outboxd pause --why "relay migration"`
            """,
        options: [
            .value("helpdesk", "ID", "only this helpdesk"),
            .value("why", "TEXT", "the reason, shown by `outboxd status`"),
            .flag("dry-run", "say which rows it concerns, and change nothing"),
        ],
        settings: [.database])

    func run(_ context: CommandContext) throws -> ExitCode {
        let helpdesk = try context.text("helpdesk")
        let settings = try context.settings()
        let waiting = OutboxView.Filter(states: [.pending], helpdeskID: helpdesk)
        if context.parsed.has("dry-run") {
            try context.printPlan(waiting, "would be held back", settings)
            return .ok
        }
        let store = try context.outbox(settings)
        let reader = store.reader
        let now = context.now
        let before = try reader.pauses()
        if let helpdesk, try !reader.knowsHelpdesk(helpdesk) {
            Terminal.complain("no row and no entry names helpdesk \(helpdesk) so far")
        }
        try store.pause(helpdesk: helpdesk ?? "", by: context.note(), at: now)
        let existing = before.first { $0.author == .operator && $0.helpdeskID == helpdesk }
        let what = PauseText.subject(helpdesk)
        if let existing {
            let since = existing.since.map { " since \(TimeText.moment($0))" } ?? ""
            let who = existing.who.map { " by \(Escaping.printable($0))" } ?? ""
            try Terminal.print("\(what) was paused already\(who)\(since)\n")
        } else {
            try Terminal.print("\(what) is paused; `\(PauseText.end(helpdesk))` ends it\n")
        }
        let others = before.filter { $0 != existing }
        if !others.isEmpty { try Terminal.print(PauseText.also(others, word: "also")) }
        return .ok
    }
}
