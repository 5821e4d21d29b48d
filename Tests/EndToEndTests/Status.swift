import SQLite
import TestSupport

typealias Row = TestRow

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
