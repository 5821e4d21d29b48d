internal import Delivery
internal import SQLite

/// A second row for the same reply to the same person.
extension SQLiteStore {
    private static func alreadyThere(_ identities: String) -> String {
        """
        SELECT \(identities),
            EXISTS (SELECT 1 FROM outboxd_mails WHERE recipient = ?2 AND conversation_id = ?3
                AND helpdesk_id = ?4 AND phase < \(phase: .finished))
        """
    }
    /// - Parameter identity: The number of its parameter.
    private static func isKnown(_ identity: Int) -> String {
        "EXISTS (SELECT 1 FROM outboxd_rows WHERE identity = ?\(identity) AND id <> ?1)"
    }
    private static let alreadyThere = alreadyThere(isKnown(5))
    private static let alreadyOrFormerlyThere = alreadyThere("\(isKnown(5)) OR \(isKnown(6))")

    /// Whether the row may belong to what was ingested before: nearly always it does not, and one
    /// statement says so.
    func alreadyThere(
        _ row: OutboxRow, _ key: MailKey, _ identity: RowIdentity
    ) throws -> (sameReply: Bool, openMail: Bool) {
        let statement = try connection.statement(
            hasFormerIdentities ? Self.alreadyOrFormerlyThere : Self.alreadyThere)
        try statement.put(row.id)
        try statement.put(key.recipient)
        try statement.put(key.conversationID)
        try statement.put(key.helpdeskID)
        try statement.put(identity.number)
        if hasFormerIdentities { try statement.put(identity.former) }
        return try statement.first { ($0.bool(0), $0.bool(1)) } ?? (true, true)
    }

    /// The same reply to another spelling of the same address is one notification: the row goes
    /// where the first one went.
    ///
    /// If the first was skipped, or failed for a fault of its own values, or is gone from `outbox`, the row is looked
    /// at on its own. But where a mail with one that is gone is being sent, or may have arrived, the row goes with that
    /// mail: `INSERT OR REPLACE` gives the same notification another id.
    func joinSameReply(
        _ row: OutboxRow, _ key: MailKey, _ identity: RowIdentity, dueAt: WallTime
    ) throws -> Bool {
        guard let same = try sameReply(as: row, key, identity) else { return false }
        try rows.insert(
            row.id, mailID: same.mailID, dueAt: dueAt, identity: identity.number,
            joins: true)
        try rows.copyOutcome(of: same.first, to: row.id)
        return true
    }

    /// The first row of the same reply that counts, and what became of it.
    func sameReply(
        as row: OutboxRow, _ key: MailKey, _ identity: RowIdentity
    ) throws -> (first: Int64, mailID: Int64, state: RowState?)? {
        try connection.statement(
            """
            SELECT r.id, r.mail_id, r.state FROM outboxd_rows r JOIN outboxd_mails m ON m.id = r.mail_id
            WHERE r.identity IN (?, ?) AND r.id <> ? AND m.helpdesk_id = ? AND m.recipient = ?
                AND m.conversation_id = ? AND m.audience = ? AND r.state <> \(row: .skipped)
                AND NOT (r.state = \(row: .failed) AND r.reason IN ('invalid_row', 'invalid_address'))
                AND (EXISTS (SELECT 1 FROM outbox o WHERE o.id = r.id)
                    OR r.state = \(row: .pending)
                        AND (m.phase = \(phase: .sending) OR m.phase = \(phase: .waiting) AND m.copies > 0))
            ORDER BY r.id LIMIT 1
            """
        ).bind(identity.number).bind(identity.former).bind(row.id).bind(key.helpdeskID)
            .bind(key.recipient).bind(key.conversationID).bind(key.audience)
            .first {
                (first: $0.int(0), mailID: $0.int(1), state: RowState(rawValue: $0.int(2)))
            }
    }
}
