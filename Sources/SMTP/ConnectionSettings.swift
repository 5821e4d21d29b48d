package import Delivery

/// How the relay is reached.
package struct ConnectionSettings: Hashable, Sendable {
    /// A name or an address; IPv6 with or without brackets.
    package var host: String
    package var port: Int
    /// smtps: TLS from the first octet.
    package var implicitTLS: Bool
    package var tls: TLSMode
    /// AUTH takes place where both are set, and then it has to.
    package var username: String?
    package var password: Secret?
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
        username: String? = nil, password: Secret? = nil, caFile: String? = nil,
        ehloName: String = "localhost", connectTimeout: Duration = .seconds(30),
        commandTimeout: Duration = .seconds(300)
    ) {
        self.host = host
        self.port = port
        self.implicitTLS = implicitTLS
        self.tls = tls
        self.username = username
        self.password = password
        self.caFile = caFile
        self.ehloName = ehloName
        self.connectTimeout = connectTimeout
        self.commandTimeout = commandTimeout
    }

    /// Each connection logs in.
    package var authenticates: Bool { username != nil && password != nil }

    /// A password goes over TLS that is verified, or to this very machine.
    var mayOnlyReachLoopback: Bool { authenticates && tls != .required }

    /// The host without brackets.
    package var bareHost: String {
        guard host.hasPrefix("["), host.hasSuffix("]") else { return host }
        return String(host.dropFirst().dropLast())
    }
}
