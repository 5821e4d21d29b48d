package import Delivery

/// How much to claim, for whom.
package struct ClaimRequest: Sendable {
    package var now: WallTime
    package var limit: Int
    package var owner: Int64
    /// The hold is not waited for (`drain --now`).
    package var ignoresHold: Bool
    /// An operator's pause does not hold (`drain`).
    package var ignoresPause: Bool
    /// Choose a mail that was not the last to try a relay in trouble.
    package var isRelayProbe: Bool

    package init(
        now: WallTime, limit: Int, owner: Int64, ignoresHold: Bool = false,
        ignoresPause: Bool = false, isRelayProbe: Bool = false
    ) {
        self.now = now
        self.limit = limit
        self.owner = owner
        self.ignoresHold = ignoresHold
        self.ignoresPause = ignoresPause
        self.isRelayProbe = isRelayProbe
    }
}

extension ClaimRequest {
    /// The condition on `outboxd_mails` that a mail's time has come; it asks for ``now``.
    var due: String { ignoresHold ? "(due_at <= ? OR attempts = 0)" : "due_at <= ?" }

    /// Conditions on `outboxd_mails`, one for each kind of waiting, for what does not wait for
    /// anything but its time.
    ///
    /// What waits for a helpdesk that the API server has paused stays out: nothing can be done about
    /// it.
    var ready: [String] {
        guard ignoresPause else { return ["wait = 0"] }
        return [
            "wait = 0",
            """
            wait = 1 AND NOT EXISTS (
                SELECT 1 FROM helpdesks h WHERE h.id = outboxd_mails.helpdesk_id AND h.paused <> 0)
            """,
        ]
    }
}

/// What a claim brought.
package struct ClaimedBatch: Sendable {
    package var claims: [Claim]
    /// Rows that ended without a mail, for the log.
    package var skipped: [(id: Int64, reason: SkipReason)]
    /// Mails that now wait because their helpdesk is paused.
    package var paused: Int
    /// Mails were offered that were not claimed: asking again may bring more.
    package var hasMore: Bool
}
