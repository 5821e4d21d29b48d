internal import Delivery

/// When to look for late inserts, and where: in steps of a few milliseconds, and rarely, since a pass costs
/// as much as there are rows.
///
/// | the last step | the next one |
/// |---|---|
/// | found as many as are ingested at once | at once |
/// | ran out of time | after nine times what it took: a tenth of one core |
/// | the same, and mails are under way | from the fourth step on after 49 times: a fiftieth of one core |
/// | ended the pass | once somebody else has written, and not before a thousand times what the pass took, at least 30 s |
struct LateInsertSearch {
    static let step: Duration = .milliseconds(5)
    static let most = 200
    /// The newest ids are compared soon: most late inserts are just late.
    private static let newestSteps = 3

    /// nil: no pass is under way.
    private(set) var position: Int64?
    /// Somebody has written since the last pass began: there may be rows that only a pass finds.
    var isWanted = true
    private var cost: Duration = .zero
    private var steps = 0
    private var notBefore = SteadyTime(nanoseconds: 0)

    func isDue(at now: SteadyTime) -> Bool {
        (position != nil || isWanted) && now >= notBefore
    }

    /// There are such rows, as it seems: a pass begins at once.
    mutating func hasten() {
        position = nil
        isWanted = true
        notBefore = SteadyTime(nanoseconds: 0)
    }

    /// When a pass that is under way goes on.
    var nextAt: SteadyTime? { position == nil ? nil : notBefore }

    /// - Parameter isBusy: Mails are under way: they go first, once the newest ids are compared.
    mutating func stepped(
        to next: Int64?, found: Int, from start: SteadyTime, at now: SteadyTime,
        isBusy: Bool = false
    ) {
        if position == nil { (cost, isWanted, steps) = (.zero, false, 0) }
        let took = now - start
        cost += took
        steps += 1
        position = next
        if next == nil {
            notBefore = now + max(.seconds(30), cost * 1_000)
        } else {
            let rest = isBusy && steps > Self.newestSteps ? 49 : 9
            notBefore = found >= Self.most ? now : now + took * rest
        }
    }
}
