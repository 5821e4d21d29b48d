package import Delivery
internal import SQLite

extension SQLiteReader {
    package func draft(
        of id: Int64, at now: WallTime, rules: IngestRules,
        decide: (Candidate) -> ClaimDecision
    ) throws -> MailDraft? {
        try connection.snapshot {
            let circumstances = try circumstances(at: now)
            guard let row = try row(id, circumstances) else { return nil }
            return try DraftReader(connection, now: now, rules: rules).draft(of: row, decide)
        }
    }

    package func row(ofMessageID messageID: String) throws -> Int64? {
        try connection.statement(
            """
            SELECT r.id FROM outboxd_mails m JOIN outboxd_rows r ON r.mail_id = m.id
            WHERE m.email_message_id = ? ORDER BY r.state, r.id LIMIT 1
            """
        ).bind(messageID).first { $0.int(0) }
    }
}
