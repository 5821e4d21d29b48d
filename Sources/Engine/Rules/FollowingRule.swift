internal import Delivery

/// When the commands of the next mail may go out behind a final dot (RFC 2920, section 3.1), which
/// saves a round trip.
///
/// | the relay, on this connection | then |
/// |---|---|
/// | offers no PIPELINING | never |
/// | has not answered a final dot yet, or took longer than ``fastDot`` for the last one | not now: the next mail would be checked long before its content goes out |
/// | does not answer a dot within ``longestWait`` | the connection is closed, the mail behind the dot takes another one, and for ``rest`` no mail follows a dot |
/// | answers the dot, and within ``longestSilence`` not all of the commands behind it | the same, for ``longRest``: it drops what comes with a dot |
/// | sends one reply more, or 503 to a mail behind a refused one | the same: it has lost count |
///
/// A mail that follows is checked right before that write, and again before its content if
/// ``SendingLoop/checkHolds`` has passed by then.
struct FollowingRule: Hashable {
    static let fastDot: Duration = .milliseconds(10)
    static let longestWait: Duration = .milliseconds(250)
    static let longestSilence: Duration = .seconds(1)
    static let rest: Duration = .seconds(10)
    static let longRest: Duration = .seconds(600)

    private var notBefore = SteadyTime(nanoseconds: 0)

    /// - Parameter lastDot: How long the connection's last final dot waited for its reply.
    func allows(lastDot: Duration?, at now: SteadyTime) -> Bool {
        guard let lastDot else { return false }
        return lastDot <= Self.fastDot && now >= notBefore
    }

    mutating func keptWaiting(at now: SteadyTime) { notBefore = max(notBefore, now + Self.rest) }
    mutating func lostCount(at now: SteadyTime) { notBefore = max(notBefore, now + Self.longRest) }
}
