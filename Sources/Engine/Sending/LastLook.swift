package import Delivery
package import Store

/// The look at the database immediately before MAIL FROM: whether the mail is still ours, and unread.
package protocol LastLook: AnyObject {
    func look(
        mailID: Int64, token: Int64, key: MailKey, rowIDs: [Int64], newestReplyAt: WallTime,
        oldestReplyAt: WallTime, isCopy: Bool, at now: WallTime
    ) throws -> LastLookResult
}

extension SQLiteLastLook: LastLook {}
