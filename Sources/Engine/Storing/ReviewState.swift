internal import Delivery
internal import Store

/// Where the review of the waiting mails stands.
struct ReviewState {
    private(set) var position: ReviewPosition?
    private(set) var isUnderWay = false
    private var isWanted = false
    private var spent: Duration = .zero
    private var earliest = SteadyTime(nanoseconds: 0)
    /// A look at the parked lines alone, while a pass is under way.
    private(set) var glance: ReviewPosition?
    private var nextGlance = SteadyTime(nanoseconds: 0)
    private var nextWhileDown = SteadyTime(nanoseconds: 0)
    private static let rest = 100
    /// What a pass costs before it rests: some thousand mails.
    private static let free: Duration = .milliseconds(20)
    private static let restOfLongPass = 9
    private static let restWhileDown: Duration = .seconds(60)
    private static let shortestRest: Duration = .milliseconds(250)
    private static let restAfterLong = 10

    /// Something changed that waiting mails may depend on.
    mutating func want() { isWanted = true }

    /// The relay is down, so that what is due is not looked at by claims.
    ///
    /// What the API server changes makes a pass wanted by itself; the rest hangs on time alone, such as
    /// `OUTBOXD_MAX_AGE`, and is looked at once a minute.
    mutating func wantWhileDown(at now: SteadyTime) {
        guard now >= nextWhileDown else { return }
        isWanted = true
        nextWhileDown = now + Self.restWhileDown
    }

    /// Begins a pass, or the next part of one.
    ///
    /// - Returns: false if there is nothing to do now.
    mutating func begin(at now: SteadyTime) -> Bool {
        guard isWanted || isUnderWay, now >= earliest else { return false }
        if !isUnderWay { (isUnderWay, isWanted) = (true, false) }
        return true
    }

    /// Something has changed during a pass: beside a million mails it takes an hour while mails are under way,
    /// and a helpdesk that is paused no more is not to wait for the next one.
    ///
    /// - Returns: whether the parked lines are looked at now.
    func beginsGlance(at now: SteadyTime) -> Bool {
        isUnderWay && isWanted && now >= nextGlance
    }

    /// - Parameter position: Where the next glance begins; nil: at the first line.
    mutating func glanced(to position: ReviewPosition?, at now: SteadyTime, cost: Duration) {
        glance = position
        nextGlance = now + max(Self.shortestRest, cost * Self.rest)
    }

    /// A part of a pass is done.
    ///
    /// | meanwhile | the rest |
    /// |---|---|
    /// | mails are under way: they go first | a hundred times what the part took |
    /// | rows are taken in | the same, after the first 20 ms: a drain may end with these rows |
    /// | nothing else is to be done | nine times, after the first 20 ms: an instant row rarely meets a part of a long pass |
    ///
    /// - Parameter position: Where the next part begins; nil ends the pass.
    /// - Parameter isBusy: Mails are under way.
    /// - Parameter tookLong: It ended early with a mail that a view takes long for: a tenth of the time is for
    ///   such mails, and they delay no later pass.
    mutating func stepped(
        to position: ReviewPosition?, at now: SteadyTime, cost: Duration, isBusy: Bool,
        takesIn: Bool, tookLong: Bool, isDown: Bool
    ) {
        self.position = position
        if tookLong {
            earliest = now + cost * Self.restAfterLong
        } else {
            spent += cost
            let isLong = spent > Self.free
            let rest = isBusy || isLong && takesIn ? Self.rest : isLong ? Self.restOfLongPass : 0
            earliest = now + cost * rest
        }
        if position == nil { finish(at: now, isDown: isDown) }
    }

    /// A pass is followed by a rest of a hundred times its cost: it never takes more than 1 % of a core.
    private mutating func finish(at now: SteadyTime, isDown: Bool) {
        isUnderWay = false
        earliest = now + max(isDown ? .seconds(1) : .milliseconds(20), spent * Self.rest)
        spent = .zero
    }

    func nextAt(isWanted changed: Bool, isDown: Bool) -> SteadyTime? {
        guard isUnderWay || isWanted || changed else {
            return isDown ? max(earliest, nextWhileDown) : nil
        }
        return isUnderWay && (isWanted || changed) ? min(earliest, nextGlance) : earliest
    }
}
