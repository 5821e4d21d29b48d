package import Delivery

/// The look at the database immediately before MAIL FROM: whether the mail is still ours, and unread.
///
/// Asked by the sending thread, beside the ``OutboxStore`` of the storing thread.
package protocol LastLook: AnyObject {
    /// - Parameter isCopy: it was announced before: it goes out whole, or not at all.
    func look(
        mailID: Int64, token: Int64, key: MailKey, rowIDs: [Int64], newestReplyAt: WallTime,
        oldestReplyAt: WallTime, isCopy: Bool, at now: WallTime
    ) throws -> LastLookResult
}

/// What the look immediately before MAIL FROM found.
package enum LastLookResult: Sendable, Equatable {
    case go
    /// Something was read, cancelled or deleted: the mail goes back to be decided anew.
    case changed
    /// Another process has taken it over.
    case lost
}
