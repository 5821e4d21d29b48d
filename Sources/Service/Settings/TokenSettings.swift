/// Where access tokens come from.
package enum TokenSettings: Sendable, Hashable {
    /// A file that somebody else keeps fresh.
    case file(String)
    /// outboxd fetches them itself.
    case client(OAuthClient)
}

/// The client credentials grant (RFC 6749, section 4.4).
package struct OAuthClient: Sendable, Hashable {
    package var url: TokenURL
    package var id: String
    package var secretFile: String
    /// nil: what the server takes for granted.
    package var scope: String?
}

/// A client certificate, as files in PEM.
package struct CertificateFiles: Sendable, Hashable {
    package var certificate: String
    /// nil: the key lies in the certificate's file.
    package var key: String?
}
