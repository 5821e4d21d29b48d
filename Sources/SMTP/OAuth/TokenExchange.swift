import CCurl
import Delivery
import Hosts

/// One request to an authorization server, over a connection of its own that is closed afterwards.
///
/// Certificates are checked always, by the system's authorities; redirects are not followed; the answer
/// is bounded in octets and in time.
final class TokenExchange {
    private static let pace: Int32 = 50

    private let curl: CurlHandles
    private let client: ClientCredentials
    private let collector: AnswerCollector
    /// From the look-up of the name to the answer's last octet.
    private let patience: Duration
    private var headers: UnsafeMutablePointer<curl_slist>?

    static func fetch(
        _ client: ClientCredentials, _ secret: Secret, _ shouldStop: () -> Bool
    ) throws(TokenRefusal) -> GrantedToken {
        let exchange = try TokenExchange(client)
        return try exchange.answer(to: client.form(secret), shouldStop).token()
    }

    init(
        _ client: ClientCredentials, patience: Duration = .seconds(30)
    ) throws(TokenRefusal) {
        guard let curl = CurlHandles() else { throw Self.unavailable }
        self.curl = curl
        self.client = client
        self.patience = patience
        collector = AnswerCollector(onlyLoopback: !client.isEncrypted)
    }

    deinit {
        curl.free()
        curl_slist_free_all(headers)
    }

    private var easy: UnsafeMutableRawPointer { curl.easy }

    private static var unavailable: TokenRefusal {
        TokenRefusal(kind: .outage, text: CurlHandles.unavailable)
    }

    /// Blocks, and looks at `shouldStop` every 50 ms.
    func answer(to form: String, _ shouldStop: () -> Bool) throws(TokenRefusal) -> TokenAnswer {
        try configure(form)
        guard curl_multi_add_handle(curl.multi, easy) == CURLM_OK else { throw Self.unavailable }
        var running: Int32 = 0
        repeat {
            let code = curl_multi_perform(curl.multi, &running)
            guard code == CURLM_OK else { throw Self.unavailable }
            if running == 0 { break }
            if shouldStop() { throw TokenRefusal(kind: .outage, text: "stopped while fetching it") }
            _ = curl_multi_poll(curl.multi, nil, 0, Self.pace, nil)
        } while true
        try check(curl.result())
        return TokenAnswer(
            status: number(CURLINFO_RESPONSE_CODE), contentType: text(CURLINFO_CONTENT_TYPE),
            location: text(CURLINFO_REDIRECT_URL), body: collector.body)
    }

    // MARK: What libcurl is told

    private func configure(_ form: String) throws(TokenRefusal) {
        try set(CURLOPT_URL, client.url)
        try set(CURLOPT_PROTOCOLS_STR, client.isEncrypted ? "https" : "http")
        try set(CURLOPT_FOLLOWLOCATION, 0)
        // In clear no proxy, whatever the environment says; within TLS one may stand between.
        if !client.isEncrypted { try set(CURLOPT_PROXY, "") }
        try set(CURLOPT_SSL_VERIFYPEER, 1)
        try set(CURLOPT_SSL_VERIFYHOST, 2)
        try set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        try set(CURLOPT_HTTP_VERSION, 2)  // CURL_HTTP_VERSION_1_1
        try set(CURLOPT_NOSIGNAL, 1)
        // Do not wait for a look-up that hangs.
        try set(CURLOPT_QUICK_EXIT, 1)
        try set(CURLOPT_TIMEOUT_MS, Int(patience.inMilliseconds))
        // One that ~/.netrc names, or that stands in no file, is not ours.
        try set(CURLOPT_NETRC, 0)
        try set(CURLOPT_POSTFIELDSIZE, form.utf8.count)
        try set(CURLOPT_COPYPOSTFIELDS, form)
        // Without the second, libcurl asks for leave to send a body of a kilobyte.
        for header in ["Accept: application/json", "Expect:"] {
            guard let longer = curl_slist_append(headers, header) else { throw Self.unavailable }
            headers = longer
        }
        try check(outboxd_curl_set_pointer(easy, CURLOPT_HTTPHEADER, headers))
        let context = Unmanaged.passUnretained(collector).toOpaque()
        for option in [CURLOPT_WRITEDATA, CURLOPT_HEADERDATA, CURLOPT_OPENSOCKETDATA] {
            try check(outboxd_curl_set_pointer(easy, option, context))
        }
        try check(outboxd_curl_set_data_callback(easy, CURLOPT_WRITEFUNCTION, onBody))
        try check(outboxd_curl_set_data_callback(easy, CURLOPT_HEADERFUNCTION, onHeader))
        try check(outboxd_curl_set_open_socket(easy, onOpenTokenSocket))
    }

    private func set(_ option: CURLoption, _ value: Int) throws(TokenRefusal) {
        try check(outboxd_curl_set_long(easy, option, value))
    }

    private func set(_ option: CURLoption, _ value: String) throws(TokenRefusal) {
        try check(outboxd_curl_set_string(easy, option, value))
    }

    // MARK: What libcurl tells

    private func number(_ info: CURLINFO) -> Int {
        var value = 0
        return outboxd_curl_get_long(easy, info, &value) == CURLE_OK ? value : 0
    }

    private func text(_ info: CURLINFO) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard outboxd_curl_get_string(easy, info, &text) == CURLE_OK, let text else { return nil }
        return String(cString: text)
    }

    private var silence: TokenRefusal {
        TokenRefusal(kind: .outage, text: "no answer within \(patience.inWords)")
    }

    private func check(_ code: CURLcode) throws(TokenRefusal) {
        switch code {
        case CURLE_OK: return
        case CURLE_OPERATION_TIMEDOUT: throw silence
        case CURLE_COULDNT_RESOLVE_HOST:
            throw TokenRefusal(kind: .outage, text: "no address found for it")
        case CURLE_COULDNT_CONNECT where collector.wasLed:
            throw TokenRefusal(
                kind: .credentials,
                text: "its name leads away from loopback, and the client's secret goes there over "
                    + "https:// only")
        case CURLE_COULDNT_CONNECT:
            throw TokenRefusal(kind: .outage, text: "can't connect to it")
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR:
            throw TokenRefusal(
                kind: .credentials, text: "its certificate can't be trusted")
        case CURLE_WRITE_ERROR where collector.isFull:
            throw TokenRefusal(
                kind: .outage, text: "the answer is larger than \(AnswerCollector.limit) octets")
        default: throw TokenRefusal(kind: .outage, text: CurlLibrary.text(code))
        }
    }
}

private func collector(_ context: UnsafeMutableRawPointer?) -> AnswerCollector? {
    context.map { Unmanaged<AnswerCollector>.fromOpaque($0).takeUnretainedValue() }
}

/// CURLOPT_WRITEFUNCTION: a part of the body.
///
/// Less than its length ends the transfer.
private func onBody(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int,
    _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let bytes, let collector = collector(context) else { return 0 }
    let part = UnsafeRawBufferPointer(start: bytes, count: size * count)
    return collector.takeBody(part) ? part.count : 0
}

/// CURLOPT_HEADERFUNCTION: libcurl keeps headers, however many there are.
private func onHeader(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int,
    _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let collector = collector(context) else { return 0 }
    return collector.takeHeader(size * count) ? size * count : 0
}

private func onOpenTokenSocket(
    _ context: UnsafeMutableRawPointer?, _ purpose: curlsocktype,
    _ address: UnsafeMutablePointer<curl_sockaddr>?
) -> curl_socket_t {
    guard let address, let collector = collector(context) else { return CURL_SOCKET_BAD }
    return collector.openSocket(address)
}
