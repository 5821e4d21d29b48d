internal import Delivery

/// When the storing thread asks the database for its version, after a hint that a process writes to it.
///
/// With `synchronous=FULL` the hint comes before the commit can be seen: frames are written, then
/// synced, then published.
///
/// | the hint is of | the thread looks |
/// |---|---|
/// | another process's write | at once, then 250 µs, 500 µs, 1 ms … 64 ms after the hint |
/// | our own write, and no other process has committed for a second | once, 64 ms after the hint |
///
/// What we wrote ourselves is no news. But another process may have had the lock right after us, and
/// written all its frames before we took the hints in: its own hint is then taken for ours.
struct CommitLooks: Equatable {
    private static let afterOthers: [Duration] = (0...8).map { .microseconds(250 << $0) }
    private static let afterOwn: [Duration] = [.milliseconds(64)]

    private var others: SteadyTime?
    private var own: SteadyTime?

    mutating func hinted(isOwn: Bool, at now: SteadyTime) {
        if isOwn { own = now } else { others = now }
    }

    /// The version has changed.
    ///
    /// An earlier commit than the one hinted at may have changed it, so the looks start again.
    mutating func settled(at now: SteadyTime) {
        guard own != nil || others != nil else { return }
        (own, others) = (nil, now)
    }

    /// When to look again; nil if there is nothing to expect.
    mutating func next(after now: SteadyTime) -> SteadyTime? {
        let othersNext = Self.next(Self.afterOthers, since: others, after: now)
        let ownNext = Self.next(Self.afterOwn, since: own, after: now)
        if othersNext == nil { others = nil }
        if ownNext == nil { own = nil }
        return [othersNext, ownNext].compactMap(\.self).min()
    }

    private static func next(
        _ distances: [Duration], since hint: SteadyTime?, after now: SteadyTime
    ) -> SteadyTime? {
        guard let hint else { return nil }
        return distances.lazy.map { hint + $0 }.first { $0 > now }
    }
}
