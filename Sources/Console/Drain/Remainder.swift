internal import Delivery
internal import Store

/// What a drain has left: of everything, or of the rows it was told to send.
struct Remainder {
    /// Rows that wait.
    private(set) var rows = 0
    private(set) var byReason: [WaitReason: Int] = [:]
    /// When the first row with this reason is looked at next, where that is known.
    private(set) var next: [WaitReason: WallTime] = [:]
    /// Mails that wait for another of their conversation.
    private(set) var mailsBehind = 0
    private var isEstimate = false
    private let now: WallTime

    private static let slice = 2_000

    /// - Parameter rows: nil is everything.
    init(of rows: [Int64]?, _ reader: any OutboxReader, at now: WallTime) throws {
        self.now = now
        mailsBehind = try reader.mailsBehind(ofRows: rows)
        guard let rows else {
            let numbers = try reader.numbers(at: now)
            byReason = numbers.waiting
            isEstimate = numbers.isEstimate
            self.rows = numbers.counts[.pending] ?? 0
            let upcoming = try reader.upcoming(at: now)
            (next[.hold], next[.deferred]) = (upcoming.hold, upcoming.deferred)
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
        guard let reason = row.reason.flatMap(WaitReason.init(rawValue:)) else { return }
        byReason[reason, default: 0] += 1
        guard [.hold, .deferred].contains(reason), row.dueAt > now else { return }
        next[reason] = min(next[reason] ?? row.dueAt, row.dueAt)
    }

    /// Something is still to be tried again, by a later drain or a daemon.
    var hasDeferred: Bool {
        [.deferred, .sender, .relay].contains { byReason[$0, default: 0] > 0 }
    }

    /// `37 rows wait: 30 hold (the first is due in 45 s), 4 deferred (the first is tried in 3 min)`; nil if none
    /// does.
    var text: String? {
        guard rows > 0 else { return nil }
        let time = TimeText(now: now)
        let reasons = WaitReason.allCases.compactMap { reason -> String? in
            guard let count = byReason[reason], count > 0 else { return nil }
            let verb = reason == .hold ? "is due" : "is tried"
            let next = next[reason].map { " (the first \(verb) \(time.relative($0)))" } ?? ""
            return "\(DrainLine.grouped(count)) \(reason.rawValue)\(next)"
        }
        let behind =
            mailsBehind > 0
            ? "; \(counted(mailsBehind, "mail")) behind another of \(mailsBehind == 1 ? "its" : "their") conversation"
            : ""
        return (isEstimate ? "about " : "")
            + "\(DrainLine.grouped(rows)) \(rows == 1 ? "row waits" : "rows wait"): "
            + reasons.joined(separator: ", ") + behind
    }
}
