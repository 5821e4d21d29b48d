internal import Delivery
internal import Store

/// The rows that a selection finds, one after the other: a page is read at a time, so that what is done with
/// them holds no snapshot open.
struct RowGathering {
    let reader: any OutboxReader
    let now: WallTime
    private static let page = 5_000

    /// - Parameter body: returns false where it wants no more.
    func forEach(
        _ filter: OutboxView.Filter, limit: Int?, _ body: (OutboxView.Row) throws -> Bool
    ) throws {
        var left = limit ?? .max
        var position = try reader.start()
        while left > 0 {
            let size = min(left, Self.page)
            let rows = try reader.list(filter, limit: size, from: position, at: now)
            for row in rows {
                guard try body(row) else { return }
            }
            left -= rows.count
            guard rows.count == size, let last = rows.last else { return }
            position = position.after(last)
        }
    }
}
