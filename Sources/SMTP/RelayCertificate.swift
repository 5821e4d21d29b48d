package import Delivery

/// One certificate of the relay's chain, as libcurl tells of it.
/// https://curl.se/libcurl/c/CURLINFO_CERTINFO.html
package struct RelayCertificate: Hashable, Sendable {
    package var subject: String?
    package var issuer: String?
    package var notBefore: WallTime?
    package var notAfter: WallTime?
    /// Host names and addresses that it is for, in lower case; names may begin with `*.`.
    package var names: [String] = []

    /// - Parameter lines: `Subject:…`, `Issuer:…`, `Start date:…`, `Expire date:…` among others.
    package init(lines: [String]) {
        for line in lines {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = String(line[line.index(after: colon)...])
            switch line[..<colon] {
            case "Subject": subject = ReplyText.clean(value.utf8, limit: 200)
            case "Issuer": issuer = ReplyText.clean(value.utf8, limit: 200)
            case "X509v3 Subject Alternative Name": names = Self.names(value)
            case "Start date": notBefore = Self.date(value)
            case "Expire date": notAfter = Self.date(value)
            default: break
            }
        }
    }

    /// - Parameter text: `DNS:mx.test, IP Address:192.0.2.1`.
    private static func names(_ text: String) -> [String] {
        text.split(separator: ",").prefix(100).compactMap { entry in
            let parts = entry.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { return nil }
            return ReplyText.clean(parts[1].utf8, limit: 253).lowercased()
        }
    }

    /// Whether one of its names is the host's; a `*` stands for one label (RFC 6125, section 6.4.3).
    package func isFor(_ host: String) -> Bool {
        let host = host.lowercased()
        let parent = host.firstIndex(of: ".").map { host[$0...] }
        return names.contains { name in
            name == host || name.hasPrefix("*.") && parent == name.dropFirst()
        }
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// `Nov 28 09:47:00 2026 GMT` (OpenSSL), or `2026-11-28 09:47:00 GMT` (other libraries); nil for
    /// anything else.
    package static func date(_ text: String) -> WallTime? {
        let words = text.split(separator: " ")
        if words.count == 5, words[4] == "GMT", let month = months.firstIndex(of: String(words[0]))
        {
            return time(words[3], month + 1, words[1], words[2])
        }
        guard words.count == 3, words[2] == "GMT" else { return nil }
        let date = words[0].split(separator: "-")
        guard date.count == 3, let month = Int(date[1]) else { return nil }
        return time(date[0], month, date[2], words[1])
    }

    private static func time(
        _ year: Substring, _ month: Int, _ day: Substring, _ clock: Substring
    ) -> WallTime? {
        let parts = clock.split(separator: ":").map { Int64($0) }
        guard let year = Int64(year), let day = Int64(day), (1...9_999).contains(year),
            (1...12).contains(month), (1...31).contains(day), parts.count == 3,
            let hour = parts[0], let minute = parts[1], let second = parts[2],
            (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second)
        else { return nil }
        let days = CivilDate.daysSince1970(year: year, month: Int64(month), day: day)
        return WallTime(
            milliseconds: (days * 86_400 + hour * 3_600 + minute * 60 + second) * 1_000)
    }
}
