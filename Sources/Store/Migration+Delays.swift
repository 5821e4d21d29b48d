/// Step 8: where the time of an attempt went, beside `milliseconds` (from MAIL to the final reply).
///
/// - `queued_milliseconds`: from the claim to the first command, or to connecting.
/// - `connecting_milliseconds`: connecting, TLS, EHLO, AUTH; NULL on a connection that was open.
enum DelaysMigration {
    static let ddl = [
        "ALTER TABLE outboxd_attempts ADD COLUMN queued_milliseconds INTEGER",
        "ALTER TABLE outboxd_attempts ADD COLUMN connecting_milliseconds INTEGER",
    ]
}
