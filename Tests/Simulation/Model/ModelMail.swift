import SQLite

/// A mail as the database has it.
struct ModelMail: Equatable {
    var id: Int64
    /// 0 waiting, 1 sending, 2 finished.
    var phase: Int64
    var wait: Int64
    /// Milliseconds since 1970.
    var dueAt: Int64
    var attempts: Int64
    var copies: Int64
    var takeovers: Int64
    /// The id of the process that has claimed it.
    var owner: Int64?
    var token: Int64?
    var messageID: String?
    /// Milliseconds since 1970.
    var claimedAt: Int64?
    /// A copy of it is kept.
    var isKept: Bool

    static func all(_ server: Connection) throws -> [ModelMail] {
        try server.statement(
            """
            SELECT id, phase, wait, due_at, attempts, copies, rescues, owner, token, email_message_id,
                composed_at, EXISTS (SELECT 1 FROM outboxd_frozen f WHERE f.mail_id = m.id)
            FROM outboxd_mails m ORDER BY id
            """
        ).all {
            ModelMail(
                id: $0.int(0), phase: $0.int(1), wait: $0.int(2), dueAt: $0.int(3),
                attempts: $0.int(4), copies: $0.int(5), takeovers: $0.int(6),
                owner: $0.optionalInt(7), token: $0.optionalInt(8),
                messageID: $0.optionalText(9), claimedAt: $0.optionalInt(10),
                isKept: $0.bool(11))
        }
    }

    var isSending: Bool { phase == 1 }
    var isFinished: Bool { phase == 2 }
}

/// A row as the database has it.
struct ModelRow: Equatable {
    var id: Int64
    var recipient: String
    var state: String
    var isUncertain: Bool

    static func all(_ server: Connection) throws -> [ModelRow] {
        try server.statement(
            """
            SELECT s.id, o.recipient_email, s.state, s.uncertain
            FROM outbox_status s JOIN outbox o ON o.id = s.id ORDER BY s.id
            """
        ).all {
            ModelRow(
                id: $0.int(0), recipient: $0.text(1), state: $0.text(2), isUncertain: $0.bool(3))
        }
    }
}
