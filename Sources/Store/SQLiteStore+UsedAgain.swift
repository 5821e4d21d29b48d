internal import Delivery
internal import SQLite

/// Ids that the API server gave to other rows while a mail was under way: it deleted a row, and inserted another.
extension SQLiteStore {
    /// Such a row does not get the mail's outcome: it is ingested as if it were new.
    ///
    /// A row that the API server merely changes keeps its `created_at`, and is not sent again. The rows are compared only
    /// if another connection has committed since the claim.
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
        guard let before = row.createdAt, try !isSame(row.id, of: mailID) else { return false }
        return try createdAt(of: row.id).map { $0 != before } ?? false
    }

    /// Whether the row that was claimed stands there, or none.
    private func isSame(_ id: Int64, of mailID: Int64) throws -> Bool {
        do {
            return try connection.statement(Self.nowThere).bind(id).bind(mailID).first { row in
                var columns = ColumnCursor(row)
                let identity = columns.int()
                return RowIdentity(&columns).isOf(identity)
            } ?? true
        } catch let error as SQLiteError where error.isTooBig {
            return false  // None that was claimed is as long.
        }
    }
}

extension SQLiteStore {
    /// When the API server dated the row; nil if it has deleted it.
    ///
    /// The column stands behind the texts, so it is read only of a row whose identity is another.
    func createdAt(of id: Int64) throws -> WallTime? {
        try connection.statement("SELECT created_at FROM outbox WHERE id = ?").bind(id)
            .first { $0.time(0) }
    }
}

extension RowIdentity {
    /// - Parameter columns: `helpdesk_id, message_id, recipient_email` are next.
    init(_ columns: inout ColumnCursor) {
        let helpdeskID = columns.text(limit: OutboxLimits.identity)
        let messageID = columns.text(limit: OutboxLimits.identity)
        let recipient = columns.text(limit: OutboxLimits.identity)
        self.init(
            helpdeskID: helpdeskID, messageID: messageID,
            recipient: AddressText.normalized(recipient))
    }
}
