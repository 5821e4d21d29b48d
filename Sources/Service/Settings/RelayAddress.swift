internal import Delivery
import Hosts

/// Where the relay is and as whom to log in: what `OUTBOXD_SMTP_URL` says.
package struct RelayAddress: Hashable, Sendable, CustomStringConvertible {
    /// TLS from the first byte (`smtps`).
    package var usesImplicitTLS: Bool
    /// The name to log in with, percent-decoded.
    package var user: String?
    /// A domain name or an address; IPv6 without brackets.
    package var host: String
    package var port: Int

    package init(usesImplicitTLS: Bool = false, user: String? = nil, host: String, port: Int) {
        self.usesImplicitTLS = usesImplicitTLS
        self.user = user
        self.host = host
        self.port = port
    }

    package var isLoopback: Bool { Loopback.isHost(host) }

    /// `host:port` for people and logs, IPv6 in brackets.
    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// Why a URL is refused.
    struct Refusal: Error, Equatable {
        var problem: String
    }
    static let form = "must be smtp://[user@]host[:port] or smtps://[user@]host[:port]"

    /// Reads `smtp://[user@]host[:port]` or `smtps://...`.
    ///
    /// The port is 25, with smtps 465, unless it is given.
    static func parse(_ text: String) throws(Refusal) -> RelayAddress {
        let (scheme, rest) = split(text)
        guard scheme == "smtp" || scheme == "smtps" else { throw Refusal(problem: form) }
        if let at = rest.lastIndex(of: "@"), rest[..<at].contains(":") {
            throw Refusal(
                problem: "must not hold a password: give it in "
                    + "\(SettingKey.smtpPassword.name) or \(SettingKey.smtpPasswordFile.name)")
        }
        guard !rest.contains(where: { "/?#\\".contains($0) }) else {
            throw Refusal(problem: "\(form), without a path, query or fragment")
        }
        let at = rest.lastIndex(of: "@")
        let user = try at.map { index throws(Refusal) in try parseUser(rest[..<index]) }
        let (host, digits) = try splitPort(at.map { rest[rest.index(after: $0)...] } ?? rest)
        let usesTLS = scheme == "smtps"
        let port = digits.map { PlainNumber.parse($0, in: 1...65_535) } ?? (usesTLS ? 465 : 25)
        guard let port else { throw Refusal(problem: "the port must be 1 to 65535") }
        return RelayAddress(usesImplicitTLS: usesTLS, user: user, host: host, port: port)
    }

    /// Whether the text may be shown: not where any part of it could be a password that was meant
    /// to stand in it, however the rest is mistyped.
    ///
    /// So nothing but a short number may follow a colon outside of brackets.
    static func mayBeShown(_ text: String) -> Bool {
        var rest = split(text).rest
        if let open = rest.firstIndex(of: "["), let close = rest.firstIndex(of: "]"), open < close {
            rest = rest[..<open] + rest[rest.index(after: close)...]
        }
        guard !rest.contains(where: { "?#".contains($0) }), !rest.lowercased().contains("%3a")
        else { return false }
        guard let colon = rest.firstIndex(of: ":") else { return true }
        let port = rest[rest.index(after: colon)...]
        return port.count <= 5 && port.allSatisfy { $0.isASCII && $0.isNumber }
    }

    private static func split(_ text: String) -> (scheme: String, rest: Substring) {
        guard let mark = text.firstRange(of: "://") else { return ("", text[...]) }
        return (text[..<mark.lowerBound].lowercased(), text[mark.upperBound...])
    }

    private static func parseUser(_ raw: Substring) throws(Refusal) -> String {
        guard !raw.contains("@") else { throw Refusal(problem: "write an @ in the user as %40") }
        guard let user = PercentCoding.decode(raw), !user.isEmpty, user.utf8.count <= 512,
            !user.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else {
            throw Refusal(problem: "the user before the @ must be text, percent-encoded")
        }
        return user
    }

    private static func splitPort(
        _ text: Substring
    ) throws(Refusal) -> (host: String, port: Substring?) {
        let isBracketed = text.hasPrefix("[")
        let end =
            isBracketed
            ? text.firstIndex(of: "]").map(text.index(after:)) : text.firstIndex(of: ":")
        let name = text[..<(end ?? text.endIndex)]
        let tail = text[name.endIndex...]
        let host = String(isBracketed ? name.dropFirst().dropLast() : name)
        let isGood =
            isBracketed
            ? end != nil && HostSyntax.isIPv6(host)
            : HostSyntax.isIPv4(host) || HostSyntax.isDomainName(host, international: true)
        guard isGood, tail.isEmpty || tail.hasPrefix(":") else {
            throw Refusal(
                problem: "the host must be a domain name, an IPv4 address, or an IPv6 address in []"
            )
        }
        return (host, tail.isEmpty ? nil : tail.dropFirst())
    }
}
