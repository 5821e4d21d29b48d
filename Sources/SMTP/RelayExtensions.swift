/// What the relay's last EHLO reply offers (RFC 5321, section 4.1.1.1).
package struct RelayExtensions: Hashable, Sendable {
    /// The SIZE extension (RFC 1870).
    package enum SizeLimit: Hashable, Sendable {
        case notOffered
        /// Offered without a limit (no number, or 0).
        case unlimited
        /// The largest message in octets.
        case octets(Int)
    }

    package var pipelining = false
    package var size = SizeLimit.notOffered
    package var smtpUTF8 = false
    package var eightBitMIME = false
    package var enhancedStatusCodes = false
    package var startTLS = false
    /// Upper case, as offered, in the relay's order.
    package var authMechanisms: [String] = []

    package init() {}

    /// - Parameter ehloLines: the reply's lines without code and separator; the first one is the
    ///   relay's name.
    package init(ehloLines: [String]) {
        for line in ehloLines.dropFirst() {
            let words = line.split(separator: " ").map { $0.uppercased() }
            guard let keyword = words.first else { continue }
            take(keyword, parameters: words.dropFirst())
        }
    }

    private mutating func take(_ keyword: String, parameters: ArraySlice<String>) {
        switch keyword {
        case "PIPELINING": pipelining = true
        case "SIZE": size = Self.sizeLimit(parameters.first)
        case "SMTPUTF8": smtpUTF8 = true
        case "8BITMIME": eightBitMIME = true
        case "ENHANCEDSTATUSCODES": enhancedStatusCodes = true
        case "STARTTLS": startTLS = true
        case "AUTH": authMechanisms += parameters.filter { !authMechanisms.contains($0) }
        default: break
        }
    }

    /// A number too large for us is no limit to us.
    private static func sizeLimit(_ parameter: String?) -> SizeLimit {
        guard let octets = parameter.flatMap({ Int($0) }), octets > 0 else { return .unlimited }
        return .octets(octets)
    }
}
