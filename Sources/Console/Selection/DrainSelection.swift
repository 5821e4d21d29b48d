internal import Delivery
internal import Service
internal import Store

/// What a drain is about: everything, or the rows of a selection as they stand when it begins.
///
/// | given | the rows |
/// |---|---|
/// | nothing | all, those that come meanwhile included |
/// | ids | these; one that isn't there is told, exit code 65; one that has ended is told |
/// | a selection | those of them that wait or are being sent |
struct DrainSelection {
    /// nil is everything.
    private(set) var rows: [Int64]?
    private(set) var unknown: [Int64] = []

    static let options = Selection.options.filter { $0.name != "limit" }

    /// What is wrong with the words is said before a database is looked for.
    static func check(_ context: CommandContext) throws {
        try context.checkSelection()
        _ = try waiting(context.filter(), context)
    }

    init(_ context: CommandContext, _ reader: any OutboxReader) throws {
        let selection = try context.selection(in: reader)
        guard !selection.ids.isEmpty || !selection.filter.isEverything else { return }
        var filter = selection.filter
        if selection.ids.isEmpty { filter = try Self.waiting(filter, context) }
        var rows: [Int64] = []
        var found: Set<Int64> = []
        try RowGathering(reader: reader, now: context.now).forEach(filter, limit: nil) { row in
            found.insert(row.id)
            if [.pending, .sending].contains(row.state) {
                rows.append(row.id)
            } else if !selection.ids.isEmpty {
                Terminal.complain("row \(row.id) is \(row.stateInWords): it is not sent")
            }
            return true
        }
        // The oldest first, as they would go.
        self.rows = rows.sorted()
        unknown = selection.ids.filter { !found.contains($0) }
        for id in unknown { Terminal.complain("there is no row \(id) in the selection") }
    }

    /// Only rows that can be sent.
    private static func waiting(
        _ filter: OutboxView.Filter, _ context: CommandContext
    ) throws -> OutboxView.Filter {
        let sent: Set<RowState> = [.pending, .sending]
        var filter = filter
        filter.states = filter.states.isEmpty ? sent : filter.states.intersection(sent)
        guard !filter.states.isEmpty, !filter.isImpossible else {
            throw context.usage(
                "only rows that wait can be drained (--state pending); `outboxd retry` lets others wait again"
            )
        }
        return filter
    }
}
