internal import Delivery
internal import Service
internal import Store

struct PruneCommand: Command {
    static let spec = CommandSpec(
        name: "prune", summary: "forget finished rows that are old",
        discussion: """
            Deletes rows that were sent, skipped or have failed longer ago than --older-than, with their \
            stories, also from the API server's table `outbox`: all of them, or those of a selection. A few rows \
            at a time, so that nobody waits. Asks on a terminal before it deletes. The daemon does the same by itself \
            with what is older than OUTBOXD_RETENTION.

            A row that other tables refer to (FOREIGN KEY), or that a trigger keeps, stays whole, and is told. The counts of \
            `outboxd status` go on counting what is gone.

            For example: `outboxd prune --older-than 90d --dry-run`, or what failed at a helpdesk that is gone: `outboxd \
            prune --older-than 7d --helpdesk gone --state failed`

            Exit code 65 if a row that was named is not there, or has not ended so long ago, or if one can't be deleted; \
            75 if it was interrupted.
            """,
        options: [.value("older-than", "WHEN", "it ended that long ago: 90d, or a time (RFC 3339)")]
            + Selection.options.filter { $0.name != "older-than" } + [
                .flag("dry-run", "say which, and delete nothing"), .flag("yes", "do not ask"),
                .flag("json", "with --dry-run: print an object"),
            ],
        positionals: [Selection.ids],
        settings: [.database])

    private static let most = 500
    /// The write lock is left free between two steps, and not kept for longer than this.
    private static let pause: Duration = .milliseconds(2)
    private static let budget: Duration = .milliseconds(5)
    private static let patience: Duration = .seconds(30)

    func run(_ context: CommandContext) throws -> ExitCode {
        guard let before = try context.moment("older-than") else {
            throw context.usage("--older-than is missing, such as --older-than 90d")
        }
        try context.checkSelection()
        _ = try finished(context.filter(), context)
        let settings = try context.settings()
        let reader = try context.reader(settings)
        let selection = try context.selection(in: reader)
        let isAll = selection.isEverything || isAllOlder(selection)
        let narrow = isAll ? nil : try planOf(selection, before, reader, context)
        let plan = try narrow?.rows ?? planOfAll(before, reader, context.now)
        narrow?.tellUnknown()
        let ended = "ended before \(TimeText.moment(before))"
        if context.parsed.has("dry-run") || plan.count == 0 {
            try Terminal.print(
                context.parsed.has("json")
                    ? Self.json(plan, narrow).text(expanding: 2) + "\n"
                    : plan.text("that \(ended) would be deleted", now: context.now))
            narrow?.tellRefused()
            return narrow?.exitCode ?? .ok
        }
        if !context.parsed.has("yes"), Terminal.canAsk {
            Terminal.progress(plan.text("would be deleted", now: context.now))
            guard try Terminal.ask("delete \(counted(plan.count, "row")) that \(ended)?") else {
                Terminal.complain("nothing was deleted")
                return .ok
            }
        }
        let store = try context.outbox(settings)
        let code =
            try isAll ? prune(before, store, planned: plan.count) : prune(plan.ids, before, store)
        narrow?.tellRefused()
        return code == .ok ? narrow?.exitCode ?? .ok : code
    }

    private static func json(_ plan: RowPlan, _ narrow: BulkPlan?) -> JSON {
        narrow?.json("would_be_pruned") ?? plan.json("would_be_pruned")
    }

    // MARK: Which

    /// `--older-than` says when a row has ended, here; elsewhere, when it was written.
    private func isAllOlder(_ selection: Selection) -> Bool {
        var filter = selection.filter
        filter.until = nil
        return selection.ids.isEmpty && selection.limit == nil && filter.isEverything
    }

    private func planOfAll(
        _ before: WallTime, _ reader: any OutboxReader, _ now: WallTime
    ) throws -> RowPlan {
        let (byHelpdesk, ids) = try reader.ended(before: before)
        var filter = OutboxView.Filter()
        filter.ids = Set(ids)
        return RowPlan(
            byHelpdesk: byHelpdesk,
            examples: ids.isEmpty
                ? [] : try reader.list(filter, limit: ids.count, from: nil, at: now))
    }

    private func planOf(
        _ selection: Selection, _ before: WallTime, _ reader: any OutboxReader,
        _ context: CommandContext
    ) throws -> BulkPlan {
        var selection = selection
        if selection.ids.isEmpty {
            selection.filter = try finished(selection.filter, context)
        } else {
            selection.filter.until = try context.moment("until")
        }
        let gathering = RowGathering(reader: reader, now: context.now)
        return try BulkPlan(
            selection, gathering, concerns: { Self.refusal($0, before) == nil },
            decide: { rows in
                var refusals: [Int64: String] = [:]
                for row in rows { refusals[row.id] = Self.refusal(row, before) }
                return refusals
            })
    }

    private static func refusal(_ row: OutboxView.Row, _ before: WallTime) -> String? {
        guard let endedAt = row.finishedAt else {
            return "is \(row.stateInWords): only what has ended can be pruned"
        }
        guard endedAt >= before else { return nil }
        return "ended at \(TimeText.moment(endedAt)), which is not before --older-than"
    }

    /// Of the filter, rows that have ended.
    private func finished(
        _ filter: OutboxView.Filter, _ context: CommandContext
    ) throws -> OutboxView.Filter {
        let over: Set<RowState> = [.sent, .skipped, .failed]
        var filter = filter
        filter.states = filter.states.isEmpty ? over : filter.states.intersection(over)
        filter.until = try context.moment("until")
        guard !filter.states.isEmpty, !filter.isImpossible else {
            throw context.usage("only rows that were sent, skipped or have failed can be pruned")
        }
        return filter
    }

    // MARK: Deleting

    private struct Done {
        var rows = 0
        var kept = 0
        var firstKept: PruneStep.Kept?

        mutating func add(_ step: PruneStep) throws {
            if step.isLocked {
                throw Failure(
                    "\(counted(rows, "row")) deleted; then another process had the database locked for "
                        + "\(TimeText.length(PruneCommand.patience))", .ioError)
            }
            rows += step.rows
            kept += step.kept.count
            firstKept = firstKept ?? step.kept.first
        }
    }

    private func prune(
        _ before: WallTime, _ store: any OutboxOperator, planned: Int
    ) throws -> ExitCode {
        let signals = try SignalWatch()
        var place = PrunePlace()
        var done = Done()
        while signals.next(timeout: Self.pause) == nil {
            let step = try store.prune(
                endedBefore: before, from: place, limit: Self.most, patience: Self.patience,
                goesOn: Self.shortly())
            try done.add(step)
            place = step.place
            if step.isThrough { return try end(done, left: nil) }
        }
        return try end(done, left: max(0, planned - done.rows - done.kept))
    }

    private func prune(
        _ ids: [Int64], _ before: WallTime, _ store: any OutboxOperator
    ) throws -> ExitCode {
        let signals = try SignalWatch()
        var rest = ids.sorted()[...]
        var done = Done()
        while !rest.isEmpty, signals.next(timeout: Self.pause) == nil {
            let step = try store.prune(
                Array(rest.prefix(Self.most)), endedBefore: before, patience: Self.patience,
                goesOn: Self.shortly())
            try done.add(step)
            rest = rest.dropFirst(step.looked)
        }
        return try end(done, left: rest.isEmpty ? nil : rest.count)
    }

    /// Says when a step's time is up, which begins with the first question.
    private static func shortly() -> () -> Bool {
        var began: ContinuousClock.Instant?
        return {
            let now = ContinuousClock.now
            let start = began ?? now
            began = start
            return now - start < budget
        }
    }

    /// - Parameter left: After a signal, the number of rows that are left; nil: all were looked at.
    private func end(_ done: Done, left: Int?) throws -> ExitCode {
        try Terminal.print("\(counted(done.rows, "row")) deleted\n")
        if let first = done.firstKept {
            Terminal.complain(
                "\(counted(done.kept, "row")) can't be deleted, such as row \(first.id): "
                    + Escaping.printable(first.text))
        }
        guard let left else { return done.kept == 0 ? .ok : .dataError }
        Terminal.complain(
            "interrupted: about \(left) rows are left; the same command goes on with them")
        return .tempFail
    }
}
