package import Delivery

/// How the relay is reached.
package struct ConnectionSettings: Hashable, Sendable {
    /// A name or an address; IPv6 with or without brackets.
    package var host: String
    package var port: Int
    /// smtps: TLS from the first octet.
    package var implicitTLS: Bool
    package var tls: TLSMode
    /// AUTH takes place where it is set, with the password or a token, and then it has to.
    package var username: String?
    package var password: Secret?
    /// What it was before, the newest last: a relay may still repeat it.
    package private(set) var formerPasswords: [Secret] = []
    /// Instead of a password.
    package var tokens: AccessTokens?
    /// This connection's.
    var token: Secret?
    package var clientCertificate: ClientCertificate?
    /// PEM certificates to trust instead of the system's.
    package var caFile: String?
    /// What EHLO calls us: a domain name or an address literal.
    package var ehloName: String
    /// From the look-up of the name to the TCP connection.
    package var connectTimeout: Duration
    /// Silence after that.
    package var commandTimeout: Duration

    package init(
        host: String, port: Int, implicitTLS: Bool = false, tls: TLSMode = .required,
        username: String? = nil, password: Secret? = nil, tokens: AccessTokens? = nil,
        clientCertificate: ClientCertificate? = nil, caFile: String? = nil,
        ehloName: String = "localhost", connectTimeout: Duration = .seconds(30),
        commandTimeout: Duration = .seconds(300)
    ) {
        self.host = host
        self.port = port
        self.implicitTLS = implicitTLS
        self.tls = tls
        self.username = username
        self.password = password
        self.tokens = tokens
        self.clientCertificate = clientCertificate
        self.caFile = caFile
        self.ehloName = ehloName
        self.connectTimeout = connectTimeout
        self.commandTimeout = commandTimeout
    }

    /// Each connection logs in.
    package var authenticates: Bool {
        username != nil && (password != nil || tokens != nil)
    }

    /// The same after others, whose passwords are still hidden.
    package func following(_ former: ConnectionSettings) -> ConnectionSettings {
        var following = self
        let passwords = former.formerPasswords + [former.password].compactMap(\.self)
        following.formerPasswords = passwords.filter { $0 != password }.suffix(Self.mostPasswords)
        return following
    }

    private static let mostPasswords = 6

    /// Without a login, for a look at the relay alone.
    package var withoutLogin: ConnectionSettings {
        var bare = self
        (bare.username, bare.password, bare.tokens, bare.token) = (nil, nil, nil, nil)
        return bare
    }

    /// A password or token goes over TLS that is verified, or to this very machine.
    var mayOnlyReachLoopback: Bool { authenticates && tls != .required }

    /// The host without brackets.
    package var bareHost: String {
        guard host.hasPrefix("["), host.hasSuffix("]") else { return host }
        return String(host.dropFirst().dropLast())
    }
}
