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
        try connection.statement(
            """
            UPDATE outboxd_mails SET phase = 2, wait = 0, token = NULL
            WHERE id = ? AND token = ? AND phase = 0
            """
        ).bind(mail.mailID).bind(mail.token).run()
        guard connection.changes == 1 else { return false }
        // The attempt was counted when the mail was taken over. An only copy has certainly gone out once.
        try connection.statement(
            """
            UPDATE outboxd_rows SET state = 2, reason = NULL, sent_at = ?1, finished_at = ?1,
                uncertain = iif(?2, 0, uncertain), error_stage = NULL, error_code = NULL,
                error_enhanced = NULL, error_text = NULL
            WHERE mail_id = ?3 AND state = 0
            """
        ).bind(finished.at.milliseconds).bind(mail.copies == 0).bind(mail.mailID).run()
        try connection.statement("DELETE FROM outboxd_frozen WHERE mail_id = ?").bind(mail.mailID)
            .run()
        try record(finished, isCounted: false)
        return true
    }
}
