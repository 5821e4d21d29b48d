/// How outboxd logs in at the relay: what `OUTBOXD_SMTP_AUTH` says.
package enum AuthMode: String, CaseIterable, Sendable {
    case password
    /// With an access token: OAUTHBEARER (RFC 7628) or XOAUTH2.
    case oauth
    case none
}
