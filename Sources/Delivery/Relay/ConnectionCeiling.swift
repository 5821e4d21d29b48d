/// How many connections the relay takes, as far as we have learnt: a relay that refuses one more while
/// it serves those it has is not down, it has a limit for each client.
///
/// | state | event | becomes |
/// |---|---|---|
/// | none | refused beside n | n |
/// | m | refused beside n | n |
/// | m | 60 s without a refusal | m + 1 |
/// | m | every connection is lost | none |
///
/// Without it a limit below `OUTBOXD_SMTP_CONNECTIONS` would open the breaker again and again.
package struct ConnectionCeiling: Hashable, Sendable {
    private struct Learnt: Hashable {
        var limit: Int
        var at: SteadyTime
    }
    private var learnt: Learnt?

    /// After so long one connection more is tried.
    package static let regrowth: Duration = .seconds(60)

    package init() {}

    /// A connection was refused while `open` others, at least one, were served.
    package mutating func refused(beside open: Int, at now: SteadyTime) {
        learnt = Learnt(limit: max(open, 1), at: now)
    }

    package mutating func forget() { learnt = nil }

    /// The most connections to have open; nil: no limit is known.
    package func limit(at now: SteadyTime) -> Int? {
        learnt.map {
            $0.limit + Int(max(0, (now - $0.at).inMilliseconds) / Self.regrowth.inMilliseconds)
        }
    }
}
