package import Delivery

/// What must be known of a claimed mail to say what becomes of it.
package struct InFlightMail: Sendable {
    package struct Row: Sendable {
        package var id: Int64
        package var firstAttemptAt: WallTime?
        package var relayDownBefore: Duration

        package init(id: Int64, firstAttemptAt: WallTime?, relayDownBefore: Duration) {
            self.id = id
            self.firstAttemptAt = firstAttemptAt
            self.relayDownBefore = relayDownBefore
        }
    }
    package var mailID: Int64
    package var token: Int64
    package var key: MailKey
    package var attempts: Int
    package var copies: Int
    package var takeovers: Int
    package var sender: String
    package var rows: [Row]
    package var isSenderProbe: Bool
    /// A copy of it may be in the database: one that was announced, or is too large for a slot.
    package var mayBeKept: Bool
    /// It was never claimed before, and no statement about it has failed: it has no attempts yet.
    package var isFirstAttempt: Bool

    package init(_ claim: Claim) {
        mailID = claim.mailID
        token = claim.token
        key = claim.key
        attempts = claim.attempts
        copies = claim.copies
        takeovers = claim.takeovers
        sender = claim.sender
        rows = claim.rows.map {
            Row(id: $0.id, firstAttemptAt: $0.firstAttemptAt, relayDownBefore: $0.relayDownBefore)
        }
        isSenderProbe = claim.isSenderProbe
        mayBeKept = true
        isFirstAttempt = !claim.wasClaimed && claim.faults == 0
    }

    init(
        mailID: Int64, token: Int64, key: MailKey, attempts: Int, copies: Int, takeovers: Int,
        sender: String, rows: [Row]
    ) {
        self.mailID = mailID
        self.token = token
        self.key = key
        self.attempts = attempts
        self.copies = copies
        self.takeovers = takeovers
        self.sender = sender
        self.rows = rows
        self.isSenderProbe = false
        mayBeKept = true
        isFirstAttempt = false
    }
}
