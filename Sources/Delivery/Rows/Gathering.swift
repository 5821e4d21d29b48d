/// What becomes, at one moment, of the open rows of one group: the same helpdesk, conversation,
/// recipient and audience (Contract.md, "Combining").
///
/// A row whose `not_before` is yet to come counts as not yet written: it takes no part, also where it was tried before.
/// Another row is *gone* when it is cancelled, read, suppressed or stale, else *live*.
///
/// 1. **When.** A mail goes out as soon as any live row is due: the hold does not slide, and an instant
///    row takes the held ones with it. Except that after a temporary failure, as long as a row that
///    was tried is live, the group waits until `retryAt`: newer rows neither overtake nor hasten it.
///    Where the instant row is gone by then, the held ones wait until their own hold is over.
/// 2. **What.** All live rows, those on hold included, by `created_at` and then `id`; the oldest
///    ``mostRows`` where there are more. The rest is for the next mail.
/// 3. **Gone rows** are skipped late, since `cancelled_at` can be taken back and the read check belongs
///    to the last moment: once their own hold is over, at once where they were tried before, and in
///    any case when a mail of the group goes out.
///
/// | live rows | tried ones among them | now | outcome |
/// |---|---|---|---|
/// | none | | | nothing goes |
/// | all on hold | none | | nothing goes; look again at the earliest due time |
/// | one due or instant | none | | the mail goes |
/// | any | some | before `retryAt` | nothing goes; look again at `retryAt`, or when a hold ends |
/// | one due or instant | some | `retryAt` has come, or is nil | the mail goes |
/// | all on hold | some | `retryAt` has come, or is nil | nothing goes; look again at the earliest due time |
package struct Gathering: Hashable, Sendable {
    /// Rows to finish as `skipped`, oldest first; also when no mail can go out (the relay is down).
    package private(set) var skips: [Skip] = []
    /// The rows of the mail to send now, in order; empty: nothing goes now.
    package private(set) var mail: [Int64] = []
    /// Live rows beyond the limit, oldest first: gather again once the mail is through.
    package private(set) var leftOver: [Int64] = []
    /// When to look again if nothing changes in the tables, always later than now; nil if a mail
    /// goes out now or no row is left.
    package private(set) var lookAgainAt: WallTime?

    package static let mostRows = 100

    /// - Parameters:
    ///   - rows: All open rows of the group, in any order.
    ///   - retryAt: When the group's deferred mail may be tried again; nil if none was deferred.
    ///   - maxAge: `OUTBOXD_MAX_AGE`; nil: off.
    ///   - maxAgeOfAll: `drain --max-age`: stands for `maxAge`, for rows that were tried before, too.
    ///   - ignoresHold: `drain --now`: holds count as over. `retryAt` still counts.
    ///   - limit: The most rows in the mail, at least 1.
    package init(
        of rows: [OpenRow], at now: WallTime, retryAt: WallTime? = nil, maxAge: Duration? = nil,
        maxAgeOfAll: Duration? = nil, ignoresHold: Bool = false, limit: Int = Gathering.mostRows
    ) {
        let sorted = rows.sorted(by: OpenRow.isOlder)
        let reasons = sorted.map { Self.reasonToSkip($0, at: now, maxAge, ofAll: maxAgeOfAll) }
        func isUnwritten(_ row: OpenRow) -> Bool { row.notBefore.map { $0 > now } ?? false }
        func isHeld(_ row: OpenRow) -> Bool {
            !ignoresHold && !row.isInstant && row.dueAt > now
        }
        let live = zip(sorted, reasons).filter { $0.1 == nil && !isUnwritten($0.0) }.map(\.0)

        let wasTried = live.contains { $0.attempts > 0 }
        let waitsUntil = wasTried ? retryAt.flatMap { $0 > now ? $0 : nil } : nil
        let goes = waitsUntil == nil && live.contains { !isHeld($0) }

        for case (let row, let reason?) in zip(sorted, reasons)
        where !isUnwritten(row) && (goes || row.attempts > 0 || !isHeld(row)) {
            skips.append(Skip(row: row.id, reason: reason))
        }
        if goes {
            mail = live.prefix(max(limit, 1)).map(\.id)
            leftOver = live.dropFirst(mail.count).map(\.id)
            return
        }
        // Also while a retry is waited for: a gone row is skipped on time, and a tried row may be gone
        // by then.
        let skipped = Set(skips.map(\.row))
        let moments = sorted.filter { !skipped.contains($0.id) }.compactMap { row in
            isUnwritten(row) ? row.notBefore : isHeld(row) ? row.dueAt : nil
        }
        lookAgainAt = (moments + [waitsUntil].compactMap(\.self)).min()
    }

    /// ``OpenRow/reasonToSkip(at:)``, or stale: "a reply older than this when it would first be sent".
    private static func reasonToSkip(
        _ row: OpenRow, at now: WallTime, _ maxAge: Duration?, ofAll maxAgeOfAll: Duration?
    ) -> SkipReason? {
        if let reason = row.reasonToSkip(at: now) { return reason }
        let writtenAt = max(row.createdAt, row.notBefore ?? row.createdAt)
        guard let oldest = maxAgeOfAll ?? (row.attempts == 0 ? maxAge : nil),
            now - writtenAt > oldest
        else { return nil }
        return .stale
    }
}
