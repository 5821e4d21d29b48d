internal import Delivery
internal import Service
internal import Store

struct CancelCommand: Command {
    static let spec = CommandSpec(
        name: "cancel", summary: "take rows back that were not sent yet",
        discussion: """
            What waits is skipped, reason `cancelled`, as if the API server had set cancelled_at. A mail \
            that is being sent does not go out unless its content has gone already. Rows that were sent, \
            skipped or have failed stay as they are. Asks on a terminal before it acts on more than one row.

            For example, what nobody needs any more after an outage: \
            `outboxd cancel --older-than 12h --dry-run`, then the same with --why and without --dry-run.

            Exit code 65 if a row that was named can't be cancelled; 75 if it was interrupted.
            """,
        options: BulkChange.options, positionals: [Selection.ids], settings: [.database])

    func run(_ context: CommandContext) throws -> ExitCode {
        let filter = try context.filter()
        let states = filter.states
        let waits = Set(WaitReason.allCases.map(\.rawValue))
        if !filter.reasons.isEmpty, filter.reasons.isDisjoint(with: waits) {
            throw context.usage("only what waits can be cancelled: it has none of these reasons")
        }
        if !states.isEmpty, states.isDisjoint(with: [.pending, .sending]) {
            throw context.usage("only pending and sending rows can be cancelled")
        }
        return try BulkChange(
            words: .init(
                verb: "cancel", done: ("is cancelled", "are cancelled"),
                would: "would be cancelled", key: "cancelled",
                hint: "what waits or is being sent, and was not cancelled before, can be cancelled"),
            deed: .cancel,
            isEligible: { [.pending, .sending].contains($0.state) }
        ).run(context)
    }
}
