internal import Delivery
internal import SQLite

/// The columns of a waiting mail.
struct WaitingMail {
    var id: Int64
    var key: MailKey
    var wait: Int64
    var dueAt: WallTime
    var attempts: Int
    var copies: Int
    var rescues: Int
    var emailMessageID: String?
    var sender: String?
    var probedAt: Int64

    static let columns = """
        id, helpdesk_id, conversation_id, recipient, audience, wait, due_at, attempts, copies, rescues,
        email_message_id, sender, probed_at
        """

    init(_ row: Statement) {
        id = row.int(0)
        key = row.key(at: 1)
        wait = row.int(5)
        dueAt = row.time(6)
        attempts = Int(row.int(7))
        copies = Int(row.int(8))
        rescues = Int(row.int(9))
        emailMessageID = row.optionalText(10)
        sender = row.optionalText(11)
        probedAt = row.int(12)
    }
}

/// Reads what a decision about one mail needs, and remembers within one transaction what many mails
/// share.
final class CandidateReader {
    private let connection: Connection
    private let now: WallTime
    private let openRows: OpenRowsQuery
    private var helpdesks: [String: Helpdesk?] = [:]
    let blockedSenders: Set<String>

    init(connection: Connection, now: WallTime, withText: Bool) throws {
        self.connection = connection
        self.now = now
        openRows = withText ? .withText : .withoutText
        blockedSenders = Set(
            try connection.statement(
                "SELECT address FROM outboxd_senders WHERE blocked_at IS NOT NULL"
            ).all { $0.text(0) })
    }

    func candidate(_ mail: WaitingMail, isSenderProbe: Bool = false) throws -> Candidate {
        let rows = try openRows(of: mail.id)
        return Candidate(
            mailID: mail.id, key: mail.key, dueAt: mail.dueAt, attempts: mail.attempts,
            copies: mail.copies, rescues: mail.rescues, emailMessageID: mail.emailMessageID,
            rows: rows, hasMoreRows: rows.count == Candidate.maxRows,
            readMarker: try readMarker(mail.key), isSuppressed: try isSuppressed(mail.key),
            helpdesk: try helpdesk(mail.key.helpdeskID), blockedSenders: blockedSenders,
            isSenderProbe: isSenderProbe)
    }

    /// The open rows that still stand in `outbox`; those that the API server deleted are forgotten by
    /// the caller's ``SQLiteStore/forgetDeleted(_:)``.
    private func openRows(of mailID: Int64) throws -> [OutboxRow] {
        let rows = try connection.statement(openRows.any).bind(mailID).all(Self.row)
        guard rows.count == Candidate.maxRows else {
            return rows.sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
        }
        return try connection.statement(openRows.oldest).bind(mailID).all(Self.row)
    }

    private static func row(_ row: Statement) -> OutboxRow {
        OutboxRow(
            id: row.int(0), helpdeskID: row.text(1), conversationID: row.text(2),
            messageID: row.text(3), audience: row.text(4), recipientEmail: row.text(5),
            recipientName: row.optionalText(6), authorName: row.optionalText(7),
            subject: row.optionalText(8), bodyText: row.text(9), attachments: row.optionalText(10),
            pageURL: row.optionalText(11), unsubscribeURL: row.optionalText(12),
            inReplyTo: row.optionalText(13), locale: row.optionalText(14), isInstant: row.bool(15),
            isCancelled: row.bool(16), createdAt: row.time(17),
            dueAt: row.time(18), attempts: Int(row.int(19)),
            firstAttemptAt: row.optionalTime(20),
            relayDownBefore: .milliseconds(row.int(21)))
    }

    private func readMarker(_ key: MailKey) throws -> WallTime? {
        try ReadMarkers.newest(connection, key)
    }

    private func isSuppressed(_ key: MailKey) throws -> Bool {
        try connection.statement(
            """
            SELECT EXISTS (SELECT 1 FROM suppressions WHERE helpdesk_id = '' AND address = ?2
                    AND (expires_at IS NULL OR expires_at > ?3))
                OR EXISTS (SELECT 1 FROM suppressions WHERE helpdesk_id = ?1 AND address = ?2
                    AND (expires_at IS NULL OR expires_at > ?3))
            """
        ).bind(key.helpdeskID).bind(key.recipient).bind(now.milliseconds).first { $0.bool(0) }
            ?? false
    }

    private func helpdesk(_ id: String) throws -> Helpdesk? {
        if let known = helpdesks[id] { return known }
        let found = try connection.statement(
            """
            SELECT id, name, from_address, reply_to, bounce_address, ticket_center_url, dashboard_url,
                allowed_domains, locale
            FROM helpdesks WHERE id = ?
            """
        ).bind(id).first { row in
            Helpdesk(
                id: row.text(0), name: row.text(1), fromAddress: row.text(2),
                replyTo: row.optionalText(3), bounceAddress: row.optionalText(4),
                ticketCenterURL: row.optionalText(5), dashboardURL: row.optionalText(6),
                allowedDomains: row.text(7), locale: row.text(8))
        }
        helpdesks[id] = .some(found)
        return found
    }
}

/// Reads the open rows of a mail.
///
/// Without an order where they are few, which they nearly always are: SQLite would copy every text
/// into its sorter.
private struct OpenRowsQuery {
    let any: String
    let oldest: String

    static let withText = OpenRowsQuery(
        text: "substr(CAST(o.body_text AS BLOB), 1, \(OutboxRow.maxTextLength))",
        attachments: "substr(CAST(o.attachments AS BLOB), 1, \(OutboxRow.maxTextLength))")
    static let withoutText = OpenRowsQuery(text: "''", attachments: "NULL")

    private init(text: String, attachments: String) {
        let rows = """
            SELECT r.id, o.helpdesk_id, o.conversation_id, o.message_id, o.audience,
                o.recipient_email, o.recipient_name, o.author_name, o.subject, \(text),
                \(attachments), o.page_url, o.unsubscribe_url, o.in_reply_to, o.locale, o.instant,
                o.cancelled_at IS NOT NULL, o.created_at, r.due_at, r.attempts, r.first_attempt_at,
                r.relay_down_before
            FROM outboxd_rows r JOIN outbox o ON o.id = r.id
            WHERE r.mail_id = ? AND r.state = 0
            """
        any = rows + " LIMIT \(Candidate.maxRows)"
        oldest = rows + " ORDER BY o.created_at, r.id LIMIT \(Candidate.maxRows)"
    }
}
