package import Delivery

/// A mail that this process, and no other, may send while its token stands.
package struct Claim: Sendable {
    package var mailID: Int64
    /// The fence: whatever is written about this mail names it, and a process that has lost its
    /// lease names one that no longer stands.
    package var token: Int64
    package var key: MailKey
    package var dueAt: WallTime
    package var claimedAt: WallTime
    /// Attempts that counted before this one.
    package var attempts: Int
    package var copies: Int
    package var takeovers: Int
    package var sender: String
    package var emailMessageID: String
    /// In the order of the mail, oldest first.
    package var rows: [OutboxRow]
    package var helpdesk: Helpdesk?
    /// The copy that must go out unchanged, where one has been announced before.
    package var frozen: FrozenMail?
    package var isSenderProbe: Bool
    package var turn = TurnClass.first
    /// It was refused and returned when its sender or the relay was blocked.
    package var isStruck = false
    /// It was claimed before: a copy too large for a slot may have been kept then.
    package var wasClaimed = false
    /// SQL statements about it that failed in a row.
    package var faults = 0

    package var rowIDs: [Int64] { rows.map(\.id) }
}
