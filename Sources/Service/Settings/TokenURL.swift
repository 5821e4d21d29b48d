internal import Hosts

/// Where tokens are fetched: what `OUTBOXD_OAUTH_TOKEN_URL` says.
package struct TokenURL: Sendable, Hashable {
    package let text: String
    /// A domain name or an address; IPv6 without brackets.
    package let host: String
    /// `https`.
    package let isEncrypted: Bool

    /// Why a URL is refused.
    struct Refusal: Error, Equatable {
        var problem: String
    }

    /// Reads `https://host[:port]/path[?query]`; `http://` is taken on loopback only, since the client's
    /// secret goes there.
    static func parse(_ text: String) throws(Refusal) -> TokenURL {
        let isEncrypted = text.lowercased().hasPrefix("https://")
        guard isEncrypted || text.lowercased().hasPrefix("http://"),
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") })
        else { throw Refusal(problem: "must be https://host[:port]/path, in ASCII without blanks") }
        let rest = text.dropFirst(isEncrypted ? 8 : 7)
        let authority = rest.prefix { !"/?#".contains($0) }
        guard !authority.contains("@") else {
            throw Refusal(
                problem: "must not hold a user or password: the client goes to "
                    + "\(SettingKey.oauthClientID.name) and "
                    + SettingKey.oauthClientSecretFile.name)
        }
        guard !rest.contains("#") else { throw Refusal(problem: "must not hold a fragment (#)") }
        // Host and port have the same form as a relay's.
        guard let address = try? RelayAddress.parse("smtp://\(authority)") else {
            throw Refusal(problem: "must name a host, and where there is a port one of 1 to 65535")
        }
        guard isEncrypted || Loopback.isHost(address.host) else {
            throw Refusal(
                problem:
                    "must begin with https://: the client's secret goes there; http:// is for a "
                    + "host on loopback only")
        }
        return TokenURL(text: text, host: address.host, isEncrypted: isEncrypted)
    }

    private init(text: String, host: String, isEncrypted: Bool) {
        self.text = text
        self.host = host
        self.isEncrypted = isEncrypted
    }
}
