internal import Delivery
internal import Glibc
internal import Service
internal import Store

/// A command that changes the rows of a selection: `retry` and `cancel`.
///
/// | given | |
/// |---|---|
/// | ids | each is tried; one that can't be changed is told, exit code 65 |
/// | a selection, `--all` | the rows that can be changed; where none can, what the others are is told |
/// | neither | refused |
/// | `--dry-run` | says which, by the same decision (``BulkPlan``), and changes nothing |
/// | more than one row, on a terminal, without `--yes` | asks first |
///
/// Rows are changed some hundred at a time, each batch a transaction: a signal ends it between two of them, and what
/// is left is told.
struct BulkChange {
    struct Words {
        /// `retry`: the command.
        var verb: String
        /// `is tried again`, `are tried again`: what becomes of one and of several.
        var done: (String, String)
        /// `would be tried again`.
        var would: String
        /// `retried`: the key in JSON.
        var key: String
        /// Which rows of a selection it is about, for somebody who finds none.
        var hint: String
    }
    let words: Words
    let deed: RowDeed
    /// Those of a selection that it is about.
    let isEligible: (OutboxView.Row) -> Bool

    static let options: [OptionSpec] =
        Selection.options + [
            .flag("all", "all rows that this can be done to"),
            .flag("dry-run", "say which rows these are, and change nothing"),
            .flag("yes", "do not ask"),
            .value("why", "TEXT", "the reason, for the rows' stories"),
            .flag("json", "print an object"),
        ]

    private static let batch = 200

    func run(_ context: CommandContext) throws -> ExitCode {
        try context.checkSelection()
        let settings = try context.settings()
        let note = try context.note()
        let isDry = context.parsed.has("dry-run")
        let reader = try context.reader(settings)
        let selection = try context.selection(in: reader)
        try check(selection, context)
        let plan = try BulkPlan(
            selection, RowGathering(reader: reader, now: context.now), concerns: isEligible,
            decide: { try reader.refusals(of: deed, $0.map(\.id)).mapValues(\.text) })
        plan.tellUnknown()
        let isJSON = context.parsed.has("json")
        if isDry {
            try Terminal.print(
                isJSON
                    ? plan.json("would_be_\(words.key)").text(expanding: 2) + "\n"
                    : plan.rows.text(words.would, now: context.now))
            plan.tellRefused()
            plan.tellLeftOut(words.hint)
            return plan.exitCode
        }
        guard try Self.isConfirmed(plan.rows, words.verb, words.would, context) else { return .ok }
        var tally = try act(plan.rows, note, context, settings)
        tally.add(plan)
        try tally.print(words, isJSON: isJSON)
        plan.tellLeftOut(words.hint)
        return tally.exitCode(hasIDs: !selection.ids.isEmpty)
    }

    private func check(_ selection: Selection, _ context: CommandContext) throws {
        if selection.isAll, !selection.ids.isEmpty {
            throw context.usage("--all and ids exclude each other")
        }
        if selection.isEverything, !selection.isAll {
            throw context.usage(
                "nothing is selected: give ids, a selection such as --helpdesk or --error, or --all"
            )
        }
    }

    /// Asks before more than one row is changed, if somebody can answer.
    static func isConfirmed(
        _ plan: RowPlan, _ verb: String, _ would: String, _ context: CommandContext
    ) throws -> Bool {
        guard plan.count > 1, !context.parsed.has("yes"), Terminal.canAsk else { return true }
        Terminal.progress(plan.text(would, now: context.now))
        if try Terminal.ask("\(verb) these \(counted(plan.count, "row"))?") { return true }
        Terminal.complain("nothing was changed")
        return false
    }

    private func act(
        _ plan: RowPlan, _ note: OperatorNote, _ context: CommandContext, _ settings: Settings
    ) throws -> ChangeTally {
        var tally = ChangeTally(planned: plan.count)
        guard plan.count > 0 else { return tally }
        let signals = try SignalWatch()
        let store = try context.outbox(settings)
        // The oldest first: what is due again goes in that order.
        var rest = plan.ids.sorted()[...]
        while !rest.isEmpty, signals.next(timeout: .zero) == nil {
            let ids = Array(rest.prefix(Self.batch))
            tally.add(try store.perform(deed, on: ids, by: note, at: context.now), of: ids)
            rest = rest.dropFirst(ids.count)
        }
        tally.isInterrupted = !rest.isEmpty
        return tally
    }
}
