package import Delivery
package import SQLite

/// Checks one mail over a connection of the sending thread's own.
///
/// All look-ups are keyed by the mail, so that a row that makes a view fail costs its own mail only.
package final class SQLitePreSendCheck: PreSendCheck {
    private let connection: Connection
    private let ignoredPauses: [String: WallTime]

    /// - Parameter ignoredPauses: pauses of an operator's that this run acts through; "" is
    ///   everything.
    package init(connection: Connection, ignoredPauses: [String: WallTime] = [:]) {
        self.connection = connection
        self.ignoredPauses = ignoredPauses
    }

    package func check(_ mail: CheckedMail, at now: WallTime) throws -> PreSendResult {
        let limit = StatementLimit.limit(failures: mail.faults)
        let found = try connection.withLimit(limit) { try facts(mail, at: now) }
        return found.result(for: mail, ignoring: ignoredPauses, at: now)
    }

    /// What is not about a row is the same on each line, and evaluated once.
    private static let select = """
        SELECT m.token, o.id, o.helpdesk_id, o.conversation_id, o.message_id, o.audience,
            o.recipient_email,
            (SELECT paused_at FROM outboxd_pauses WHERE helpdesk_id = ''),
            (SELECT paused_at FROM outboxd_pauses WHERE helpdesk_id = ?2),
            EXISTS (SELECT 1 FROM helpdesks WHERE id = ?2 AND id <> '' AND \(Schema.isPaused)),
            \(Schema.isSuppressed(helpdesk: 2, address: 3, at: 4))
        FROM outboxd_mails m
        LEFT JOIN outboxd_rows r ON r.mail_id = m.id AND r.state = \(row: .pending)
        LEFT JOIN outbox o ON o.id = r.id AND o.cancelled_at IS NULL
        WHERE m.id = ?1
        """

    /// The read markers are read while the statement is open: both see the same state of the
    /// database, and SQLite's read lock is taken once.
    private func facts(_ mail: CheckedMail, at now: WallTime) throws -> PreSendFacts {
        let statement = try connection.statement(Self.select).bind(mail.mailID)
            .bind(mail.key.helpdeskID).bind(mail.key.recipient).bind(now.milliseconds)
        defer { statement.reset() }
        var facts = PreSendFacts()
        while try statement.step() {
            if facts.token == nil {
                facts.token = statement.optionalInt(0)
                facts.pauses[""] = statement.optionalTime(7)
                if let pausedAt = statement.optionalTime(8) {
                    facts.pauses[mail.key.helpdeskID] = pausedAt
                }
                facts.isPausedByAPI = statement.bool(9)
                facts.isSuppressed = statement.bool(10)
                facts.readMarker = try ReadMarkers.newest(connection, mail.key)
            }
            if let row = Self.row(of: mail, standingIn: statement) { facts.standing.append(row) }
        }
        return facts
    }

    /// The row of the mail that stands on this line of the result, if it is still the same notification.
    private static func row(
        of mail: CheckedMail, standingIn line: Statement
    ) -> ComposedRow? {
        let id = line.int(1)
        guard let row = mail.rows.first(where: { $0.id == id }),
            line.hasText(2, row.helpdeskID), line.hasText(3, row.conversationID),
            line.hasText(4, row.messageID), line.hasText(5, row.audience),
            line.hasText(6, row.recipientEmail)
        else { return nil }
        return row
    }
}
