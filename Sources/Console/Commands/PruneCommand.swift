internal import Delivery
internal import Service
internal import Store

struct PruneCommand: Command {
    static let spec = CommandSpec(
        name: "prune", summary: "forget finished rows that are old",
        discussion: """
            Deletes rows that were sent, skipped or have failed longer ago than --older-than, with their \
            stories, also from the API server's table `outbox`. A few thousand rows at a time, so that nobody waits. Asks \
            on a terminal before it deletes.

            For example: `outboxd prune --older-than 90d --dry-run`

            Exit code 75 if it was interrupted.
            """,
        options: [
            .value("older-than", "WHEN", "such as 90d, or a time (RFC 3339)"),
            .flag("dry-run", "say which, and delete nothing"), .flag("yes", "do not ask"),
            .flag("json", "with --dry-run: print an object"),
        ],
        settings: [.database])

    private static let batch = 2_000

    func run(_ context: CommandContext) throws -> ExitCode {
        guard let before = try context.moment("older-than") else {
            throw context.usage("--older-than is missing, such as --older-than 90d")
        }
        let settings = try context.settings()
        let plan = try plan(before, try context.reader(settings), context.now)
        let count = plan.count
        let what = "\(counted(count, "row")) that ended before \(TimeText.moment(before))"
        if context.parsed.has("dry-run") || count == 0 {
            try Terminal.print(
                context.parsed.has("json")
                    ? plan.json("would_be_pruned").text(expanding: 2) + "\n"
                    : plan.text(
                        "that ended before \(TimeText.moment(before)) would be deleted",
                        now: context.now))
            return .ok
        }
        if Terminal.canAsk, !context.parsed.has("yes") {
            Terminal.progress(plan.text("would be deleted", now: context.now))
        }
        if !context.parsed.has("yes"), Terminal.canAsk, !Terminal.ask("delete \(what)?") {
            Terminal.complain("nothing was deleted")
            return .ok
        }
        return try prune(before, try context.outbox(settings), planned: count)
    }

    private func plan(
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

    private func prune(
        _ before: WallTime, _ store: any OutboxOperator, planned: Int
    ) throws -> ExitCode {
        let signals = try SignalWatch()
        var after: Int64? = .min
        var done = 0
        while let position = after {
            guard signals.next(timeout: .zero) == nil else { break }
            let step = try store.prune(endedBefore: before, after: position, limit: Self.batch)
            done += step.rows
            after = step.after
        }
        try Terminal.print("\(counted(done, "row")) deleted\n")
        guard after != nil else { return .ok }
        Terminal.complain(
            "interrupted: about \(max(0, planned - done)) rows are left; the same command goes on with them"
        )
        return .tempFail
    }
}
