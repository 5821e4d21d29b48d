internal import Delivery

/// What step 6 adds: rows with a `not_before` stand in `outboxd_unread` until then, found by their time; the
/// view tells that, and why a row or its helpdesk can't be read.
enum PutOffMigration {
    static let ddl = [
        "CREATE INDEX outboxd_unread_retry ON outboxd_unread (retry_at, id)",
        "DROP VIEW outbox_status", view(state: state),
    ]

    /// `outbox_status` (Contract.md), as in step 2 but for what is said above; numbers and words are
    /// those of ``RowTable``, ``MailTable`` and ``RowState``, ``WaitReason``.
    ///
    /// - Parameters:
    ///   - state: SQL for the column `state`.
    ///   - held: SQL for a WHEN of what holds everything.
    ///   - join: What is joined beside what is read here.
    static func view(state: String, held: String = "", join: String = "") -> String {
        """
        CREATE VIEW outbox_status AS
        SELECT
            o.id AS id,
            \(state) AS state,
            CASE
                WHEN r.state <> \(row: .pending) THEN r.reason
                WHEN m.phase = \(phase: .sending) THEN NULL
                WHEN m.wait = \(wait: .uncertain) THEN \(word: WaitReason.uncertain)
                \(held)WHEN EXISTS (
                    SELECT 1 FROM outboxd_pauses p WHERE p.helpdesk_id IN ('', o.helpdesk_id)
                ) OR EXISTS (
                    SELECT 1 FROM helpdesks h WHERE h.id = o.helpdesk_id AND h.paused <> 0
                ) THEN \(word: WaitReason.paused)
                WHEN r.id IS NULL THEN CASE
                    WHEN \(UnreadRow.isFaulty) THEN \(word: WaitReason.deferred)
                    WHEN \(UnreadRow.dueAt(hold: hold)) <= \(Schema.now) THEN \(word: WaitReason.queued)
                    ELSE \(word: WaitReason.hold) END
                WHEN m.due_at <= \(Schema.now) AND m.parked = \(park: .sender)
                    THEN \(word: WaitReason.sender)
                WHEN m.due_at <= \(Schema.now)
                    AND (SELECT state FROM outboxd_relay WHERE id = 1) = '\(RelayState.down.rawValue)'
                    THEN \(word: WaitReason.relay)
                WHEN m.attempts > 0 OR m.wait = \(wait: .behind) OR m.troubles > 0
                    THEN \(word: WaitReason.deferred)
                WHEN m.due_at > \(Schema.now) THEN \(word: WaitReason.hold)
                WHEN m.parked = \(park: .fault) THEN \(word: WaitReason.deferred)
                ELSE \(word: WaitReason.queued)
            END AS reason,
            coalesce(r.uncertain, 0) AS uncertain,
            coalesce(r.attempts, 0) AS attempts,
            CASE
                WHEN r.state = \(row: .pending) THEN m.due_at
                WHEN r.id IS NOT NULL THEN r.due_at
                ELSE \(UnreadRow.dueAt(hold: hold))
            END AS due_at,
            r.sent_at AS sent_at,
            r.finished_at AS finished_at,
            m.email_message_id AS email_message_id,
            CASE
                WHEN r.id IS NULL THEN (
                    SELECT \(storeError("u.error_text")) FROM outboxd_unread u WHERE u.id = o.id)
                WHEN r.state = \(row: .pending) AND m.line_error IS NOT NULL THEN \(storeError("m.line_error"))
                ELSE '{"stage":' || coalesce('"' || r.error_stage || '"', 'null')
                    || ',"code":' || coalesce(r.error_code, 'null')
                    || ',"enhanced":' || coalesce('"' || r.error_enhanced || '"', 'null')
                    || ',"text":"' || \(escaped("r.error_text")) || '"}'
            END AS last_error
        FROM outbox o
        LEFT JOIN outboxd_rows r ON r.id = o.id
        LEFT JOIN (
            SELECT m.id, m.phase, m.wait, m.due_at, m.attempts, m.troubles, m.email_message_id,
                \(LineOfMail.park) AS parked, \(LineOfMail.error) AS line_error
            FROM outboxd_mails m
        ) m ON m.id = r.mail_id\(join)
        """
    }

    private static let state = """
        CASE
                WHEN r.id IS NULL THEN \(word: RowState.pending)
                WHEN r.state = \(row: .sent) THEN \(word: RowState.sent)
                WHEN r.state = \(row: .skipped) THEN \(word: RowState.skipped)
                WHEN r.state = \(row: .failed) THEN \(word: RowState.failed)
                WHEN m.phase = \(phase: .sending) THEN \(word: RowState.sending)
                ELSE \(word: RowState.pending)
            END
        """

    /// JSON with the stage `store`; NULL if there is no text.
    private static func storeError(_ text: String) -> String {
        """
        '{"stage":"\(Stage.store.rawValue)","code":null,"enhanced":null,"text":"' || \(escaped(text)) || '"}'
        """
    }

    /// Error texts hold no control characters.
    private static func escaped(_ text: String) -> String {
        "replace(replace(\(text), '\\', '\\\\'), '\"', '\\\"')"
    }

    /// The hold that the daemon last ran with, in milliseconds.
    private static let hold = """
        coalesce((SELECT CAST(value AS INTEGER) FROM outboxd_meta WHERE key = 'hold'), \(HoldPolicy.standard.inMilliseconds))
        """
}
