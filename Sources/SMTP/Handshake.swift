import Delivery

/// What libcurl does before the first mail, seen from the relay's replies: greeting, EHLO,
/// STARTTLS, AUTH.
///
/// Pure; says as soon as a reply forbids to go on, before libcurl acts on it.
///
/// libcurl alone would go on in clear where STARTTLS is refused, without AUTH where none is
/// offered, and with HELO where EHLO is refused.
///
/// | reply to | goes on | ends it |
/// |---|---|---|
/// | greeting | 2xx | all else: outage |
/// | EHLO | 2xx that offers enough | no STARTTLS or AUTH: credentials; all else: outage |
/// | STARTTLS | 220; not required: any but 421 | 5xx: credentials; all else: outage |
/// | AUTH | 334, 235 | 5xx: credentials; all else: outage |
///
/// A token that is refused is told of in a 334, whose text is kept for whoever says why.
struct Handshake: Sendable {
    enum Step: Sendable {
        case greeting, ehlo, starttls, auth, done
    }

    private let tls: TLSMode
    private let authenticates: Bool
    private let byToken: Bool
    private(set) var step = Step.greeting
    /// TLS is up or comes next.
    private(set) var isTLS: Bool
    private(set) var isAuthenticated = false
    private(set) var extensions = RelayExtensions()
    /// What the relay said of our token in its last 334, if that is what it was.
    private(set) var tokenChallenge: TokenChallenge?

    init(implicitTLS: Bool, tls: TLSMode, authenticates: Bool, byToken: Bool = false) {
        isTLS = implicitTLS
        self.tls = tls
        self.authenticates = authenticates
        self.byToken = byToken
    }

    /// Where the handshake stands, TLS itself apart.
    var stage: Stage {
        switch step {
        case .greeting: .greeting
        case .ehlo: .ehlo
        case .starttls: .starttls
        case .auth, .done: authenticates ? .auth : .ehlo
        }
    }

    /// Nothing is missing: EHLO was answered and, with credentials, 235 was seen.
    var isComplete: Bool { step == .done && isAuthenticated == authenticates }

    /// - Parameter lines: the reply's lines, for EHLO.
    mutating func take(_ reply: SMTPReply, lines: [String]) throws(RelayTrouble) {
        switch step {
        case .greeting:
            guard reply.isPositive else { throw refused(reply, .outage) }
            step = .ehlo
        case .ehlo:
            guard reply.isPositive else { throw refused(reply, .outage) }
            extensions = RelayExtensions(ehloLines: lines)
            try goOnFromEHLO()
        case .starttls: try takeSTARTTLS(reply)
        case .auth: try takeAUTH(reply)
        case .done: throw garbled("\(reply.code) \(reply.text)")
        }
    }

    private mutating func goOnFromEHLO() throws(RelayTrouble) {
        if !isTLS, tls != .none, extensions.startTLS {
            step = .starttls
        } else if !isTLS, tls == .required {
            throw missing(.starttls, "the relay does not offer STARTTLS, which is required")
        } else {
            try goOnToAUTH()
        }
    }

    private mutating func goOnToAUTH() throws(RelayTrouble) {
        guard authenticates else { return step = .done }
        guard !extensions.authMechanisms.isEmpty else {
            throw missing(.auth, "the relay does not offer AUTH, but a user name is set")
        }
        let offered = extensions.authMechanisms
        guard !byToken || offered.contains("OAUTHBEARER") || offered.contains("XOAUTH2") else {
            throw missing(
                .auth,
                "the relay takes no token: it offers \(offered.joined(separator: " ")), and neither "
                    + "OAUTHBEARER nor XOAUTH2")
        }
        step = .auth
    }

    private mutating func takeSTARTTLS(_ reply: SMTPReply) throws(RelayTrouble) {
        if reply.code == 220 {
            isTLS = true
            step = .ehlo
        } else if tls == .required || reply.code == 421 {
            throw refused(reply, reply.isPermanent ? .credentials : .outage)
        } else {
            try goOnToAUTH()
        }
    }

    private mutating func takeAUTH(_ reply: SMTPReply) throws(RelayTrouble) {
        switch reply.code {
        case 334: if byToken { tokenChallenge = TokenChallenge(reply.text) }
        case 235:
            isAuthenticated = true
            step = .done
        default:
            var trouble = refused(reply, reply.isPermanent ? .credentials : .outage)
            if let details = tokenChallenge?.details, !details.isEmpty {
                trouble.error.text += " (\(details))"
            }
            throw trouble
        }
    }

    private func refused(_ reply: SMTPReply, _ kind: RelayTrouble.Kind) -> RelayTrouble {
        RelayTrouble(kind: kind, error: DeliveryError(stage: stage, reply: reply))
    }

    private func missing(_ stage: Stage, _ text: String) -> RelayTrouble {
        RelayTrouble(kind: .credentials, error: DeliveryError(stage: stage, text: text))
    }

    /// - Parameter text: cleaned.
    func garbled(_ text: String) -> RelayTrouble {
        RelayTrouble(
            kind: .outage,
            error: DeliveryError(
                stage: stage, text: "the relay's answer is no SMTP reply here: \(text)"))
    }
}
