import CCurl
import Glibc

/// What libcurl tells of a connection. https://curl.se/libcurl/c/curl_easy_getinfo.html
extension EasyHandle {
    /// The TCP connection stands.
    var isConnected: Bool { observer.isConnected || time(CURLINFO_CONNECT_TIME_T) > 0 }

    /// The TLS handshake is through.
    var isTLSUp: Bool { time(CURLINFO_APPCONNECT_TIME_T) > 0 }

    /// The relay's address; empty before one was reached.
    var peerAddress: String {
        var text: UnsafeMutablePointer<CChar>?
        guard outboxd_curl_get_string(easy, CURLINFO_PRIMARY_IP, &text) == CURLE_OK, let text else {
            return ""
        }
        return String(cString: text)
    }

    var activeSocket: curl_socket_t? {
        var descriptor = CURL_SOCKET_BAD
        guard outboxd_curl_get_socket(easy, CURLINFO_ACTIVESOCKET, &descriptor) == CURLE_OK,
            descriptor != CURL_SOCKET_BAD
        else { return nil }
        return descriptor
    }

    /// The system's words for why the last connect failed; nil if it did not say.
    var systemError: String? {
        var number = 0
        guard outboxd_curl_get_long(easy, CURLINFO_OS_ERRNO, &number) == CURLE_OK, number > 0,
            let text = strerror(Int32(truncatingIfNeeded: number))
        else { return nil }
        return String(cString: text)
    }

    /// libcurl's words for the last failure, cleaned.
    func errorText(_ code: CURLcode) -> String {
        let text = String(cString: observer.errorText)
        return text.isEmpty ? CurlLibrary.text(code) : ReplyText.clean(text.utf8, limit: 300)
    }

    /// The relay's certificates, its own first; empty in clear, and if they were not asked for.
    var certificates: [RelayCertificate] {
        var info: UnsafeMutablePointer<curl_certinfo>?
        guard outboxd_curl_get_certificates(easy, &info) == CURLE_OK, let info,
            let lists = info.pointee.certinfo
        else { return [] }
        return (0..<min(Int(info.pointee.num_of_certs), 10)).map { index in
            var lines: [String] = []
            var next = lists[index]
            while let entry = next, lines.count < 100 {
                if let text = entry.pointee.data { lines.append(String(cString: text)) }
                next = entry.pointee.next
            }
            return RelayCertificate(lines: lines)
        }
    }

    private func time(_ info: CURLINFO) -> Int {
        var microseconds: curl_off_t = 0
        guard outboxd_curl_get_offset(easy, info, &microseconds) == CURLE_OK else { return 0 }
        return Int(microseconds)
    }
}
