internal import Delivery
internal import Store

/// What a drain has left: of everything, or of the rows it was told to send.
struct Remainder {
    /// Rows that wait or are being sent.
    private(set) var rows = 0
    private(set) var byReason: [WaitReason: Int] = [:]

    private static let slice = 2_000

    /// - Parameter rows: nil is everything.
    init(of rows: [Int64]?, _ reader: any OutboxReader, at now: WallTime) throws {
        guard let rows else {
            let numbers = try reader.numbers(at: now)
            byReason = numbers.waiting
            self.rows = numbers.counts[.pending] ?? 0
            return
        }
        for start in stride(from: 0, to: rows.count, by: Self.slice) {
            var filter = OutboxView.Filter(states: [.pending])
            filter.ids = Set(rows[start..<min(rows.count, start + Self.slice)])
            for row in try reader.list(filter, limit: Self.slice, from: nil, at: now) {
                add(row)
            }
        }
    }

    private mutating func add(_ row: OutboxView.Row) {
        rows += 1
        if let reason = row.reason.flatMap(WaitReason.init(rawValue:)) {
            byReason[reason, default: 0] += 1
        }
    }

    /// Something is still to be tried again, by a later drain or a daemon.
    var hasDeferred: Bool {
        [.deferred, .sender, .relay].contains { byReason[$0, default: 0] > 0 }
    }
}
