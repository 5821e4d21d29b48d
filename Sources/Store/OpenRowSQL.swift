internal import Delivery
internal import SQLite

/// The statements that read the open rows of a mail, and what reads their columns.
struct OpenRowSQL {
    let fewWithText: String
    let fewWithoutText: String
    private let oneWithText: String
    private let oneWithoutText: String

    /// - Parameter sql: A column of `outbox o`, or NULL if the table lacks it.
    init(_ sql: (String) -> String) {
        let texts = Self.texts.map { sql($0) }
        let none = Self.texts.map { $0 == "body_text" ? "''" : "NULL" }
        let few = " WHERE r.mail_id = ? AND r.state = \(row: .pending) LIMIT \(Candidate.maxRows)"
        let notBefore = sql("not_before")
        fewWithText = Self.select(texts, notBefore, join: "LEFT JOIN") + few
        fewWithoutText = Self.select(none, notBefore, join: "LEFT JOIN") + few
        oneWithText = Self.select(texts, notBefore)
        oneWithoutText = Self.select(none, notBefore)
    }

    func one(_ withText: Bool) -> String { withText ? oneWithText : oneWithoutText }

    /// Read only to compose a mail.
    static let texts = [
        "recipient_name", "author_name", "subject", "body_text", "attachments", "page_url",
        "unsubscribe_url", "in_reply_to", "locale", "traceparent",
    ]

    private static func select(
        _ texts: [String], _ notBefore: String, join: String = "JOIN"
    ) -> String {
        """
        SELECT o.id, o.helpdesk_id, o.conversation_id, o.message_id, o.audience, o.recipient_email,
            \(texts.joined(separator: ", ")),
            o.instant, \(notBefore), o.cancelled_at IS NOT NULL, o.created_at,
            r.due_at, r.attempts, r.first_attempt_at, r.relay_down_before, r.identity
        FROM outboxd_rows r \(join) outbox o ON o.id = r.id
        """
    }

    /// In the order of ``select(_:_:join:)``.
    static func read(_ row: Statement, withText: Bool) -> OutboxRow {
        var columns = ColumnCursor(row)
        func identity() -> String { columns.text(limit: OutboxLimits.identity) }
        return OutboxRow(
            id: columns.int(), helpdeskID: identity(), conversationID: identity(),
            messageID: identity(), audience: identity(), recipientEmail: identity(),
            texts: texts(&columns), hasTexts: withText, isInstant: columns.bool(),
            notBefore: columns.optionalTime(),
            isCancelled: columns.bool(),
            createdAt: columns.time(), dueAt: columns.time(), attempts: Int(columns.int()),
            firstAttemptAt: columns.optionalTime(),
            relayDownBefore: .milliseconds(columns.int()), identity: columns.optionalInt())
    }

    /// In the order of ``texts``; all are empty where they are not read.
    static func texts(_ columns: inout ColumnCursor) -> RowTexts {
        func line() -> String? { columns.optionalText(limit: OutboxLimits.line) }
        return RowTexts(
            recipientName: line(), authorName: line(), subject: line(),
            bodyText: columns.text(limit: OutboxLimits.body),
            attachments: columns.optionalText(limit: OutboxLimits.attachments),
            pageURL: line(), unsubscribeURL: line(), inReplyTo: line(), locale: line(),
            traceparent: line())
    }
}
