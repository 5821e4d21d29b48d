import CCurl
import Glibc

/// Internationalised domain names (RFC 5891) by libcurl's libidn2.
package enum IDNA {
    /// The domain in ASCII, U-labels as A-labels (`bücher.example` → `xn--bcher-kva.example`).
    ///
    /// - Returns: nil if it is no domain name, or this libcurl has no IDN.
    package static func asciiDomain(_ domain: String) -> String? {
        let isASCII = domain.utf8.allSatisfy { $0 < 0x80 }
        let candidate = isASCII ? domain : punycode(domain)
        guard let candidate, isDomainName(candidate) else { return nil }
        return candidate
    }

    /// Letters, digits, hyphens and, since such hosts exist in private networks, underscores.
    private static func isDomainName(_ name: String) -> Bool {
        guard (1...253).contains(name.utf8.count) else { return false }
        var labels = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        // The root's dot.
        if labels.count > 1, labels.last?.isEmpty == true { labels.removeLast() }
        return labels.allSatisfy { label in
            (1...63).contains(label.count) && label.first != UInt8(ascii: "-")
                && label.last != UInt8(ascii: "-") && label.allSatisfy(isLabelByte)
        }
    }

    private static func isLabelByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"): true
        default: false
        }
    }

    private static func punycode(_ domain: String) -> String? {
        // Of what is ASCII only label bytes and dots: no escapes, no brackets, no ports.
        guard CurlLibrary.isReady, domain.utf8.count <= 1_000,
            domain.utf8.allSatisfy({ $0 >= 0x80 || $0 == UInt8(ascii: ".") || isLabelByte($0) }),
            let url = curl_url()
        else { return nil }
        defer { curl_url_cleanup(url) }
        guard curl_url_set(url, CURLUPART_HOST, domain, 0) == CURLUE_OK else { return nil }
        return inUTF8Locale { () -> String? in
            var host: UnsafeMutablePointer<CChar>?
            // Also of a name that it refuses, libcurl (7.88.1) leaves a copy behind.
            defer { curl_free(host) }
            let flags = UInt32(CURLU_PUNYCODE)
            guard curl_url_get(url, CURLUPART_HOST, &host, flags) == CURLUE_OK else { return nil }
            return host.map { String(cString: $0) }
        }
    }

    /// Made once, since that takes three times as long as to convert a name.
    ///
    /// Nobody changes or frees it, so that threads may share it.
    nonisolated(unsafe) private static let utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", nil)

    /// libidn2 reads the name in the character set of the thread's locale, which is ASCII in a
    /// process that never called setlocale.
    ///
    /// Only this thread's is changed, and only meanwhile.
    private static func inUTF8Locale(_ body: () -> String?) -> String? {
        guard let utf8 else { return nil }
        let before = uselocale(utf8)
        defer { uselocale(before) }
        return body()
    }
}
