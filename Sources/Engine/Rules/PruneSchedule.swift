internal import Delivery
internal import Store

/// When old rows are pruned, in steps of a few milliseconds: the mail goes first.
///
/// | the last step | the next one |
/// |---|---|
/// | pruned rows, and there may be more | after twenty-four times what it took: a tenth of one core, with the checkpoints and looks that follow |
/// | the same, and mails are under way | after ten times as long |
/// | found nothing more | after ``Retention/lookInterval``, a minute as a rule |
/// | took so long with one row that it was left | after an hour: it is likely to be so with the others |
/// | met another process's lock | after 100 ms |
/// | was to begin while something due waited for the thread | after 100 ms; after ten minutes of that it begins all the same |
/// | any, and the clock was set after it | after an hour, in which it may be put right |
///
/// How many rows a step takes follows from how long the last one had the lock, its commit included:
///
/// | it had the lock for | the next takes |
/// |---|---|
/// | more than 4 ms | half as many, one at least |
/// | less than 3 ms, with all that it was to take | a quarter more, 100 at most |
/// | else | as many |
///
/// Rows that can't be deleted are stepped over, and tried again once a day, from the beginning. Of a million of
/// them a look at the others sees none.
struct PruneSchedule {
    /// When a step ends, whatever is left, and commits.
    static let budget: Duration = .milliseconds(2)
    private static let most = 100
    private static let longestHold: Duration = .milliseconds(4)
    private static let shortHold: Duration = .milliseconds(3)
    static let patience: Duration = .milliseconds(2)

    private static let restWhenIdle = 24
    private static let restWhenBusy = 240
    private static let day: Duration = .seconds(86_400)
    private static let long: Duration = .seconds(3_600)
    private static let short: Duration = .milliseconds(100)
    private static let mostPostponed: Duration = .seconds(600)

    private(set) var place = PrunePlace()
    /// How many rows the next step takes.
    private(set) var limit = 50
    /// Rows that could not be deleted since the beginning.
    private(set) var kept = 0
    private(set) var keptText: String?
    /// All of them were met once.
    private(set) var isKeptKnown = false
    /// When it goes on.
    private(set) var nextAt = SteadyTime(nanoseconds: 0)
    private var beganAt: SteadyTime?
    private var postponedSince: SteadyTime?

    func isDue(at now: SteadyTime) -> Bool { now >= nextAt }

    /// A step begins.
    ///
    /// - Parameter isWanted: Something due waits for this thread.
    /// - Returns: false if the step is put off.
    mutating func begin(besidesWork isWanted: Bool, at now: SteadyTime) -> Bool {
        if isWanted {
            let since = postponedSince ?? now
            postponedSince = since
            guard now - since >= Self.mostPostponed else {
                nextAt = now + Self.short
                return false
            }
        } else {
            postponedSince = nil
        }
        if beganAt.map({ now - $0 >= Self.day }) ?? true {
            beganAt = now
            place = PrunePlace()
            (kept, keptText, isKeptKnown) = (0, nil, false)
        }
        return true
    }

    /// - Parameter lockedAt: Since when it had the lock; nil: it did not need it.
    mutating func stepped(
        _ step: PruneStep, from start: SteadyTime, lockedAt: SteadyTime?, at now: SteadyTime,
        isBusy: Bool, lookInterval: Duration
    ) {
        place = step.place
        if let lockedAt, !step.isLocked { adapt(to: now - lockedAt, looked: step.looked) }
        kept += step.kept.count
        keptText = step.kept.last?.text ?? keptText
        if step.isLocked {
            nextAt = now + Self.short
        } else if step.kept.contains(where: \.isSlow) {
            nextAt = now + Self.long
        } else if step.isThrough {
            isKeptKnown = true
            nextAt = now + lookInterval
        } else {
            nextAt = now + (now - start) * (isBusy ? Self.restWhenBusy : Self.restWhenIdle)
        }
    }

    private mutating func adapt(to held: Duration, looked: Int) {
        if held > Self.longestHold {
            limit = max(1, limit / 2)
        } else if held < Self.shortHold, looked == limit {
            limit = min(Self.most, limit + limit / 4 + 1)
        }
    }

    mutating func clockWasSet(at now: SteadyTime) { nextAt = max(nextAt, now + Self.long) }

    /// Another time counts from now on.
    mutating func hasten() { nextAt = SteadyTime(nanoseconds: 0) }
}
