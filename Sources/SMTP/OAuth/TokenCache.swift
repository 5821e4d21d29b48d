import Delivery

/// When a token is used again, and when another one is fetched.
///
/// Pure.
///
/// | the token | at the next connection |
/// |---|---|
/// | is good for a while | used |
/// | ends soon | another one is fetched; as long as that fails and it has not ended, used |
/// | has ended, or was refused when it was new | another one is fetched |
///
/// A token that the relay refuses is not fetched anew for ever: once, and if that one is refused too,
/// not before the next connection, which the relay's pauses (``RelayBreaker``) keep far apart.
struct TokenCache: Sendable {
    /// A token for one connection.
    struct Issue: Hashable, Sendable {
        var token: Secret
        /// Counts what was fetched.
        var number: Int
        /// Fetched for this very connection.
        var isNew = false
    }

    private struct Held: Sendable {
        var token: Secret
        var number: Int
        var renewAt: ContinuousClock.Instant
        var endsAt: ContinuousClock.Instant
        var wasRefused = false
    }

    /// The longest that another one is fetched before a token's end.
    static let longestMargin: Duration = .seconds(300)
    /// After a renewal that failed.
    static let pause: Duration = .seconds(60)

    private var held: Held?
    private var count = 0

    /// What can be used without asking anybody.
    func usable(at now: ContinuousClock.Instant) -> Issue? {
        guard let held, !held.wasRefused, now < held.renewAt else { return nil }
        return Issue(token: held.token, number: held.number)
    }

    /// - Parameter jitter: 0 to 1, so that processes which began together do not fetch together.
    mutating func fetched(
        _ granted: GrantedToken, at now: ContinuousClock.Instant, jitter: Double
    ) -> Issue {
        count += 1
        held = Held(
            token: granted.token, number: count,
            renewAt: now + Self.use(granted.lifetime, jitter: jitter),
            endsAt: now + granted.lifetime)
        return Issue(token: granted.token, number: count, isNew: true)
    }

    /// How long a token is used before another one is fetched: a fifth of its life is left then, but no
    /// more than five minutes; up to half as much again by chance.
    static func use(_ lifetime: Duration, jitter: Double) -> Duration {
        let margin = min(lifetime / 5, longestMargin)
        return lifetime - margin * (1 + 0.5 * min(max(jitter, 0), 1))
    }

    /// None could be fetched: the old one, if it is still good.
    mutating func fetchFailed(at now: ContinuousClock.Instant) -> Issue? {
        guard var held, !held.wasRefused, now < held.endsAt else { return nil }
        held.renewAt = min(now + Self.pause, held.endsAt)
        self.held = held
        return Issue(token: held.token, number: held.number)
    }

    enum Next: Hashable, Sendable {
        /// Somebody else has fetched another one in the meantime.
        case use(Issue)
        case fetch
        /// It was new: fetching again would change nothing.
        case giveUp
    }

    /// The relay has refused it.
    mutating func refused(_ issue: Issue) -> Next {
        guard var held, held.number == issue.number else {
            guard let held, !held.wasRefused else { return .giveUp }
            return .use(Issue(token: held.token, number: held.number, isNew: true))
        }
        held.wasRefused = true
        self.held = held
        return issue.isNew ? .giveUp : .fetch
    }

    /// How long the one that is held is still good; nil if none is.
    func remaining(at now: ContinuousClock.Instant) -> Duration? {
        held.flatMap { $0.endsAt > now ? $0.endsAt - now : nil }
    }
}
