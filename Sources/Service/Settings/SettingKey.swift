/// The settings by name (Settings.md).
///
/// The raw value is the name in the environment and in the settings file.
package enum SettingKey: String, CaseIterable, Sendable {
    case database = "OUTBOXD_DATABASE"
    case migrate = "OUTBOXD_MIGRATE"
    case smtpURL = "OUTBOXD_SMTP_URL"
    case smtpPassword = "OUTBOXD_SMTP_PASSWORD"
    case smtpPasswordFile = "OUTBOXD_SMTP_PASSWORD_FILE"
    case smtpAuth = "OUTBOXD_SMTP_AUTH"
    case smtpTokenFile = "OUTBOXD_SMTP_TOKEN_FILE"
    case oauthTokenURL = "OUTBOXD_OAUTH_TOKEN_URL"
    case oauthClientID = "OUTBOXD_OAUTH_CLIENT_ID"
    case oauthClientSecretFile = "OUTBOXD_OAUTH_CLIENT_SECRET_FILE"
    case oauthScope = "OUTBOXD_OAUTH_SCOPE"
    case smtpClientCertFile = "OUTBOXD_SMTP_CLIENT_CERT_FILE"
    case smtpClientKeyFile = "OUTBOXD_SMTP_CLIENT_KEY_FILE"
    case smtpTLS = "OUTBOXD_SMTP_TLS"
    case smtpCAFile = "OUTBOXD_SMTP_CA_FILE"
    case smtpConnections = "OUTBOXD_SMTP_CONNECTIONS"
    case smtpConnectTimeout = "OUTBOXD_SMTP_CONNECT_TIMEOUT"
    case smtpCommandTimeout = "OUTBOXD_SMTP_COMMAND_TIMEOUT"
    case smtpFinalTimeout = "OUTBOXD_SMTP_FINAL_TIMEOUT"
    case ehloName = "OUTBOXD_EHLO_NAME"
    case from = "OUTBOXD_FROM"
    case bounceAddress = "OUTBOXD_BOUNCE_ADDRESS"
    case hold = "OUTBOXD_HOLD"
    case pollInterval = "OUTBOXD_POLL_INTERVAL"
    case retryBase = "OUTBOXD_RETRY_BASE"
    case retryCap = "OUTBOXD_RETRY_CAP"
    case expireAfter = "OUTBOXD_EXPIRE_AFTER"
    case maxAge = "OUTBOXD_MAX_AGE"
    case onUncertain = "OUTBOXD_ON_UNCERTAIN"
    case stopTimeout = "OUTBOXD_STOP_TIMEOUT"
    case lease = "OUTBOXD_LEASE"
    case rate = "OUTBOXD_RATE"
    case metricsListen = "OUTBOXD_METRICS_LISTEN"
    case metricsFile = "OUTBOXD_METRICS_FILE"
    case logFormat = "OUTBOXD_LOG_FORMAT"
    case logLevel = "OUTBOXD_LOG_LEVEL"
    case idempotencyHeader = "OUTBOXD_IDEMPOTENCY_HEADER"
    case retention = "OUTBOXD_RETENTION"

    /// What every key begins with.
    package static let prefix = "OUTBOXD_"

    package var name: String { rawValue }

    /// Its value is shown nowhere: not in an error, not in a log.
    package var isSecret: Bool { self == .smtpPassword }

    /// Whether a text that was given for it may be shown: not where any part of it could be a secret.
    func mayShow(_ text: String) -> Bool {
        switch self {
        case .smtpURL: RelayAddress.mayBeShown(text)
        // A user and a password may stand before the host.
        case .oauthTokenURL: !text.contains("@")
        default: !isSecret
        }
    }

    /// The flag that sets it, without the dashes: `smtp-url`.
    ///
    /// nil for secrets, since everybody on the machine can read a command line.
    package var flag: String? {
        isSecret ? nil : dashedName
    }

    /// `smtp-url` for `OUTBOXD_SMTP_URL`.
    var dashedName: String {
        String(name.dropFirst(Self.prefix.count).lowercased().map { $0 == "_" ? "-" : $0 })
    }

    /// The key that a flag (without its dashes) sets.
    package init?(flag: String) {
        guard let key = Self.allCases.first(where: { $0.flag == flag }) else { return nil }
        self = key
    }
}
