internal import Delivery
internal import SMTP

/// Which gate stands behind a login that is refused, and who opens it how.
///
/// The large providers answer many causes with few codes; the words behind the code tell them apart.
/// Sources: Microsoft's "Authenticate an IMAP, POP or SMTP connection using OAuth" and "Enable or disable
/// SMTP AUTH in Exchange Online", Google's "Gmail SMTP errors and codes", RFC 6749 section 5.2.
struct LoginGate {
    /// With an access token, not with a password.
    var usesToken: Bool
    /// The tokens are fetched, not read from a file.
    var fetches = false

    init(_ settings: ConnectionSettings) {
        usesToken = settings.tokens != nil
        if case .client = settings.tokens?.source { fetches = true }
    }

    init(usesToken: Bool, fetches: Bool = false) {
        self.usesToken = usesToken
        self.fetches = fetches
    }

    /// What to do about a refusal that we know, to stand at the end of a line; nil for any other.
    ///
    /// Such as `see the user in OUTBOXD_SMTP_URL, and the password in OUTBOXD_SMTP_PASSWORD`.
    func advice(_ error: DeliveryError) -> String? {
        if error.text.hasPrefix("no token") { return tokenAdvice(error.text.lowercased()) }
        if error.code == 334 || error.text.hasPrefix(TokenChallenge.refusal) { return stale }
        if error.text.hasPrefix("the relay takes no token") {
            return
                "log in there with a password (OUTBOXD_SMTP_AUTH=password), or see whether another "
                + "port is for login"
        }
        guard let enhanced = error.enhanced, enhanced.classDigit == 5, enhanced.subject == 7 else {
            return nil
        }
        return advice(detail: enhanced.detail, error.text.lowercased())
    }

    private func advice(detail: Int, _ words: String) -> String? {
        switch detail {
        case 139: microsoft(words)
        case 30:
            "Microsoft takes no passwords here any more: set OUTBOXD_SMTP_AUTH=oauth and where tokens "
                + "come from"
        case 57:
            "the relay wants a login first: name the user in OUTBOXD_SMTP_URL, and set "
                + "OUTBOXD_SMTP_AUTH=oauth or a password"
        case 3 where usesToken:
            "Exchange does not take this token: its application needs the permission SMTP.SendAsApp with "
                + "an administrator's consent, New-ServicePrincipal in Exchange, "
                + "Add-MailboxPermission for the user in OUTBOXD_SMTP_URL, and the scope "
                + "https://outlook.office365.com/.default"
        case 3:
            "the user or the password is wrong, or the mailbox takes no password: then set "
                + "OUTBOXD_SMTP_AUTH=oauth"
        case 9 where !usesToken:
            "Google wants an app password here, not the account's own: turn on 2-step verification, make "
                + "one, and set it as the password"
        case 8 where usesToken: stale
        case 8:
            "see the user in OUTBOXD_SMTP_URL, and the password in OUTBOXD_SMTP_PASSWORD or its file; "
                + "Google wants an app password there, not the account's own"
        default: nil
        }
    }

    // MARK: Microsoft's three gates

    private func microsoft(_ words: String) -> String {
        let mailbox = "Set-CASMailbox USER -SmtpClientAuthenticationDisabled $false"
        if words.contains("for the tenant") {
            return
                "SMTP AUTH is off for the whole tenant: an Exchange administrator turns it on for this "
                + "mailbox (\(mailbox)), or for all (Set-TransportConfig "
                + "-SmtpClientAuthenticationDisabled $false)"
        }
        if words.contains("for the mailbox") {
            return
                "SMTP AUTH is off for this mailbox: an Exchange administrator turns it on (\(mailbox))"
        }
        if words.contains("basic authentication is disabled") {
            return
                "the tenant takes no passwords: set OUTBOXD_SMTP_AUTH=oauth and where tokens come from"
        }
        if words.contains("credentials were incorrect") {
            return usesToken
                ? "the token is not for the user in OUTBOXD_SMTP_URL, or its application may not use that "
                    + "mailbox (Add-MailboxPermission)"
                : "the user or the password is wrong, or passwords are off: then set OUTBOXD_SMTP_AUTH=oauth"
        }
        return
            "one of three gates is shut: Security Defaults or Conditional Access in Entra, SMTP AUTH of "
            + "the tenant (Get-TransportConfig), or of the mailbox (\(mailbox))"
    }

    // MARK: Tokens

    private var stale: String {
        fetches
            ? "a fresh token was refused too: see the user in OUTBOXD_SMTP_URL, OUTBOXD_OAUTH_SCOPE, and "
                + "what the client may do"
            : "see that whoever writes the token's file keeps it fresh, and the user in OUTBOXD_SMTP_URL"
    }

    /// The codes of RFC 6749, section 5.2, and Microsoft's AADSTS numbers where they say more.
    private static let tokenErrors: [(mark: String, advice: String)] = [
        (
            "aadsts7000222",
            "the client's secret has ended: make a new one in Entra, and put its value into "
                + "OUTBOXD_OAUTH_CLIENT_SECRET_FILE"
        ),
        (
            "aadsts7000215",
            "put the secret's value into OUTBOXD_OAUTH_CLIENT_SECRET_FILE, not the secret's id"
        ),
        ("aadsts700016", "see OUTBOXD_OAUTH_CLIENT_ID, and the tenant in OUTBOXD_OAUTH_TOKEN_URL"),
        ("aadsts90002", "see the tenant in OUTBOXD_OAUTH_TOKEN_URL: there is none of that name"),
        (
            "aadsts1002012",
            "OUTBOXD_OAUTH_SCOPE must end in /.default, as https://outlook.office365.com/.default"
        ),
        (
            "invalid_client",
            "see OUTBOXD_OAUTH_CLIENT_ID, and whether the secret in OUTBOXD_OAUTH_CLIENT_SECRET_FILE is "
                + "right and has not ended"
        ),
        (
            "unauthorized_client",
            "this client may not fetch tokens for itself: allow it the client credentials grant, and "
                + "see the tenant in OUTBOXD_OAUTH_TOKEN_URL"
        ),
        (
            "invalid_scope",
            "see OUTBOXD_OAUTH_SCOPE; Microsoft wants https://outlook.office365.com/.default"
        ),
        (
            "unsupported_grant_type",
            "this server has no client credentials grant: let another program write "
                + "OUTBOXD_SMTP_TOKEN_FILE"
        ),
        ("invalid_grant", "see what the server allows this client"),
        ("invalid_request", "see OUTBOXD_OAUTH_TOKEN_URL and OUTBOXD_OAUTH_SCOPE"),
        ("redirects", "write the address that it redirects to in OUTBOXD_OAUTH_TOKEN_URL"),
        ("the client's secret:", "see OUTBOXD_OAUTH_CLIENT_SECRET_FILE"),
        ("no address found", "see the host in OUTBOXD_OAUTH_TOKEN_URL"),
        ("can't connect", "see OUTBOXD_OAUTH_TOKEN_URL, and the firewalls between"),
        ("no answer within", "see OUTBOXD_OAUTH_TOKEN_URL, and the firewalls between"),
        ("(404)", "see the path in OUTBOXD_OAUTH_TOKEN_URL"),
        ("answered 404", "see the path in OUTBOXD_OAUTH_TOKEN_URL"),
    ]

    private func tokenAdvice(_ words: String) -> String {
        guard fetches else { return "see OUTBOXD_SMTP_TOKEN_FILE, and whoever writes that file" }
        return Self.tokenErrors.first { words.contains($0.mark) }?.advice
            ?? "see OUTBOXD_OAUTH_TOKEN_URL, and tell who runs that server"
    }
}
