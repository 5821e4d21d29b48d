internal import Delivery

/// Whether a connection has carried as many mails as its relay lets it.
///
/// Most relays end such a connection with 421. Some say 450, 451 or 452 to each further mail instead, as if it were the
/// mail's trouble, and would take the same mail on a fresh connection.
struct ConnectionWear {
    /// In a row, on a connection that was good before: one may be a mailbox that is full.
    private static let mostDeferred = 2

    private var hasAccepted = false
    private var deferred = 0

    /// - Returns: whether the next mail gets another connection.
    mutating func isWornOut(after verdict: Verdict) -> Bool {
        switch verdict {
        case .accepted:
            hasAccepted = true
            deferred = 0
        case .deferred: deferred += 1
        case .rejected, .unsupported: deferred = 0
        case .uncertain, .turnedAway, .unauthorized, .relayTrouble, .released: break
        }
        return hasAccepted && deferred >= Self.mostDeferred
    }
}
