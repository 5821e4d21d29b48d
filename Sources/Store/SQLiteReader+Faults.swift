internal import Delivery
internal import SQLite

/// What SQL statements fail for at present, for `status` and `check`.
extension SQLiteReader {
    package func faults() throws -> OutboxView.Faults {
        let queries = [
            (
                "suppression",
                """
                SELECT count(*), max(error_text) FROM outboxd_suppressing WHERE troubles > 0
                """
            ),
            (
                "helpdesk",
                """
                SELECT count(*), max(error_text) FROM outboxd_lines INDEXED BY outboxd_lines_parked
                WHERE \(Line.isFaulty) AND troubles > 0
                """
            ),
            ("row", "SELECT count(*), max(error_text) FROM outboxd_unread WHERE troubles > 0"),
            ("mail", Self.faultyMails(.waiting)), ("outcome", Self.faultyMails(.sending)),
        ]
        return Faults(
            entries: try queries.compactMap { subject, sql in
                try connection.statement(sql).first {
                    Faults.Entry(subject: subject, count: Int($0.int(0)), text: $0.text(1))
                }
            }.filter { $0.count > 0 })
    }

    private static func faultyMails(_ phase: Phase) -> String {
        """
        SELECT count(*), max(coalesce(
            (SELECT r.error_text FROM outboxd_rows r
                WHERE r.mail_id = m.id AND r.state = \(row: .pending) AND r.error_stage = 'store' LIMIT 1),
            (SELECT a.text FROM outboxd_attempts a
                WHERE a.mail_id = m.id AND a.stage = 'store' ORDER BY a.number DESC LIMIT 1)))
        FROM (SELECT id FROM outboxd_mails INDEXED BY outboxd_mails_troubles
            WHERE troubles > 0 AND phase = \(phase: phase) LIMIT \(Faults.mostCounted)) m
        """
    }
}
