internal import Delivery

/// A mail of one row that was taken in by the open transaction, is due, and is not written down yet.
final class FreshMail {
    /// As it will be found in its line.
    let waiting: WaitingMail
    /// With its texts.
    let row: OutboxRow
    /// ``RowIdentity`` of the row.
    let identity: Int64
    /// Somebody has taken it out of ``FreshMails``.
    var isTaken = false

    init(waiting: WaitingMail, row: OutboxRow, identity: Int64) {
        self.waiting = waiting
        self.row = row
        self.identity = identity
    }
}
