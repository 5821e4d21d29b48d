package import Delivery

/// A mail that this process, and no other, may send while its token stands.
///
/// A class, since a copy of a value would retain each of its strings.
package final class Claim: Sendable {
    package let mailID: Int64
    /// The fence: whatever is written about this mail names it, and a process that has lost its
    /// lease names one that no longer stands.
    package let token: Int64
    package let key: MailKey
    package let dueAt: WallTime
    package let claimedAt: WallTime
    /// Attempts that counted before this one.
    package let attempts: Int
    package let copies: Int
    package let takeovers: Int
    package let sender: String
    package let emailMessageID: String
    /// In the order of the mail, oldest first.
    package let rows: [OutboxRow]
    package let helpdesk: Helpdesk?
    /// The copy that must go out unchanged, where one has been announced before.
    package let frozen: FrozenMail?
    package let isSenderProbe: Bool
    package let turn: TurnClass
    /// It was refused and returned when its sender or the relay was blocked.
    package let isStruck: Bool
    /// It was claimed before: a copy too large for a slot may have been kept then.
    package let wasClaimed: Bool
    /// SQL statements about it that failed in a row.
    package let faults: Int
    /// ``SQLiteStore/dataVersion`` in the transaction that claimed it; nil if this process did not claim it.
    let dataVersion: Int64?

    package init(
        mailID: Int64, token: Int64, key: MailKey, dueAt: WallTime, claimedAt: WallTime,
        attempts: Int, copies: Int, takeovers: Int, sender: String, emailMessageID: String,
        rows: [OutboxRow], helpdesk: Helpdesk?, frozen: FrozenMail? = nil, isSenderProbe: Bool,
        turn: TurnClass = .first, isStruck: Bool = false, wasClaimed: Bool = false, faults: Int = 0,
        dataVersion: Int64? = nil
    ) {
        self.mailID = mailID
        self.token = token
        self.key = key
        self.dueAt = dueAt
        self.claimedAt = claimedAt
        self.attempts = attempts
        self.copies = copies
        self.takeovers = takeovers
        self.sender = sender
        self.emailMessageID = emailMessageID
        self.rows = rows
        self.helpdesk = helpdesk
        self.frozen = frozen
        self.isSenderProbe = isSenderProbe
        self.turn = turn
        self.isStruck = isStruck
        self.wasClaimed = wasClaimed
        self.faults = faults
        self.dataVersion = dataVersion
    }

    package var rowIDs: [Int64] { rows.map(\.id) }
}
