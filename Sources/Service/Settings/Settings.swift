package import Delivery

/// What an administrator decides, checked.
///
/// ``load(environment:file:flags:context:checks:)`` makes it; the fields are the keys of the
/// Settings.md.
package struct Settings: Sendable, Hashable {
    package var database: String
    package var migrate: MigrationPolicy
    package var relay: RelaySettings
    /// `Name <address>` as it was given.
    package var from: String?
    /// As it was given.
    package var bounceAddress: String?
    package var hold: Duration
    package var pollInterval: Duration
    package var retryBase: Duration
    package var retryCap: Duration
    package var expireAfter: Duration
    /// nil: replies of any age are mailed.
    package var maxAge: Duration?
    package var onUncertain: UncertainPolicy
    package var stopTimeout: Duration
    package var lease: Duration
    /// nil: unlimited.
    package var rate: RateLimit?
    package var log: LogSettings
    /// nil: off.
    package var metricsListen: ListenAddress?
    /// nil: off.
    package var metricsFile: String?
    /// nil: off.
    package var idempotencyHeader: String?
    /// nil: finished rows are kept for good.
    package var retention: Duration?
}

/// What and how to log.
package struct LogSettings: Sendable, Hashable {
    package var format: LogFormat
    package var level: LogLevel
}

/// How to reach the relay.
package struct RelaySettings: Sendable, Hashable {
    package var address: RelayAddress
    /// Set if and only if ``RelayAddress/user`` is, and ``tokens`` are not.
    package var password: Secret?
    /// Instead of a password.
    package var tokens: TokenSettings?
    package var clientCertificate: CertificateFiles?
    package var tls: TLSMode
    /// nil: the system's certificates.
    package var caFile: String?
    /// 1 to 1000.
    package var connections: Int
    package var connectTimeout: Duration
    package var commandTimeout: Duration
    package var finalTimeout: Duration
    /// A domain name or an address literal.
    package var ehloName: String
}
