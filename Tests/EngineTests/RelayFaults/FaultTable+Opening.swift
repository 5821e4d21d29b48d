import Delivery

/// From the connection to AUTH: whatever goes wrong there is the relay's trouble, and no mail's.
extension FaultTable {
    static let opening = [
        Row(
            .connect, [.plain],
            [
                .reset: .outage("can't connect to RELAY: Connection refused"),
                .silent: .outage("no connection to RELAY within 2 s"),
            ]),
        Row(
            .greeting, [.plain, .starttls, .implicit],
            // It may come before libcurl has looked whether the connection stands.
            any("greeting").merging([.reset: closed.at(.greeting, or: .connect)]) { $1 }),
        Row(
            .greeting, [.plain, .implicit],
            [
                // The early reply to EHLO offers nothing.
                .early: noAuth.at(.auth), .cut: closed.at(.ehlo),
            ]),
        Row(.greeting, [.starttls], [.early: noSTARTTLS.at(.starttls), .cut: closed.at(.ehlo)]),
        Row(
            .ehlo, [.plain, .starttls, .implicit],
            any("ehlo").merging([.endless: .outage("the reply of RELAY is too long")]) { $1 }),
        Row(
            .ehlo, [.plain, .implicit], [.cut: closed.at(.auth), .noAuth: noAuth.at(.auth)]),
        // libcurl takes it for the reply to AUTH. From then on each reply is one too early, and 354 never comes where
        // it is waited for. Which of them is noticed depends on how many come in one piece.
        Row(
            .ehlo, [.plain, .implicit],
            [.early: .deferred("unreadable reply").at(.data, or: .rcpt)]),
        Row(
            .ehlo, [.starttls],
            [
                // The right reply is then no TLS.
                .early: noTLS.at(.tls), .cut: closed.at(.starttls),
                .stripped: noSTARTTLS.at(.starttls),
                .noAuth: noAuth.at(.auth),
            ]),
        Row(.starttls, [.starttls], any("starttls", later: "454 4.7.0 Later")),
        Row(
            .starttls, [.starttls],
            [
                .refusedForGood: .login("550 5.7.1 No"),
                .injected: .outage("RELAY said more than its reply to STARTTLS in clear").at(.tls),
            ]),
        Row(
            .tls, [.starttls, .implicit],
            [
                .closed: noTLS, .reset: noTLS, .silent: slowTLS, .closing: noTLS,
                .refusedNow: noTLS,
                .refusedForGood: noTLS, .garbage: noTLS, .endless: noTLS, .drip: slowTLS,
                .twoPieces: .sent,
                .wrongCertificate: .login(
                    "the certificate of RELAY can't be trusted: SSL: no alternative certificate subject"
                ),
                .expiredCertificate: .login(
                    "the certificate of RELAY can't be trusted: SSL certificate problem: certificate has expired"
                ),
            ]),
        Row(.tls, [.starttls], [.cut: closed.at(.ehlo), .injected: noTLS]),
        Row(.tls, [.implicit], [.cut: closed.at(.greeting), .early: noTLS]),
        Row(.auth, [.plain, .starttls, .implicit], any("auth", later: "454 4.7.0 Later")),
        Row(
            .auth, [.plain, .starttls, .implicit],
            [
                .refusedForGood: .login("535 5.7.8 No"),
                // libcurl reads it with the right one and drops it.
                .early: .sent,
                // MAIL is out by then.
                .cut: .deferred(end).at(.mail),
            ]),
    ]

    /// What is the same wherever a reply of the relay's is waited for before MAIL, but for its name.
    private static func any(
        _ name: String, later: String = "450 4.2.0 Later"
    ) -> [RelayFault: FaultOutcome] {
        let silence = FaultOutcome.outage("RELAY sent no \(name) reply for 2 s")
        var outcomes: [RelayFault: FaultOutcome] = [
            .closed: closed, .reset: closed, .silent: silence, .closing: .outage("421 4.3.2 Bye"),
            .refusedNow: .outage(later),
            .garbage: .outage("the relay's answer is no SMTP reply here: hello?"),
            .endless: .outage(
                "the relay's answer is no SMTP reply here: a reply of more than 100 lines"),
            .drip: silence, .twoPieces: .sent,
        ]
        if later.hasPrefix("450") { outcomes[.refusedForGood] = .outage("550 5.7.1 No") }
        return outcomes
    }

    private static let closed = FaultOutcome.outage("RELAY closed the connection")
    private static let noTLS = FaultOutcome.outage("TLS with RELAY failed: ")
    private static let slowTLS = FaultOutcome.outage(
        "RELAY did not finish the TLS handshake in 2 s")
    private static let noSTARTTLS = FaultOutcome.login(
        "the relay does not offer STARTTLS, which is required")
    private static let noAuth = FaultOutcome.login(
        "the relay does not offer AUTH, but a user name is set")
}
