internal import Delivery
internal import Hosts
internal import SMTP

/// The next step for each trouble with the relay.
///
/// Never to give up checking certificates: who does that gives the password, and the mail, to anybody.
enum RelayAdvice {
    /// Up to EHLO.
    static func connecting(_ error: DeliveryError, _ settings: ConnectionSettings) -> String {
        switch (error.stage, error.code) {
        case (.connect, _) where error.text.contains("refused"):
            return "nothing listens there: see that the relay runs, and host and port in "
                + "OUTBOXD_SMTP_URL"
        case (.connect, _) where error.text.hasPrefix("no connection"):
            let port =
                settings.port == 25 && !Loopback.isHost(settings.bareHost)
                ? "; many networks let nobody out to port 25, and relays take mail on 587 for that"
                : ""
            return "see host and port in OUTBOXD_SMTP_URL, and the firewalls between\(port)"
        case (.greeting, .some):
            return "the relay turns this machine away; its operator can let it in"
        case (.ehlo, .some):
            return
                "it does not like to be greeted as \(settings.ehloName); set OUTBOXD_EHLO_NAME to a "
                + "name that leads to this machine"
        default: return "see OUTBOXD_SMTP_URL, the relay and the network between"
        }
    }

    /// - Parameter chain: What the relay shows, if that could be seen.
    static func certificate(
        _ chain: [RelayCertificate], host: String, caFile: String?, now: WallTime
    ) -> String {
        guard !chain.isEmpty else { return "what it shows could not be seen; tell its operator" }
        for (number, certificate) in chain.enumerated() {
            let whose = number == 0 ? "it" : "\(certificate.subject ?? "one of its issuers")"
            if let end = certificate.notAfter, end <= now {
                return
                    "\(whose) \(CertificateEnd(at: end, now: now).words); the relay's operator has to "
                    + "renew it"
            }
            if let start = certificate.notBefore, start > now {
                return
                    "\(whose) is good from \(TimeText.moment(start)) on; see whether this machine's "
                    + "clock is right"
            }
        }
        if let first = chain.first, !first.names.isEmpty, !first.isFor(host) {
            let names = first.names.prefix(5).joined(separator: ", ")
            return
                "it is for \(names)\(first.names.count > 5 ? ", …" : ""); write one of its names in "
                + "OUTBOXD_SMTP_URL instead of \(host)"
        }
        let issuer = chain.last?.issuer.map { " (\($0))" } ?? ""
        return caFile == nil
            ? "its issuer\(issuer) is none that this system trusts; if it is your own, name its "
                + "certificate in OUTBOXD_SMTP_CA_FILE"
            : "its issuer\(issuer) is not in OUTBOXD_SMTP_CA_FILE; put its certificate there"
    }

    /// STARTTLS and the handshake.
    static func encrypting(_ error: DeliveryError, _ settings: ConnectionSettings) -> String {
        if error.text.contains("CA file") { return "see OUTBOXD_SMTP_CA_FILE" }
        if error.text.hasPrefix("the client certificate") {
            return
                "see OUTBOXD_SMTP_CLIENT_CERT_FILE and OUTBOXD_SMTP_CLIENT_KEY_FILE, and that they "
                + "belong together"
        }
        guard error.stage == .starttls else {
            return "outboxd speaks TLS 1.2 and 1.3; see what the relay speaks"
        }
        return error.code == nil
            ? "see whether the relay has another port for TLS: 587 with STARTTLS, or smtps:// with 465"
            : "the relay's own TLS is broken at present; tell its operator"
    }

    /// - Parameter offered: The mechanisms of its last EHLO reply.
    static func loggingIn(
        _ error: DeliveryError, offered: [String], isEncrypted: Bool
    ) -> String {
        guard let code = error.code else {
            if offered.isEmpty {
                return isEncrypted
                    ? "if this relay knows the machine by its address, leave the user out of "
                        + "OUTBOXD_SMTP_URL; else see whether another port is for login (587, 465)"
                    : "most relays let nobody log in without TLS: smtp:// with 587, or smtps:// with 465"
            }
            let known = "outboxd knows \(mechanisms.joined(separator: ", "))"
            return offered.contains { ["OAUTHBEARER", "XOAUTH2"].contains($0) }
                ? "\(known), and tokens with OUTBOXD_SMTP_AUTH=oauth" : known
        }
        return code < 500
            ? "the relay can't look the login up at present; it is tried again by itself"
            : "see the user in OUTBOXD_SMTP_URL, and the password in OUTBOXD_SMTP_PASSWORD or its file"
    }

    /// Those that need no more than name and password.
    static let mechanisms = ["PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"]
}
