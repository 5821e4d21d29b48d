package import Delivery

/// How much to claim, for whom.
package struct ClaimRequest: Sendable {
    package var now: WallTime
    /// Mails of any class.
    package var limit: Int
    /// Instant mails beyond the limit: they don't wait until the sending thread has used up its stock.
    package var urgent: Int
    /// Mails of the other classes beyond the limit: a quarter of the stock stays for them.
    package var behind: Int
    package var owner: Int64
    /// The hold is not waited for (`drain --now`).
    package var ignoresHold: Bool
    /// Operator's pauses that do not hold: helpdesk ids, "" for the pause of everything (`drain`).
    package var ignoredPauses: Set<String>
    /// Choose a mail that was not the last to try a relay in trouble.
    package var isRelayProbe: Bool
    /// Only mails that have no part in it.
    package var innocentOf: Accusation?
    /// The claim may take mails that came after the refusals.
    ///
    /// Without ``innocentOf`` it takes no others.
    package var newcomers: Newcomers?
    /// Helpdesks that no mail is claimed of.
    package var crowded: Set<String>
    /// Only mails that hold one of these rows, in this order; no line is read.
    ///
    /// nil is all mails, in their turns.
    package var rows: [Int64]?

    package init(
        now: WallTime, limit: Int, urgent: Int = 0, behind: Int = 0, owner: Int64,
        ignoresHold: Bool = false, ignoredPauses: Set<String> = [], isRelayProbe: Bool = false,
        innocentOf: Accusation? = nil, newcomers: Newcomers? = nil, crowded: Set<String> = [],
        rows: [Int64]? = nil
    ) {
        self.now = now
        self.limit = limit
        self.urgent = urgent
        self.behind = behind
        self.owner = owner
        self.ignoresHold = ignoresHold
        self.ignoredPauses = ignoredPauses
        self.isRelayProbe = isRelayProbe
        self.innocentOf = innocentOf
        self.newcomers = newcomers
        self.crowded = crowded
        self.rows = rows
    }
}

extension ClaimRequest {
    /// The most mails that it brings, but for probes of senders.
    var most: Int { limit + urgent + behind }

    /// The classes that it may bring a mail of.
    var classes: [TurnClass] {
        limit > 0
            ? TurnClass.allCases
            : (urgent > 0 ? [.instant] : []) + (behind > 0 ? [.first, .retry] : [])
    }

    /// Until when a mail of the class must be due to be claimed.
    func dueBy(_ turn: TurnClass) -> WallTime {
        ignoresHold && turn != .retry ? WallTime(milliseconds: .max) : now
    }

    /// The lines to look in: one that is parked for an operator's pause is in line for a drain that
    /// acts through it.
    var parks: [Line.Park] { ignoredPauses.isEmpty ? [.none] : [.none, .pausedByOperator] }
}

/// What a claim brought.
package struct ClaimedBatch: Sendable {
    package var claims: [Claim] = []
    /// Rows that ended without a mail, for the log.
    package var skipped: [Skip] = []
    /// Lines that can't go, and were parked: what has been read in them is found by a review.
    package var parked = 0
    /// Statements about a mail or a helpdesk that failed.
    package var faults: [StatementFault] = []
    /// Of ``ClaimRequest/rows``, those that were not looked at: there was no more room.
    package var unseen: [Int64] = []

    package init() {}
}
