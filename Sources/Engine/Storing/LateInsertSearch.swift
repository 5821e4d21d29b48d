internal import Delivery

/// When to look for late inserts, and where: in steps of a few milliseconds, and rarely, since a pass costs
/// as much as there are rows.
///
/// | the last step | the next one |
/// |---|---|
/// | found as many as are ingested at once | at once |
/// | ran out of time | after nine times what it took: a tenth of one core |
/// | ended the pass | once somebody else has written, and not before a thousand times what the pass took, at least 30 s |
struct LateInsertSearch {
    static let step: Duration = .milliseconds(5)
    static let most = 200

    /// nil: no pass is under way.
    private(set) var position: Int64?
    /// Somebody has written since the last pass began: there may be rows that only a pass finds.
    var isWanted = true
    private var cost: Duration = .zero
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

    mutating func stepped(
        to next: Int64?, found: Int, from start: SteadyTime, at now: SteadyTime
    ) {
        if position == nil { (cost, isWanted) = (.zero, false) }
        let took = now - start
        cost += took
        position = next
        if next == nil {
            notBefore = now + max(.seconds(30), cost * 1_000)
        } else {
            notBefore = found >= Self.most ? now : now + took * 9
        }
    }
}
