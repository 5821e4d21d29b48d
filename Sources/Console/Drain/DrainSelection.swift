internal import Delivery
internal import Engine
internal import Service
internal import Store

/// What a drain is about: everything, or the rows of a selection as they stand when it begins.
///
/// | given | the rows |
/// |---|---|
/// | nothing | all, those that come meanwhile included |
/// | ids | these; one that isn't there is told, exit code 65; one that has ended is told |
/// | a selection | those of them that wait or are being sent |
/// | `--include-failed` | the failed ones of them as well, after they were made to wait again |
/// | `--limit N` with it | no more than the newest N of the failed ones: a canary lets no others go |
struct DrainSelection {
    /// nil is everything.
    private(set) var rows: [Int64]?
    private(set) var unknown: [Int64] = []
    /// Failed rows that belong to the selection; those that no relay could take only where they are named.
    private(set) var failed = RowPlan()

    static let options = Selection.options.filter { $0.name != "limit" }

    /// What is wrong with the words is said before a database is looked for.
    static func check(_ context: CommandContext) throws {
        try context.checkSelection()
        let filter = try context.filter()
        _ = try open(filter, context)
        if context.parsed.has("all"), !context.parsed.positionals.isEmpty {
            throw context.usage("--all and ids exclude each other")
        }
    }

    /// - Parameter withFailed: Failed rows are looked for.
    init(_ context: CommandContext, _ reader: any OutboxReader, withFailed: Bool) throws {
        let selection = try context.selection(in: reader)
        let gathering = RowGathering(reader: reader, now: context.now)
        if selection.ids.isEmpty {
            try gather(selection, context, gathering, withFailed: withFailed)
        } else {
            try gatherNamed(selection, gathering, withFailed: withFailed)
        }
        for id in unknown { Terminal.complain("there is no row \(id) in the selection") }
    }

    private mutating func gather(
        _ selection: Selection, _ context: CommandContext, _ gathering: RowGathering,
        withFailed: Bool
    ) throws {
        if withFailed, let filter = Self.of([.failed], selection.filter) {
            let namesReasons = !filter.reasons.isEmpty
            try gathering.forEach(filter, limit: nil) { row in
                if namesReasons || !row.isInvalid { failed.add(row) }
                return failed.count < selection.limit ?? .max
            }
        }
        guard !selection.filter.isEverything else { return }
        var found: [Int64] = []
        if let filter = try Self.open(selection.filter, context) {
            try gathering.forEach(filter, limit: nil) { row in
                found.append(row.id)
                return true
            }
        }
        // The oldest first, as they would go.
        rows = found.sorted()
    }

    private mutating func gatherNamed(
        _ selection: Selection, _ gathering: RowGathering, withFailed: Bool
    ) throws {
        var found: [Int64] = []
        var known: Set<Int64> = []
        try gathering.forEach(selection.filter, limit: nil) { row in
            known.insert(row.id)
            switch row.state {
            case .pending, .sending: found.append(row.id)
            case .failed where withFailed:
                if failed.count < selection.limit ?? .max { failed.add(row) }
            case .failed, .skipped, .sent:
                Terminal.complain("row \(row.id) is \(row.stateInWords): it is not sent")
            }
            return true
        }
        rows = found.sorted()
        unknown = selection.ids.filter { !known.contains($0) }
    }

    /// Of the filter, rows in these states; nil if there can be none.
    private static func of(
        _ states: Set<RowState>, _ filter: OutboxView.Filter
    ) -> OutboxView.Filter? {
        var filter = filter
        filter.states = filter.states.isEmpty ? states : filter.states.intersection(states)
        return filter.states.isEmpty || filter.isImpossible ? nil : filter
    }

    /// Only rows that can be sent.
    private static func open(
        _ filter: OutboxView.Filter, _ context: CommandContext
    ) throws -> OutboxView.Filter? {
        if let open = of([.pending, .sending], filter) { return open }
        guard context.parsed.has("include-failed"), of([.failed], filter) != nil else {
            throw context.usage(
                "only rows that wait can be drained; --include-failed lets failed ones wait again first"
            )
        }
        return nil
    }

    // MARK: --include-failed

    private static let batch = 200

    /// Makes the failed rows wait again, as `outboxd retry` does; they belong to the drain from then on.
    ///
    /// - Parameter goesOn: Asked between batches.
    mutating func retryFailed(
        _ store: any OutboxOperator, by note: OperatorNote, at now: () -> WallTime,
        goesOn: () -> Bool
    ) throws {
        var tally = ChangeTally(planned: failed.count)
        var rest = failed.ids.sorted()[...]
        while !rest.isEmpty {
            guard goesOn() else {
                throw Failure(
                    "interrupted: \(rest.count) of \(failed.count) failed rows were not made to wait again, "
                        + "and nothing was sent; the same command goes on", .tempFail)
            }
            let ids = Array(rest.prefix(Self.batch))
            let results = try store.perform(
                .retry(fault: RowRules.fault), on: ids, by: note, at: now())
            tally.add(results, of: ids)
            if rows != nil { rows? += ids.filter { results[$0] == .done } }
            rest = rest.dropFirst(ids.count)
        }
        guard failed.count > 0 else { return }
        Terminal.complain(
            "\(counted(tally.done, "failed row")) wait\(tally.done == 1 ? "s" : "") again")
        for refusal in tally.refused.prefix(20) {
            Terminal.complain("row \(refusal.id) \(refusal.why)")
        }
        if tally.refused.count > 20 {
            Terminal.complain(
                "and \(counted(tally.refused.count - 20, "row")) more can't be retried")
        }
    }
}

extension OutboxView.Row {
    /// It has failed for its own values: it can't be sent before they are mended, and is meant only where it is
    /// named.
    var isInvalid: Bool {
        state == .failed
            && [FailReason.invalidRow, .invalidAddress].map(\.rawValue).contains(reason)
    }
}
