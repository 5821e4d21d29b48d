internal import Delivery

/// Ids of `outbox` that wait to be ingested, where more came at once than one batch holds: helpdesks
/// take turns, so that one helpdesk's 20,000 rows don't stand before another's one.
///
/// Within a helpdesk the order of the ids stays, and so does the order within each conversation.
///
/// | the queue | a batch is |
/// |---|---|
/// | is closed | the first rows above ``SQLiteStore/newestIngested``, by id; if it is full, the queue opens behind it |
/// | is open | one row of each helpdesk in turn, of those in the queue |
/// | is open, and all of `outbox` has been through it | the last: the queue closes |
///
/// It holds ids alone, at most ``most`` of them (some 3 MB). What is behind those waits in the order of
/// ids.
struct IngestQueue {
    private var rows = Rotation<Int64>()
    /// The last id that is, or was, in the queue; nil while it is closed.
    private(set) var end: Int64?
    /// Nothing stood behind the last id when it was read.
    private(set) var isComplete = false

    static let most = 200_000
    /// Read at once: some 3 ms under the write lock.
    static let step = 10_000

    var isOpen: Bool { end != nil }
    var isFull: Bool { rows.count >= Self.most }

    mutating func open(behind id: Int64) {
        end = id
        isComplete = false
    }

    mutating func append(_ id: Int64, helpdesk: String) {
        rows.append(id, of: helpdesk)
        end = id
    }

    /// Whether there were fewer rows to append than were asked for.
    mutating func appended(all isAll: Bool) { isComplete = isAll }

    /// The rows whose turn it is.
    mutating func next(_ limit: Int) -> RowChoice {
        // What lies between those of the only helpdesk has been through the queue.
        let isRange = rows.ownerCount == 1
        var ids: [Int64] = []
        ids.reserveCapacity(min(limit, rows.count))
        while ids.count < limit, let id = rows.popFirst() { ids.append(id) }
        if isRange, let first = ids.first, let last = ids.last { return .within(first...last) }
        return .these(ids)
    }

    /// Closes the queue if all of `outbox` has been through it.
    /// - Returns: the newest id that was; nil while it stays open.
    mutating func closeIfThrough() -> Int64? {
        guard isComplete, rows.isEmpty, let end else { return nil }
        self = IngestQueue()
        return end
    }
}
