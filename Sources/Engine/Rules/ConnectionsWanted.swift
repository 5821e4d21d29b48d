/// How many connections to have, open or being opened.
///
/// | credentials are set | open | at most |
/// |---|---|---|
/// | no | any | the least of what breaker and settings allow, and as many more as are spared (``Stragglers``), up to the relay's own limit |
/// | yes | none | 1: it goes alone until AUTH is answered, since failed logins lock accounts |
/// | yes | one and more, which have logged in | as without credentials |
struct ConnectionsWanted: Equatable {
    /// What the breaker allows side by side.
    var allowed: Int
    /// `OUTBOXD_SMTP_CONNECTIONS`.
    var limit: Int
    /// What the relay is known to take; nil if nothing is known.
    var ceiling: Int?
    var logsIn: Bool
    /// Those that are ready for mail, or carry one.
    var open: Int
    /// Those whose mail is a straggler, and does not count.
    var spared = 0

    var most: Int {
        let most = min(min(allowed, limit) + spared, ceiling ?? .max)
        return logsIn && open == 0 ? min(most, 1) : most
    }
}
