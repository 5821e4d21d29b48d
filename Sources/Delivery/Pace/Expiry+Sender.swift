extension Expiry {
    /// Whether a row has waited for its sender for too long: "Waiting for a sender ages: at expiry such a
    /// row is `failed`, `rejected`".
    ///
    /// One that was never attempted has waited since it was due: nobody tried it, because its sender was
    /// refused, or there was none.
    package func isTooOldForSender(
        firstAttemptAt: WallTime?, dueAt: WallTime, now: WallTime
    ) -> Bool {
        now - (firstAttemptAt ?? dueAt) >= after
    }
}
