internal import Delivery

/// When the sending thread hands its results to the storing thread.
///
/// A commit costs as much for one result as for a hundred: while other mails wait to go out, results
/// are gathered for some milliseconds, counted from the first of them. What became of the mails is in
/// the in-flight journal meanwhile.
///
/// | there is | results are handed over |
/// |---|---|
/// | nothing left to send, or a stop | at once |
/// | ``most`` results | at once |
/// | other mails to send | ``period`` after the first result |
struct ResultGathering {
    static let period: Duration = .milliseconds(10)
    static let most = 256

    /// When the results at hand are handed over; nil if there are none.
    private(set) var endsAt: SteadyTime?

    /// Asked in each round: whether the results at hand are handed over now.
    ///
    /// If so, the next result begins a period of its own.
    mutating func endIfOver(results: Int, othersWait: Bool, at now: SteadyTime) -> Bool {
        guard results > 0 else {
            endsAt = nil
            return true
        }
        let end = endsAt ?? now + Self.period
        let isOver = !othersWait || results >= Self.most || end <= now
        endsAt = isOver ? nil : end
        return isOver
    }
}
