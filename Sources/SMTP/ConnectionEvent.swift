/// What happens while a connection is opened, for a person who watches.
///
/// Secrets are taken out: what AUTH carries never appears, in neither direction.
package enum ConnectionEvent: Sendable {
    /// A command of ours, without its end.
    case sent(String)
    /// A line of the relay's, without its end.
    case received(String)
    /// The TCP connection stands; with the relay's address.
    case connected(String)
    /// TLS is up; version and cipher, such as `TLSv1.3 / TLS_AES_256_GCM_SHA384`.
    case encrypted(String)
    /// The relay's certificates, its own first; none if libcurl does not tell.
    case certificates([RelayCertificate])
    /// A phase, or a part of one, is over.
    case took(ConnectionPhase, Duration)
}

/// A part of the way to a connection that is ready for mail, in the order of an ordinary one.
package enum ConnectionPhase: String, Sendable, CaseIterable {
    case lookup, connect, tls, greeting, ehlo, starttls, auth
}

/// Called by the thread that opens the connection.
package typealias ConnectionWatch = (ConnectionEvent) -> Void
