internal import Delivery
internal import Service
internal import Store

struct ResolveCommand: Command {
    static let spec = CommandSpec(
        name: "resolve", summary: "settle uncertain mail that is held",
        discussion: """
            A mail is uncertain when the connection, or outboxd, died after the mail had gone out \
            and before the relay's reply was noted. With OUTBOXD_ON_UNCERTAIN=hold it is held until \
            somebody has looked, in the relay's log or with the recipient, whether it arrived. \
            `outboxd list --reason uncertain` shows the rows. An id settles the whole mail that the \
            row is in.

            --resend sends the very same copy again, with the same Message-ID. Rows that have been \
            read or cancelled meanwhile may make it unnecessary: then it does not go out.

            For example, after a look into the relay's log: `outboxd resolve 12 --sent --why "in its \
            log"`, or for all that are held: `outboxd resolve --all --resend`

            Exit code 65 where any of the rows is not held; the others are settled all the same. 75 if it was \
            interrupted.
            """,
        options: [
            .flag("sent", "it has arrived: the rows count as sent"),
            .flag("resend", "it has not: send it again"),
        ] + BulkChange.options,
        positionals: [Selection.ids],
        settings: [.database])

    func run(_ context: CommandContext) throws -> ExitCode {
        let resolution = try resolution(context)
        try context.checkSelection()
        try check(context.filter(), context)
        let settings = try context.settings()
        let note = try context.note()
        let reader = try context.reader(settings)
        let selection = try selection(context, reader)
        let plan = try plan(selection, reader, context.now)
        let would = resolution == .sent ? "would count as sent" : "would be sent again"
        if context.parsed.has("dry-run") { return try tell(plan, would, context) }
        let isNamed = !selection.ids.isEmpty
        if !isNamed, plan.rows.count == 0, !context.parsed.has("json") {
            try Terminal.print("no row is held as uncertain\n")
            return .ok
        }
        guard try BulkChange.isConfirmed(plan.rows, "settle", would, context) else { return .ok }
        let ids = isNamed ? selection.ids : plan.rows.ids.sorted()
        let signals = try SignalWatch()
        var run = ResolveRun(
            resolution: resolution, store: try context.outbox(settings), note: note,
            isJSON: context.parsed.has("json"))
        var rest = ids[...]
        while let id = rest.first, signals.next(timeout: .zero) == nil {
            try run.settle(id, at: context.now)
            rest = rest.dropFirst()
        }
        return try run.end(left: rest.count)
    }

    private func check(_ filter: OutboxView.Filter, _ context: CommandContext) throws {
        let held = WaitReason.uncertain.rawValue
        if !filter.reasons.isEmpty, !filter.reasons.contains(held) {
            throw context.usage("only rows with the reason \(held) are held")
        }
        if !filter.states.isEmpty, !filter.states.contains(.pending) {
            throw context.usage("only rows that are \(RowState.pending.name) are held")
        }
    }

    private func selection(
        _ context: CommandContext, _ reader: any OutboxReader
    ) throws -> Selection {
        var selection = try context.selection(in: reader)
        if selection.isEverything, !selection.isAll {
            throw context.usage("ID is missing, or a selection such as --helpdesk, or --all")
        }
        if selection.isAll, !selection.ids.isEmpty {
            throw context.usage("--all and ids exclude each other")
        }
        if selection.ids.isEmpty { selection.filter.reasons = [WaitReason.uncertain.rawValue] }
        return selection
    }

    private func plan(
        _ selection: Selection, _ reader: any OutboxReader, _ now: WallTime
    ) throws -> BulkPlan {
        try BulkPlan(
            selection, RowGathering(reader: reader, now: now), concerns: { _ in true },
            decide: { rows in
                var refusals: [Int64: String] = [:]
                for row in rows {
                    refusals[row.id] = ResolveRun.refusal(try reader.resolving(row: row.id))
                }
                return refusals
            })
    }

    private func tell(
        _ plan: BulkPlan, _ would: String, _ context: CommandContext
    ) throws -> ExitCode {
        plan.tellUnknown()
        try Terminal.print(
            context.parsed.has("json")
                ? plan.json("would_be_settled").text(expanding: 2) + "\n"
                : plan.rows.text(would, now: context.now))
        plan.tellRefused()
        return plan.exitCode
    }

    private func resolution(_ context: CommandContext) throws -> Resolution {
        switch (context.parsed.has("sent"), context.parsed.has("resend")) {
        case (true, false): .sent
        case (false, true): .resend
        case (true, true): throw context.usage("--sent and --resend exclude each other")
        case (false, false): throw context.usage("--sent or --resend is missing")
        }
    }
}
