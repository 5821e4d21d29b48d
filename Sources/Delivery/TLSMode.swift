/// How much TLS there must be on the way to the relay.
///
/// The raw values are those of `OUTBOXD_SMTP_TLS`.
package enum TLSMode: String, CaseIterable, Sendable {
    /// Certificate and name are verified; without that no connection, and no mail.
    case required
    /// TLS if the relay offers it, unverified; without it, or if the handshake fails, in clear (Postfix's
    /// `may`).
    case opportunistic
    /// No STARTTLS. With `smtps`, TLS that is not verified.
    case none
}
