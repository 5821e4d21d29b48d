internal import Delivery
internal import SQLite

/// Ids that the API server gave to other rows while a mail was under way: it deleted a row, and inserted another.
extension SQLiteStore {
    /// What became of the mail is not said of such a row: it is ingested as if it were new.
    ///
    /// An API server that merely changes its row leaves `created_at` as it is: nobody is told again then. Where nobody
    /// else has committed since the claim, nothing is looked at.
    ///
    /// - Returns: the ids.
    func forgetUsedAgain(_ finished: FinishedMail) throws -> [Int64] {
        let mail = finished.mail
        switch finished.outcome {
        // The next claim compares them anyway.
        case .returned, .faulty: return []
        case .sent, .deferred, .failed, .uncertain: break
        }
        guard let version = mail.dataVersion, version != dataVersion else { return [] }
        let found = try mail.rows.filter { try isAnothers($0, of: mail.mailID) }.map(\.id)
        for id in found { try ingestAnew(id, at: finished.at) }
        return found
    }

    private static let nowThere = """
        SELECT r.identity, o.helpdesk_id, o.message_id, o.recipient_email
        FROM outboxd_rows r JOIN outbox o ON o.id = r.id
        WHERE r.id = ? AND r.mail_id = ? AND r.state = \(row: .pending) AND r.identity IS NOT NULL
        """

    private func isAnothers(_ row: InFlightMail.Row, of mailID: Int64) throws -> Bool {
        guard let createdAt = row.createdAt, try !isSame(row.id, of: mailID) else { return false }
        // It stands behind the texts: read for these few alone.
        let now = try connection.statement("SELECT created_at FROM outbox WHERE id = ?")
            .bind(row.id).first { $0.time(0) }
        return now.map { $0 != createdAt } ?? false
    }

    /// Whether the row that was claimed stands there, or none.
    private func isSame(_ id: Int64, of mailID: Int64) throws -> Bool {
        do {
            return try connection.statement(Self.nowThere).bind(id).bind(mailID).first { row in
                RowIdentity(
                    helpdeskID: row.text(1, limit: OutboxLimits.identity),
                    messageID: row.text(2, limit: OutboxLimits.identity),
                    recipient: AddressText.normalized(
                        row.text(3, limit: OutboxLimits.identity))
                ).isOf(row.int(0))
            } ?? true
        } catch let error as SQLiteError where error.isTooBig {
            return false  // None that was claimed is as long.
        }
    }
}
