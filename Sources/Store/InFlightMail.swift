package import Delivery

/// What must be known of a claimed mail to say what becomes of it.
///
/// A class, since it goes from hand to hand, and a copy of a value would retain each of its strings.
package final class InFlightMail: Sendable {
    package struct Row: Sendable {
        package var id: Int64
        package var firstAttemptAt: WallTime?
        package var relayDownBefore: Duration
        /// The `created_at` that its row in `outbox` had at the claim; nil if another process claimed it.
        package var createdAt: WallTime?

        package init(
            id: Int64, firstAttemptAt: WallTime?, relayDownBefore: Duration,
            createdAt: WallTime? = nil
        ) {
            self.id = id
            self.firstAttemptAt = firstAttemptAt
            self.relayDownBefore = relayDownBefore
            self.createdAt = createdAt
        }
    }
    package let mailID: Int64
    package let token: Int64
    package let key: MailKey
    package let attempts: Int
    package let copies: Int
    package let takeovers: Int
    package let sender: String
    package let rows: [Row]
    /// A copy of it may be in the database: one that was announced, or is too large for a slot.
    package let mayBeKept: Bool
    /// It was never claimed before, and no statement about it has failed: it has no attempts yet.
    package let isFirstAttempt: Bool
    /// ``SQLiteStore/dataVersion`` in the transaction that claimed it; nil if this process did not claim it.
    let dataVersion: Int64?

    init(
        mailID: Int64, token: Int64, key: MailKey, attempts: Int, copies: Int, takeovers: Int,
        sender: String, rows: [Row], mayBeKept: Bool = true, isFirstAttempt: Bool = false,
        dataVersion: Int64? = nil
    ) {
        self.mailID = mailID
        self.token = token
        self.key = key
        self.attempts = attempts
        self.copies = copies
        self.takeovers = takeovers
        self.sender = sender
        self.rows = rows
        self.mayBeKept = mayBeKept
        self.isFirstAttempt = isFirstAttempt
        self.dataVersion = dataVersion
    }

    package convenience init(_ claim: Claim, mayBeKept: Bool = true) {
        self.init(
            mailID: claim.mailID, token: claim.token, key: claim.key, attempts: claim.attempts,
            copies: claim.copies, takeovers: claim.takeovers, sender: claim.sender,
            rows: claim.rows.map {
                Row(
                    id: $0.id, firstAttemptAt: $0.firstAttemptAt,
                    relayDownBefore: $0.relayDownBefore, createdAt: $0.createdAt)
            },
            mayBeKept: mayBeKept, isFirstAttempt: !claim.wasClaimed && claim.faults == 0,
            dataVersion: claim.dataVersion)
    }
}
