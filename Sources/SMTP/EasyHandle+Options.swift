import CCurl
import Delivery

/// What libcurl is told before it connects. https://curl.se/libcurl/c/curl_easy_setopt.html
extension EasyHandle {
    /// Longer than anybody waits: where libcurl's own clocks must not interfere.
    ///
    /// In milliseconds, and in the range of an Int32.
    static let never = 2_000_000_000

    /// AUTH mechanisms that need no more than name and password.
    ///
    /// Without this list libcurl tries GSSAPI where it is offered and the name holds an @, and
    /// fails for want of a ticket.
    private static let mechanisms =
        "AUTH=SCRAM-SHA-256;AUTH=SCRAM-SHA-1;AUTH=CRAM-MD5;AUTH=PLAIN;AUTH=LOGIN"

    /// Those that carry a token.
    ///
    /// Without this list libcurl would log in by PLAIN with an empty password where no other is offered,
    /// and a relay that lets it in would count as a success.
    private static let tokenMechanisms = "AUTH=OAUTHBEARER;AUTH=XOAUTH2"

    func configure(_ settings: ConnectionSettings) throws(RelayTrouble) {
        try set(CURLOPT_URL, try settings.url())
        try set(CURLOPT_CONNECT_ONLY, 1)
        try set(CURLOPT_PROTOCOLS_STR, "smtp,smtps")
        try set(CURLOPT_NOSIGNAL, 1)
        // Do not wait for a look-up that hangs.
        try set(CURLOPT_QUICK_EXIT, 1)
        // No proxy, whatever the environment says.
        try set(CURLOPT_PROXY, "")
        try set(CURLOPT_TCP_KEEPALIVE, 1)
        try configureTimeouts(settings)
        try configureTLS(settings)
        try configureAUTH(settings)
        try configureCallbacks()
        if observer.isWatched { try set(CURLOPT_CERTINFO, 1) }
    }

    /// Of libcurl's clocks only the one for the TCP connection is used, to share the time out among
    /// several addresses.
    ///
    /// ``Connector`` keeps them all, this one too: libcurl's rings a little early, so it is set a
    /// little late.
    private func configureTimeouts(_ settings: ConnectionSettings) throws(RelayTrouble) {
        let connect = max(0, min(settings.connectTimeout.inMilliseconds, Int64(Self.never) - 100))
        try set(CURLOPT_CONNECTTIMEOUT_MS, Int(connect) + 100)
        try set(CURLOPT_SERVER_RESPONSE_TIMEOUT, Self.never / 1_000)
    }

    private func configureTLS(_ settings: ConnectionSettings) throws(RelayTrouble) {
        let use =
            switch settings.tls {
            case .required: CURLUSESSL_ALL
            case .opportunistic: CURLUSESSL_TRY
            case .none: CURLUSESSL_NONE
            }
        try set(CURLOPT_USE_SSL, Int(use.rawValue))
        try set(CURLOPT_SSL_VERIFYPEER, settings.tls == .required ? 1 : 0)
        try set(CURLOPT_SSL_VERIFYHOST, settings.tls == .required ? 2 : 0)
        try set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        if settings.tls == .required, let file = settings.caFile {
            try set(CURLOPT_CAINFO_BLOB, contentOf: file, "the CA file can't be read")
            // Instead of the system's certificates, not beside them.
            try check(outboxd_curl_set_string(easy, CURLOPT_CAINFO, nil), "CAINFO")
            try check(outboxd_curl_set_string(easy, CURLOPT_CAPATH, nil), "CAPATH")
        }
        if let certificate = settings.clientCertificate {
            let unusable = "the client certificate can't be used"
            let key = certificate.keyFile ?? certificate.certificateFile
            try set(CURLOPT_SSLCERT_BLOB, contentOf: certificate.certificateFile, unusable)
            try set(CURLOPT_SSLKEY_BLOB, contentOf: key, unusable)
            // Or OpenSSL asks for a passphrase on the terminal.
            try set(CURLOPT_KEYPASSWD, "")
        }
    }

    private func configureAUTH(_ settings: ConnectionSettings) throws(RelayTrouble) {
        guard let username = settings.username else { return }
        if settings.tokens != nil {
            guard let token = settings.token else { return }
            try set(CURLOPT_XOAUTH2_BEARER, token.revealed)
            try set(CURLOPT_LOGIN_OPTIONS, Self.tokenMechanisms)
        } else if let password = settings.password {
            try set(CURLOPT_PASSWORD, password.revealed)
            try set(CURLOPT_LOGIN_OPTIONS, Self.mechanisms)
        } else {
            return
        }
        try set(CURLOPT_USERNAME, username)
        try set(CURLOPT_SASL_IR, 1)
    }

    private func configureCallbacks() throws(RelayTrouble) {
        let context = Unmanaged.passUnretained(observer).toOpaque()
        let options = [
            CURLOPT_HEADERDATA, CURLOPT_OPENSOCKETDATA, CURLOPT_CLOSESOCKETDATA, CURLOPT_DEBUGDATA,
        ]
        for option in options {
            try check(outboxd_curl_set_pointer(easy, option, context), "callback data")
        }
        try check(
            outboxd_curl_set_pointer(easy, CURLOPT_ERRORBUFFER, observer.errorText), "ERRORBUFFER")
        try check(
            outboxd_curl_set_data_callback(easy, CURLOPT_HEADERFUNCTION, onReplyLine),
            "HEADERFUNCTION")
        try check(outboxd_curl_set_open_socket(easy, onOpenSocket), "OPENSOCKETFUNCTION")
        try check(outboxd_curl_set_close_socket(easy, onCloseSocket), "CLOSESOCKETFUNCTION")
        try check(outboxd_curl_set_debug(easy, onDebug), "DEBUGFUNCTION")
        try set(CURLOPT_VERBOSE, 1)
    }

    func set(_ option: CURLoption, _ value: Int) throws(RelayTrouble) {
        try check(outboxd_curl_set_long(easy, option, value), "option \(option.rawValue)")
    }

    private func set(_ option: CURLoption, _ value: String) throws(RelayTrouble) {
        try check(outboxd_curl_set_string(easy, option, value), "option \(option.rawValue)")
    }

    /// - Parameter problem: The beginning of the sentence where the file can't be read.
    private func set(
        _ option: CURLoption, contentOf file: String, _ problem: String
    ) throws(RelayTrouble) {
        do throws(PEMFile.Failure) {
            var bytes = try PEMFile.read(file)
            let code = bytes.withUnsafeMutableBytes {
                outboxd_curl_set_blob(easy, option, $0.baseAddress, $0.count)
            }
            guard code == CURLE_OK else { throw PEMFile.Failure(text: CurlLibrary.text(code)) }
        } catch {
            let text = ReplyText.clean("\(problem): \(error.text)".utf8)
            throw RelayTrouble(
                kind: .credentials, error: DeliveryError(stage: .tls, text: text))
        }
    }

    /// An option that libcurl does not take is never passed over: it may be one that protects.
    private func check(_ code: CURLcode, _ option: String) throws(RelayTrouble) {
        guard code == CURLE_OK else {
            throw RelayTrouble(
                kind: .credentials,
                error: DeliveryError(
                    stage: .connect,
                    text: "libcurl does not take \(option): \(CurlLibrary.text(code))"))
        }
    }
}

private func observer(_ context: UnsafeMutableRawPointer?) -> HandshakeObserver? {
    context.map { Unmanaged<HandshakeObserver>.fromOpaque($0).takeUnretainedValue() }
}

/// CURLOPT_HEADERFUNCTION: one reply line at a time.
///
/// Less than its length ends the transfer.
private func onReplyLine(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int,
    _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let bytes, let observer = observer(context) else { return 0 }
    let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
    return observer.take(line) ? line.count : 0
}

private func onOpenSocket(
    _ context: UnsafeMutableRawPointer?, _ purpose: curlsocktype,
    _ address: UnsafeMutablePointer<curl_sockaddr>?
) -> curl_socket_t {
    guard let address, let observer = observer(context) else { return CURL_SOCKET_BAD }
    return observer.openSocket(address)
}

private func onCloseSocket(
    _ context: UnsafeMutableRawPointer?, _ descriptor: curl_socket_t
) -> Int32 {
    observer(context)?.closeSocket(descriptor) ?? -1
}

private func onDebug(
    _ handle: UnsafeMutableRawPointer?, _ kind: curl_infotype,
    _ bytes: UnsafeMutablePointer<CChar>?, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int32 {
    guard let bytes else { return 0 }
    let text = UnsafeRawBufferPointer(start: bytes, count: count)
    switch kind {
    case CURLINFO_TEXT: observer(context)?.note(text)
    case CURLINFO_HEADER_OUT: observer(context)?.noteCommand(text)
    default: break
    }
    return 0
}
