internal import Delivery
internal import Service
internal import Store

/// The rows that a selection finds, one after the other: a page is read at a time, so that what is done with
/// them holds no snapshot open.
struct RowGathering {
    let reader: any OutboxReader
    let now: WallTime
    /// Whoever changes rows has not begun while they are gathered.
    var signals: SignalWatch?
    private static let page = 5_000

    /// - Parameter body: returns false where it wants no more.
    func forEachPage(
        _ filter: OutboxView.Filter, limit: Int?, _ body: ([OutboxView.Row]) throws -> Bool
    ) throws {
        var left = limit ?? .max
        var position = try reader.start()
        while left > 0 {
            let size = min(left, Self.page)
            let rows = try reader.list(filter, limit: size, from: position, at: now)
            if let signals, signals.next(timeout: .zero) != nil {
                throw Failure("interrupted: nothing was changed", .tempFail)
            }
            guard try body(rows), rows.count == size, let last = rows.last else { return }
            left -= rows.count
            position = position.after(last)
        }
    }

    /// - Parameter body: returns false where it wants no more.
    func forEach(
        _ filter: OutboxView.Filter, limit: Int?, _ body: (OutboxView.Row) throws -> Bool
    ) throws {
        try forEachPage(filter, limit: limit) { rows in try rows.allSatisfy(body) }
    }

    /// All that the filter finds.
    func plan(_ filter: OutboxView.Filter, limit: Int? = nil) throws -> RowPlan {
        var plan = RowPlan()
        try forEach(filter, limit: limit) { row in
            plan.add(row)
            return true
        }
        return plan
    }
}
