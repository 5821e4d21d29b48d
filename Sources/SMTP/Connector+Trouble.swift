import CCurl
import Delivery

/// Plain sentences for what went wrong without a reply.
extension Connector {
    /// How far it had come.
    var stage: Stage {
        guard handle.isConnected else { return .connect }
        let handshake = handle.observer.handshake
        return handshake.isTLS && !handle.isTLSUp ? .tls : handshake.stage
    }

    private var address: String { "\(settings.host):\(settings.port)" }

    func trouble(
        _ kind: RelayTrouble.Kind, _ text: String, at stage: Stage? = nil
    ) -> RelayTrouble {
        RelayTrouble(
            kind: kind,
            error: DeliveryError(stage: stage ?? self.stage, text: ReplyText.clean(text.utf8)))
    }

    func silence(_ timeout: Duration) -> RelayTrouble {
        switch stage {
        case .connect: trouble(.outage, "no connection to \(address) within \(timeout.inWords)")
        case .tls:
            trouble(.outage, "\(address) did not finish the TLS handshake in \(timeout.inWords)")
        case let stage: trouble(.outage, "\(address) sent no \(stage) reply for \(timeout.inWords)")
        }
    }

    func trouble(for code: CURLcode) -> RelayTrouble {
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST where OpenFiles.areExhausted,
            CURLE_COULDNT_CONNECT where OpenFiles.areExhausted:
            trouble(.outage, "can't connect to \(address): \(OpenFiles.exhaustion)", at: .connect)
        case CURLE_COULDNT_RESOLVE_HOST:
            trouble(.outage, "no address found for \(settings.host)", at: .connect)
        case CURLE_COULDNT_CONNECT:
            trouble(
                .outage, "can't connect to \(address): \(handle.systemError ?? words(code))",
                at: .connect)
        case CURLE_OPERATION_TIMEDOUT: silence(settings.connectTimeout)
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS:
            trouble(
                .credentials, "the certificate of \(address) can't be trusted: \(words(code))",
                at: .tls)
        case CURLE_SSL_CACERT_BADFILE:
            trouble(
                .credentials,
                "the CA file can't be used: "
                    + (settings.caFile.map { "\($0) holds no certificate in PEM" } ?? words(code)),
                at: .tls)
        case CURLE_SSL_CERTPROBLEM:
            trouble(
                .credentials, "the client certificate can't be used: \(wordsWithFiles(code))",
                at: .tls)
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER, CURLE_SSL_ENGINE_INITFAILED:
            trouble(.outage, "TLS with \(address) failed: \(words(code))", at: .tls)
        case CURLE_USE_SSL_FAILED:
            trouble(.credentials, "STARTTLS with \(address) failed", at: .starttls)
        case CURLE_LOGIN_DENIED: tokenRefused ?? noMechanism
        case CURLE_WEIRD_SERVER_REPLY where stage == .tls:
            // Somebody in between may have put it there (CVE-2011-0411); libcurl goes no further.
            trouble(.outage, "\(address) said more than its reply to STARTTLS in clear")
        case CURLE_RECV_ERROR where saysTooMuch:
            trouble(.outage, "the reply of \(address) is too long")
        case CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_GOT_NOTHING:
            trouble(
                .outage, "\(address) closed the connection",
                at: stage == .connect ? .greeting : stage)
        default: trouble(.outage, "\(address): \(words(code))")
        }
    }

    /// XOAUTH2 tells a refusal in a 334, at which libcurl gives up without waiting for the 535.
    private var tokenRefused: RelayTrouble? {
        handle.observer.handshake.tokenChallenge.map { challenge in
            var refused = trouble(.credentials, challenge.sentence, at: .auth)
            refused.error.code = 334
            return refused
        }
    }

    /// A refusal would have been a reply.
    private var noMechanism: RelayTrouble {
        let offered = handle.observer.handshake.extensions.authMechanisms.joined(separator: " ")
        return trouble(
            .credentials, "no way to log in that both sides know; the relay offers \(offered)",
            at: .auth)
    }

    /// libcurl has its own bounds for a reply, and the same code for it as for an end.
    private var saysTooMuch: Bool {
        let text = words(CURLE_RECV_ERROR).lowercased()
        return text.contains("too large") || text.contains("too big")
    }

    private func words(_ code: CURLcode) -> String { handle.errorText(code) }

    /// libcurl has the files' content, and knows no names.
    private func wordsWithFiles(_ code: CURLcode) -> String {
        guard let certificate = settings.clientCertificate else { return words(code) }
        let key = certificate.keyFile ?? certificate.certificateFile
        return words(code).replacing("CURLOPT_SSLCERT_BLOB", with: certificate.certificateFile)
            .replacing("(memory blob)", with: key)
    }
}
