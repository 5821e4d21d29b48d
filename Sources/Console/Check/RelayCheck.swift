internal import Delivery
internal import SMTP
internal import Service

/// Connects as the daemon would, asks about senders, and leaves; where that fails, looks for the reason.
struct RelayCheck {
    typealias Finding = CheckReport.Finding

    var settings: ConnectionSettings
    var senders: SendersToTry
    var now: WallTime

    /// A relay that is silent for longer would be waited for by the daemon, but not by a person.
    private static let longestSilence: Duration = .seconds(60)
    /// A greeting that has not come by then is worth a look whether the port speaks TLS.
    private static let greetingPatience: Duration = .seconds(5)

    init(settings: ConnectionSettings, senders: SendersToTry, now: WallTime) {
        self.settings = settings
        self.senders = senders
        self.now = now
        self.settings.commandTimeout = min(settings.commandTimeout, Self.longestSilence)
        self.settings.connectTimeout = min(settings.connectTimeout, Self.longestSilence)
    }

    private var host: String { "\(settings.host):\(settings.port)" }

    func findings() -> [Finding] {
        let name = NameCheck(host: settings.bareHost).finding()
        guard name?.result != .fail else { return [name].compactMap(\.self) + skips(.relay) }
        return [name].compactMap(\.self) + connectWithToken()
    }

    /// Without a token the rest is looked at all the same.
    private func connectWithToken() -> [Finding] {
        guard let token = settings.tokens.map({ TokenCheck(tokens: $0).finding() }) else {
            return connect()
        }
        guard token.result == .fail else { return connect(token) }
        var bare = self
        bare.settings = settings.withoutLogin
        return bare.connect().filter { $0.subject != .credentials && $0.subject != .senders }
            + [token] + skips(.senders)
    }

    /// - Parameter token: what is known of it.
    private func connect(_ token: Finding? = nil) -> [Finding] {
        var look = RelayLook(settings) { isWorthWaiting(for: $0) }
        if !settings.implicitTLS, look.isWithoutGreeting {
            if let finding = speaksTLS() { return [finding] + skips(.tls) }
            look = RelayLook(settings)
        }
        switch look.result {
        case .success(let connection):
            defer { connection.close() }
            let asked = SenderCheck(connection: connection, timeout: settings.commandTimeout)
                .findings(senders)
            connection.leave()
            return success(connection, look.notes, token) + asked
        case .failure(let trouble):
            var findings = failure(trouble, look.notes)
            if let token, let place = findings.firstIndex(where: { $0.subject == .credentials }) {
                findings.insert(token, at: place)
            }
            return findings + times(look.notes)
        }
    }

    // MARK: It works

    private func success(
        _ connection: RelayConnection, _ notes: LookNotes, _ token: Finding?
    ) -> [Finding] {
        var findings = [
            Finding(.relay, .ok, "\(connection.peer) answers"),
            Finding(.relay, .info, Self.offers(connection.extensions)),
        ]
        findings += times(notes) + [tls(connection.tls, notes)]
        findings += [certificateEnd(notes.chain), clientCertificate, token].compactMap(\.self)
        return findings + [credentials(connection.extensions)]
    }

    private func times(_ notes: LookNotes) -> [Finding] {
        notes.phases.isEmpty ? [] : [Finding(.relay, .info, "took: \(notes.times)")]
    }

    private func tls(_ tls: String?, _ notes: LookNotes) -> Finding {
        switch (tls, settings.tls) {
        case (let tls?, .required):
            Finding(.tls, .ok, "\(tls), the certificate is good for \(settings.host)")
        case (let tls?, _): Finding(.tls, .ok, "\(tls), the certificate was not looked at")
        case (nil, .none): Finding(.tls, .ok, "none, as OUTBOXD_SMTP_TLS says")
        case (nil, _): Finding(.tls, .ok, "none: the relay's is not offered or does not work")
        }
    }

    /// The first of the chain to end.
    private func certificateEnd(_ chain: [RelayCertificate]) -> Finding? {
        let ends = chain.compactMap { one in one.notAfter.map { (one, $0) } }
        guard let (first, at) = ends.min(by: { $0.1 < $1.1 }) else { return nil }
        let end = CertificateEnd(at: at, now: now)
        let whose = first == chain.first ? "the relay's certificate" : "its issuer's certificate"
        let text = "\(whose) (\(first.subject ?? "without a name")) \(end.words)"
        guard settings.tls == .required, end.isOver || end.isSoon else {
            return Finding(.tls, .info, text)
        }
        return Finding(
            .tls, .warn, "\(text); mail waits from then on: the relay's operator has to renew it")
    }

    private var clientCertificate: Finding? {
        settings.clientCertificate.map {
            ClientCertificateCheck(certificate: $0, now: now).finding()
        }
    }

    private func credentials(_ extensions: RelayExtensions) -> Finding {
        let offered = extensions.authMechanisms.joined(separator: " ")
        if let user = settings.username {
            let what = settings.tokens == nil ? "those" : "the token"
            return Finding(
                .credentials, .ok, "the relay accepts \(what) of \(user); it offers \(offered)")
        }
        guard !offered.isEmpty else { return Finding(.credentials, .ok, "none are set") }
        return Finding(
            .credentials, .ok,
            "none are set, and the relay offers \(offered): if it refuses mail, name the user in "
                + "OUTBOXD_SMTP_URL")
    }

    static func offers(_ extensions: RelayExtensions) -> String {
        let size =
            switch extensions.size {
            case .notOffered: "SIZE is not offered"
            case .unlimited: "messages of any size"
            case .octets(let octets): "messages up to \(octets) octets"
            }
        let pipelining =
            extensions.pipelining ? "PIPELINING" : "no PIPELINING: each mail takes more time"
        let utf8 =
            extensions.smtpUTF8
            ? "SMTPUTF8" : "no SMTPUTF8: addresses beyond ASCII before the @ fail as unsupported"
        return [size, pipelining, utf8].joined(separator: "; ")
    }

    // MARK: It does not

    /// What stands before the stage in question worked.
    private func failure(_ trouble: RelayTrouble, _ notes: LookNotes) -> [Finding] {
        let error = trouble.error
        switch error.stage {
        case .tls, .starttls: return tlsFailure(trouble)
        case .auth:
            let advice =
                LoginGate(settings).advice(error)
                ?? RelayAdvice.loggingIn(
                    error, offered: notes.offers.authMechanisms, isEncrypted: notes.isEncrypted)
            let tls: Finding =
                notes.isEncrypted
                ? Finding(.tls, .ok, settings.tls == .required ? "verified" : "not looked at")
                : Finding(.tls, .skip, "not required")
            return [
                Finding(.relay, .ok, "\(host) answers"), tls,
                Finding(.credentials, .fail, "\(error.line); \(advice)"),
            ] + skips(.senders)
        default:
            let advice = RelayAdvice.connecting(error, settings)
            return [Finding(.relay, .fail, "\(error.line); \(advice)")] + skips(.tls)
        }
    }

    private func tlsFailure(_ trouble: RelayTrouble) -> [Finding] {
        let error = trouble.error
        let answers = Finding(.relay, .ok, "\(host) answers")
        if error.stage == .tls, error.text.hasPrefix("the certificate") {
            // Once more without checking, to see what it shows: nothing but EHLO is said.
            let chain = RelayLook.probe(
                settings, implicitTLS: settings.implicitTLS, tls: .opportunistic
            ).chain
            let advice = RelayAdvice.certificate(
                chain, host: settings.bareHost, caFile: settings.caFile, now: now)
            return [answers, Finding(.tls, .fail, "\(error.line); \(advice)")] + skips(.credentials)
        }
        if settings.implicitTLS, let finding = speaksPlainly(error) {
            return [finding] + skips(.tls)
        }
        let advice = RelayAdvice.encrypting(error, settings)
        return [answers, Finding(.tls, .fail, "\(error.line); \(advice)")]
            + [clientCertificate].compactMap(\.self) + skips(.credentials)
    }

    private func skips(_ first: CheckReport.Subject) -> [Finding] {
        let subjects = CheckReport.Subject.allCases
        return subjects[(subjects.firstIndex(of: first) ?? 0)...]
            .map { Finding($0, .skip, "not checked") }
    }

    // MARK: The other scheme

    /// A relay that speaks TLS at once waits for us to begin, and so do we.
    private func isWorthWaiting(for notes: LookNotes) -> Bool {
        guard !settings.implicitTLS, notes.replies.isEmpty, let since = notes.connectedAt else {
            return true
        }
        return .now - since < (settings.port == 465 ? .seconds(1) : Self.greetingPatience)
    }

    private func speaksTLS() -> Finding? {
        let notes = RelayLook.probe(settings, implicitTLS: true, tls: .opportunistic)
        guard notes.isEncrypted else { return nil }
        return Finding(
            .relay, .fail,
            "port \(settings.port) wants smtps://, and OUTBOXD_SMTP_URL says smtp://: write "
                + "smtps://\(user)\(host)")
    }

    private func speaksPlainly(_ error: DeliveryError) -> Finding? {
        let notes = RelayLook.probe(settings, implicitTLS: false, tls: .none)
        guard notes.replies.first?.hasPrefix("220") == true else { return nil }
        let hasTLS =
            notes.offers.startTLS
            ? "TLS begins there with STARTTLS" : "it does not offer STARTTLS there, either"
        return Finding(
            .relay, .fail,
            "port \(settings.port) wants smtp://, and OUTBOXD_SMTP_URL says smtps://: write "
                + "smtp://\(user)\(host); \(hasTLS)")
    }

    private var user: String { settings.username.map { "\($0)@" } ?? "" }
}

extension RelayLook {
    /// Nothing was heard, although the TCP connection stands.
    fileprivate var isWithoutGreeting: Bool {
        guard case .failure = result else { return false }
        return notes.connectedAt != nil && notes.replies.isEmpty
    }
}
