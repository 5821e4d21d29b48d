package import Delivery

/// The look at the database immediately before MAIL FROM, and again before the content if that took
/// long: whether the mail is still ours, and still wanted.
///
/// Asked by the sending thread, beside the ``OutboxStore`` of the storing thread.
package protocol PreSendCheck: AnyObject {
    /// - Throws: ``StoreFailure``. It may be about this mail alone
    ///   (``StoreFailure/isAboutTheStatement``).
    func check(_ mail: CheckedMail, at now: WallTime) throws -> PreSendResult
}

/// What the pre-send check has to know of a mail: as it was claimed and composed.
package struct CheckedMail: Sendable {
    package var mailID: Int64
    package var token: Int64
    package var key: MailKey
    package var rows: [ComposedRow]
    package var oldestReplyAt: WallTime
    package var newestReplyAt: WallTime
    /// It was announced before: it goes out whole, or not at all.
    package var isCopy: Bool
    /// SQL statements about it that failed in a row.
    package var faults: Int

    package init(_ claim: Claim) {
        mailID = claim.mailID
        token = claim.token
        key = claim.key
        rows = claim.rows.map(ComposedRow.init)
        let times = claim.rows.map(\.createdAt)
        oldestReplyAt = times.min() ?? claim.claimedAt
        newestReplyAt = times.max() ?? claim.claimedAt
        isCopy = claim.copies > 0
        faults = claim.faults
    }
}

/// What the pre-send check found.
package enum PreSendResult: Sendable, Equatable {
    case go
    /// A row was read, cancelled or deleted, or another one stands under its id: the mail goes back to
    /// be decided anew.
    case changed
    /// An operator or the API server has paused it: it goes back to wait.
    case paused
    /// Its address gets no mail any more.
    case suppressed
    /// Another process has taken it over.
    case lost
}
