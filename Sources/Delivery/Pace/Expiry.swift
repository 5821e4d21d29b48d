/// When a row has been tried for too long (`OUTBOXD_EXPIRE_AFTER`).
///
/// It is asked after a temporary failure, not before an attempt: a row that comes back late, after
/// outboxd was stopped for days, still gets an attempt.
package struct Expiry: Hashable, Sendable {
    package let after: Duration

    package init(after: Duration) {
        self.after = after
    }

    /// Whether `after` has passed since the row's first attempt, "the time in which the relay was
    /// down not counted".
    ///
    /// - Parameter relayDown: How long the relay was down since the first attempt.
    package func isExpired(
        firstAttemptAt: WallTime, now: WallTime, relayDown: Duration = .zero
    ) -> Bool {
        now - firstAttemptAt - max(relayDown, .zero) >= after
    }

    /// How long the relay was down since a row's first attempt; nothing for a row that has had none.
    ///
    /// - Parameter total: How long it was down in all, up to now.
    /// - Parameter before: The same at the first attempt.
    package static func relayDown(
        since firstAttemptAt: WallTime?, total: Duration, before: Duration
    ) -> Duration {
        firstAttemptAt == nil ? .zero : max(.zero, total - before)
    }
}
