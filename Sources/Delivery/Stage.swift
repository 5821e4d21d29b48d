/// Where in a delivery something happened.
///
/// The raw values are those of Operating.md.
package enum Stage: String, Sendable, CaseIterable, Codable {
    /// `store`: before the relay was contacted, an SQL statement about this mail failed.
    case store, connect, tls, greeting, ehlo, starttls, auth, mail, rcpt, data, body, final

    /// Before MAIL nothing is the mail's fault: it is the relay's own trouble.
    package var isBeforeMail: Bool {
        switch self {
        case .connect, .tls, .greeting, .ehlo, .starttls, .auth: true
        case .store, .mail, .rcpt, .data, .body, .final: false
        }
    }
}
