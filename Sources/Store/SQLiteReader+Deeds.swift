internal import Delivery
internal import SQLite

/// What an operator's word would do, for a dry run: see ``DeedRules``.
extension SQLiteReader {
    package func refusals(of deed: RowDeed, _ ids: [Int64]) throws -> [Int64: DeedResult.Refusal] {
        try connection.snapshot {
            let rules = DeedRules(connection: connection, columns: try APIColumns(connection))
            var refusals: [Int64: DeedResult.Refusal] = [:]
            for id in ids {
                guard let row = try rules.row(id) else {
                    refusals[id] = .unknown
                    continue
                }
                refusals[id] = try rules.refusal(of: deed, row)
            }
            return refusals
        }
    }

    package func resolving(row id: Int64) throws -> Resolved { try held(row: id).result }

    /// Whether `resolve` can settle the row's mail, and the mail's key if there is one.
    func held(row id: Int64) throws -> (result: Resolved, key: MailKey?) {
        let found = try connection.statement(
            """
            SELECT r.mail_id, m.phase = \(phase: .waiting) AND m.wait = \(wait: .uncertain)
                    AND r.state = \(row: .pending),
                (SELECT state FROM outbox_status s WHERE s.id = r.id),
                m.helpdesk_id, m.conversation_id, m.recipient, m.audience
            FROM outboxd_rows r JOIN outboxd_mails m ON m.id = r.mail_id WHERE r.id = ?
            """
        ).bind(id).first { ($0.int(0), $0.bool(1), $0.text(2), $0.key(at: 3)) }
        guard let (mailID, isHeld, state, key) = found else { return (.unknownRow, nil) }
        return (isHeld ? .done(mailID: mailID) : .notHeld(state: state), key)
    }
}
