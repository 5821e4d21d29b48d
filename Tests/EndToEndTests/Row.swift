import SQLite

/// A row as a test inserts it.
struct Row {
    var to = "ann@example.test"
    var conversation = "c1"
    var body = "Hello"
    var helpdesk = "h1"
    /// The next of a sequence, where nil.
    var message: String?
    var audience = "visitor"
    var instant = false
    /// Now, where nil.
    var createdAt: Int64?

    static let insert = """
        INSERT INTO outbox (helpdesk_id, conversation_id, message_id, audience, recipient_email,
            body_text, instant, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """
}

/// A row of `outbox_status`.
struct Status: Equatable {
    var state: String
    var reason: String?
    var uncertain: Bool
    var attempts: Int64
    var dueAt: Int64
    var sentAt: Int64?
    var emailMessageID: String?
    var lastError: String?

    static let select = """
        SELECT state, reason, uncertain, attempts, due_at, sent_at, email_message_id, last_error
        FROM outbox_status WHERE id = ?
        """

    init(_ row: Statement) {
        state = row.text(0)
        reason = row.optionalText(1)
        uncertain = row.bool(2)
        attempts = row.int(3)
        dueAt = row.int(4)
        sentAt = row.optionalInt(5)
        emailMessageID = row.optionalText(6)
        lastError = row.optionalText(7)
    }

    /// `failed/rejected`, or the state alone.
    var summary: String { reason.map { "\(state)/\($0)" } ?? state }
}
