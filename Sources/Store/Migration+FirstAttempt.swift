/// Step 10: the attempt by which a mail was sent stands in the mail's own row where it was its first.
///
/// That is nearly always so, and a row of its own for it costs 20,000 instructions and a page of the table.
/// The columns mean what those of `outboxd_attempts` mean; `sent_at` is NULL in a mail whose attempts stand there.
enum FirstAttemptMigration {
    static let ddl = [
        "sent_at INTEGER", "sent_relay TEXT", "sent_milliseconds INTEGER",
        "sent_queued_milliseconds INTEGER", "sent_connecting_milliseconds INTEGER",
        "sent_code INTEGER", "sent_enhanced TEXT", "sent_text TEXT",
    ].map { "ALTER TABLE outboxd_mails ADD COLUMN \($0)" }
}
