/// Whose turn it is, turn by turn.
///
/// Instant rows go first, then first attempts, then retries. Every fourth turn goes to those behind, so that
/// they are sent even while instant rows keep coming (Contract.md, "Turns").
///
/// | instant waits | first or retry waits | whose turn |
/// |---|---|---|
/// | no | no | nobody's |
/// | yes | no | instant |
/// | yes | yes | three times instant, the fourth time one of those behind |
/// | no | yes | one of those behind |
///
/// Those behind share alike: three times a first attempt, the fourth time a retry. A turn that has no
/// taker goes to the next in line, so no capacity is left unused.
///
/// Example: with all three waiting the order is I I I F, I I I F, I I I F, I I I R, and so on.
public struct Turns: Hashable, Sendable {
    /// Turns of the instant since one of those behind had its turn.
    private var sinceBehind = 0
    /// Turns of first attempts since a retry had its turn.
    private var sinceRetry = 0

    public static let share = 4

    public init() {}

    /// The class whose turn it is now, of those in which somebody waits; nil if nobody does.
    public mutating func next(instant: Bool, first: Bool, retry: Bool) -> TurnClass? {
        let isBehindDue = (first || retry) && sinceBehind >= Self.share - 1
        if instant, !isBehindDue {
            sinceBehind = min(sinceBehind + 1, Self.share - 1)
            return .instant
        }
        guard first || retry else { return nil }
        sinceBehind = 0
        if first, !(retry && sinceRetry >= Self.share - 1) {
            sinceRetry = min(sinceRetry + 1, Self.share - 1)
            return .first
        }
        sinceRetry = 0
        return .retry
    }
}
