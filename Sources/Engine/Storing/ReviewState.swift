internal import Delivery
internal import Store

/// Where the review of the waiting mails stands.
struct ReviewState {
    var isWanted = false
    var position: ReviewPosition?
    var isUnderWay = false
    var spent: Duration = .zero
    private var earliest = SteadyTime(nanoseconds: 0)
    private static let rest = 100
    private static let restAfterLong = 10

    /// A part of a pass is done.
    ///
    /// While mails are under way a rest follows, as after a pass: they go first.
    /// - Parameter tookLong: It ended early with a mail that a view takes long for: a tenth of the time is for
    ///   such mails, and they delay no later pass.
    mutating func stepped(at now: SteadyTime, cost: Duration, isBusy: Bool, tookLong: Bool) {
        if tookLong {
            earliest = now + cost * Self.restAfterLong
        } else {
            spent += cost
            earliest = isBusy ? now + cost * Self.rest : now
        }
    }

    /// A pass is followed by a rest of a hundred times its cost: it never takes more than 1 % of a core.
    mutating func finished(at now: SteadyTime, isDown: Bool) {
        isUnderWay = false
        position = nil
        earliest = now + max(isDown ? .seconds(1) : .milliseconds(20), spent * Self.rest)
        spent = .zero
    }

    func nextAt(isWanted changed: Bool) -> SteadyTime? {
        isUnderWay || isWanted || changed ? earliest : nil
    }

    func isDue(at now: SteadyTime) -> Bool { now >= earliest }
}
