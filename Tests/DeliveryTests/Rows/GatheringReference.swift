import Delivery

/// The same decision as ``Gathering``, slow and obvious: each row is asked one question at a time.
struct GatheringReference {
    var rows: [OpenRow]
    var now: WallTime
    var retryAt: WallTime?
    var maxAge: Duration?
    var ignoresHold = false
    var limit = 100

    func reason(_ row: OpenRow) -> SkipReason? {
        if row.isCancelled { return .cancelled }
        if let marker = row.readMarker {
            let seen = marker > now ? now : marker
            if !(seen < row.createdAt) { return .read }
        }
        if row.isSuppressed { return .suppressed }
        if let maxAge, row.attempts == 0, row.createdAt + maxAge < now { return .stale }
        return nil
    }

    func isPastHold(_ row: OpenRow) -> Bool {
        if ignoresHold { return true }
        if row.isInstant { return true }
        if row.attempts > 0 { return true }
        return !(now < row.dueAt)
    }

    var isWaitingForRetry: Bool {
        guard let retryAt, now < retryAt else { return false }
        for row in rows where reason(row) == nil && row.attempts > 0 { return true }
        return false
    }

    var goes: Bool {
        if isWaitingForRetry { return false }
        for row in rows where reason(row) == nil && isPastHold(row) { return true }
        return false
    }

    /// How many live rows come before this one.
    func place(_ row: OpenRow) -> Int {
        rows.count {
            reason($0) == nil
                && ($0.createdAt < row.createdAt
                    || $0.createdAt == row.createdAt && $0.id < row.id)
        }
    }

    enum Fate: Hashable { case mailed, leftOver, waits, skipped(SkipReason) }

    func fate(_ row: OpenRow) -> Fate {
        if let reason = reason(row) {
            return goes || isPastHold(row) ? .skipped(reason) : .waits
        }
        if !goes { return .waits }
        return place(row) < limit ? .mailed : .leftOver
    }
}
