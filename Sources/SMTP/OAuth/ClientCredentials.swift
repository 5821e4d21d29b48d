import Delivery

/// Fetching access tokens as a client of an authorization server (RFC 6749, section 4.4).
package struct ClientCredentials: Hashable, Sendable {
    /// `https://…`, or `http://…` to a host on loopback.
    package var url: String
    /// The URL's, for people.
    package var host: String
    package var isEncrypted: Bool
    package var clientID: String
    package var secret: SecretSource
    package var scope: String?

    package init(
        url: String, host: String, isEncrypted: Bool, clientID: String, secret: SecretSource,
        scope: String? = nil
    ) {
        self.url = url
        self.host = host
        self.isEncrypted = isEncrypted
        self.clientID = clientID
        self.secret = secret
        self.scope = scope
    }

    /// The body of the request: the client's secret stands in it (section 2.3.1), which all the large
    /// providers document, and which needs no second try.
    func form(_ secret: Secret) -> String {
        var fields = [
            ("grant_type", "client_credentials"), ("client_id", clientID),
            ("client_secret", secret.revealed),
        ]
        if let scope { fields.append(("scope", scope)) }
        return fields.map { name, value in
            "\(name)=\(String(decoding: PercentCoding.encode(value.utf8), as: UTF8.self))"
        }.joined(separator: "&")
    }
}
