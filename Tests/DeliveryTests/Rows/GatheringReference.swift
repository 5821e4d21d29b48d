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
        let writtenAt = max(row.createdAt, row.notBefore ?? row.createdAt)
        if let maxAge, row.attempts == 0, writtenAt + maxAge < now { return .stale }
        return nil
    }

    func isUnwritten(_ row: OpenRow) -> Bool {
        if let notBefore = row.notBefore { return now < notBefore }
        return false
    }

    func isDue(_ row: OpenRow) -> Bool {
        if isUnwritten(row) { return false }
        if ignoresHold { return true }
        if row.isInstant { return true }
        return !(now < row.dueAt)
    }

    /// Whether the row ends as soon as there is a reason not to mail it.
    func endsOnceGone(_ row: OpenRow) -> Bool {
        isDue(row) || !isUnwritten(row) && row.attempts > 0
    }

    func isLive(_ row: OpenRow) -> Bool { reason(row) == nil && !isUnwritten(row) }

    var isWaitingForRetry: Bool {
        guard let retryAt, now < retryAt else { return false }
        for row in rows where isLive(row) && row.attempts > 0 { return true }
        return false
    }

    var goes: Bool {
        if isWaitingForRetry { return false }
        for row in rows where isLive(row) && isDue(row) { return true }
        return false
    }

    /// How many live rows come before this one.
    func place(_ row: OpenRow) -> Int {
        rows.count {
            isLive($0)
                && ($0.createdAt < row.createdAt
                    || $0.createdAt == row.createdAt && $0.id < row.id)
        }
    }

    enum Fate: Hashable { case mailed, leftOver, waits, skipped(SkipReason) }

    func fate(_ row: OpenRow) -> Fate {
        if isUnwritten(row) { return .waits }
        if let reason = reason(row) {
            return goes || endsOnceGone(row) ? .skipped(reason) : .waits
        }
        if !goes { return .waits }
        return place(row) < limit ? .mailed : .leftOver
    }
}
