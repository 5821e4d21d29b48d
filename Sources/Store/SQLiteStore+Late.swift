internal import Delivery
internal import SQLite

/// Replies that come after another process has taken the mail over.
extension SQLiteStore {
    /// The relay has accepted a mail whose process was taken for dead after it had announced the dot.
    ///
    /// If nobody has begun to send it again, nobody needs to: its token is still that of the dot which the
    /// reply answers.
    ///
    /// | outcome | the mail since | then |
    /// |---|---|---|
    /// | sent | uncertain, and waits, or is held | it is sent |
    /// | sent | claimed, sent, skipped, cancelled | lost: it may go out twice |
    /// | any other | whatever | lost: what the relay refused once it may accept from the other |
    ///
    /// - Returns: whether it is settled.
    func settleLate(_ finished: FinishedMail) throws -> Bool {
        guard case .sent = finished.outcome else { return false }
        let mail = finished.mail
        guard try mails.acceptLate(mail.mailID, token: mail.token) else { return false }
        try rows.acceptLate(
            mailID: mail.mailID, isOnlyCopy: mail.copies == 0, at: finished.at)
        try forgetCopy(of: mail.mailID)
        try record(finished, isCounted: false)
        return true
    }
}
