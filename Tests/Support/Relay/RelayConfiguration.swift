/// What a ``ScriptedRelay`` offers.
///
/// Read anew for each connection.
package struct RelayConfiguration: Sendable {
    /// Service extensions, under their EHLO keywords.
    package enum Extension: String, Sendable, CaseIterable {
        /// RFC 2920. Where it is not offered, sending ahead is noted as a breach.
        case pipelining = "PIPELINING"
        /// RFC 1870, with ``RelayConfiguration/sizeLimit``.
        case size = "SIZE"
        /// RFC 6152.
        case eightBitMIME = "8BITMIME"
        /// RFC 6531.
        case smtpUTF8 = "SMTPUTF8"
        /// RFC 2034. Where it is not offered, the relay's own replies go without.
        case enhancedStatusCodes = "ENHANCEDSTATUSCODES"
        /// RFC 3207. The relay has no TLS and refuses the command with 454, unless a ``TLSFront`` stands before it.
        case startTLS = "STARTTLS"
    }

    package struct Credentials: Hashable, Sendable {
        package var user: String
        package var password: String

        package init(user: String, password: String) {
            self.user = user
            self.password = password
        }
    }

    package var name = "relay.test"
    package var extensions: Set<Extension> = [
        .pipelining, .size, .eightBitMIME, .smtpUTF8, .enhancedStatusCodes,
    ]
    /// Lines of the EHLO reply beside those of `extensions`, without their codes.
    package var furtherKeywords: [String] = []
    /// Who may log in; AUTH is offered where this is set.
    package var credentials: Credentials?
    /// Access tokens with which `credentials.user` may log in, too.
    package var tokens: Set<String> = []
    /// The mechanisms offered; PLAIN, LOGIN, XOAUTH2 and OAUTHBEARER are known.
    package var mechanisms = ["PLAIN", "LOGIN"]
    /// MAIL is refused with 530 until somebody has logged in.
    package var requiresAuthentication = false
    /// The largest message in octets, as transferred.
    package var sizeLimit = 64 << 20

    /// A ``TLSFront`` does the TLS: STARTTLS is answered with 220 where it is offered.
    package var isBehindTLSFront = false
    /// Octets that the system takes in before the relay reads them (SO_RCVBUF); nil leaves it to the
    /// system.
    ///
    /// Read when the relay starts.
    package var receiveBuffer: Int32?

    package init() {}

    /// The lines of the EHLO reply after the first.
    func keywords(inTLS: Bool) -> [String] {
        let offered = inTLS ? extensions.subtracting([.startTLS]) : extensions
        var lines = Extension.allCases.filter(offered.contains).map { keyword in
            keyword == .size ? "SIZE \(sizeLimit)" : keyword.rawValue
        }
        if credentials != nil { lines.append("AUTH " + mechanisms.joined(separator: " ")) }
        return lines + furtherKeywords
    }
}
