internal import Delivery

/// All settings (Settings.md): the only place where a default, a bound or a line of help stands,
/// but for three defaults that depend on something else (TLS on the relay's address, the log's format on
/// systemd, the EHLO name on the host), which are computed where they are read.
///
/// ``SettingKey/entry`` names the definition of every key, ``Settings`` and ``RelaySettings`` are read from
/// them: neither compiles with one left out.
enum SettingsTable {
    static let database = Setting(
        .database, "PATH", "outbox.db", "the SQLite database", .sharedFile)
    static let migrate = Setting(
        .migrate, "WHEN", MigrationPolicy.auto,
        "auto: run makes what is missing in a file without an outbox; never: it waits for that")

    // MARK: The relay

    /// Read by ``RelayAddress/parse(_:)``, whose errors say more.
    static let smtpURL = Setting(
        .smtpURL, "URL", RelayAddress(host: "localhost", port: 25), shown: "smtp://localhost:25",
        "the relay: smtp://[user@]host[:port] or smtps://...; no password in it",
        SettingForm(allowed: "a URL") { try? RelayAddress.parse($0) })
    static let smtpPassword = Setting(
        .smtpPassword, "TEXT", nil, shown: "",
        "the relay's password; or the systemd credential smtp-password", SettingForm.text.orNil())
    static let smtpPasswordFile = Setting(
        .smtpPasswordFile, "FILE", nil, shown: "", "a file that holds the relay's password",
        SettingForm.text.orNil())
    /// Its default depends on whether there is a password.
    static let smtpAuth = Setting(
        .smtpAuth, "HOW", nil, shown: "password where there is one",
        "password, oauth (OAUTHBEARER, XOAUTH2) or none", SettingForm<AuthMode>.word.orNil())
    static let smtpTokenFile = Setting(
        .smtpTokenFile, "FILE", nil, shown: "",
        "a file that holds an access token; or the systemd credential smtp-token",
        SettingForm.text.orNil())
    /// Read by ``TokenURL/parse(_:)``, whose errors say more.
    static let oauthTokenURL = Setting(
        .oauthTokenURL, "URL", nil, shown: "", "where outboxd fetches access tokens itself",
        SettingForm.text.orNil())
    static let oauthClientID = Setting(
        .oauthClientID, "ID", nil, shown: "", "as which client it fetches them",
        SettingForm.text.orNil())
    static let oauthClientSecretFile = Setting(
        .oauthClientSecretFile, "FILE", nil, shown: "", "a file that holds that client's secret",
        SettingForm.text.orNil())
    static let oauthScope = Setting(
        .oauthScope, "SCOPE", nil, shown: "", "what the tokens are to be good for",
        SettingForm.text.orNil())
    static let smtpClientCertFile = Setting(
        .smtpClientCertFile, "FILE", nil, shown: "",
        "a client certificate for the relay, PEM", SettingForm.text.orNil())
    static let smtpClientKeyFile = Setting(
        .smtpClientKeyFile, "FILE", nil, shown: "",
        "its key, where that is not in the certificate's file", SettingForm.text.orNil())
    static let smtpTLS = Setting(
        .smtpTLS, "MODE", nil, shown: "required; on loopback opportunistic",
        "required (verified), opportunistic or none", SettingForm<TLSMode>.word.orNil())
    static let smtpCAFile = Setting(
        .smtpCAFile, "FILE", nil, shown: "the system's",
        "certificates that the relay is verified by", SettingForm.text.orNil())
    static let smtpConnections = Setting(
        .smtpConnections, 4, in: 1...1_000, "connections kept open and used side by side")
    static let smtpConnectTimeout = Setting(
        .smtpConnectTimeout, .seconds(30), atLeast: leastTimeout,
        "the wait for a connection to the relay")
    static let smtpCommandTimeout = Setting(
        .smtpCommandTimeout, .seconds(300), atLeast: leastTimeout,
        "silence after which a dialogue is given up")
    static let smtpFinalTimeout = Setting(
        .smtpFinalTimeout, .seconds(600), atLeast: leastTimeout,
        "the wait for the reply to the final dot")
    static let ehloName = Setting(
        .ehloName, "NAME", nil, shown: "host name", "the name given to the relay",
        SettingForm.ehloName.orNil())

    private static let leastTimeout: Duration = .milliseconds(100)

    // MARK: Mails

    static let from = Setting(
        .from, "MAILBOX", nil, shown: "", "Name <address>, the sender of rows without a helpdesk",
        SettingForm.text.orNil())
    static let bounceAddress = Setting(
        .bounceAddress, "ADDRESS", nil, shown: "", "envelope sender, where a helpdesk has none",
        SettingForm.text.orNil())
    static let hold = Setting(
        .hold, HoldPolicy.standard, atLeast: .zero,
        "how long a reply waits for being read before it is mailed")
    /// Less would be a busy loop; commits are noticed sooner anyway.
    static let pollInterval = Setting(
        .pollInterval, .seconds(1), atLeast: .milliseconds(10),
        "the longest time between two looks at the database")
    static let retryBase = Setting(
        .retryBase, .seconds(30), atLeast: .milliseconds(1),
        "the first wait after a temporary failure; it doubles")
    static let retryCap = Setting(
        .retryCap, .seconds(3_600), atLeast: .milliseconds(1),
        "the longest wait after a temporary failure")
    static let expireAfter = Setting(
        .expireAfter, .seconds(3 * 86_400), atLeast: .milliseconds(1),
        "retries end when this has passed since the first")
    static let maxAge = Setting(
        .maxAge, orOff: nil, "replies older than this are skipped, not mailed")
    static let onUncertain = Setting(
        .onUncertain, "WHAT", UncertainPolicy.resend,
        "resend or hold mail that the relay may have taken without saying so")

    // MARK: The service

    static let stopTimeout = Setting(
        .stopTimeout, .seconds(8), atLeast: leastTimeout,
        "time for mail under way when asked to stop")
    static let lease = Setting(
        .lease, .seconds(120), atLeast: .seconds(1),
        "how long a claim holds; renewed while a mail is under way")
    static let rate = Setting(
        .rate, "RATE", nil, shown: "unlimited", "mails a second or minute: 50/s, 600/m",
        SettingForm.rate.or("unlimited"))
    static let metricsListen = Setting(
        .metricsListen, "HOST:PORT", nil, shown: "off",
        "where /metrics, /healthz and /readyz answer, such as 127.0.0.1:9464",
        SettingForm.listenAddress.or("off"))
    static let metricsFile = Setting(
        .metricsFile, "FILE", nil, shown: "off", "metrics for node_exporter's textfile collector",
        SettingForm.path.or("off"))
    /// Under systemd `journal`: text lines with sd-daemon(3) priorities, which the journal reads.
    static let logFormat = Setting(
        .logFormat, "FORMAT", nil, shown: "text; under systemd journal", "text, json or journal",
        SettingForm<LogFormat>.word.orNil())
    static let logLevel = Setting(
        .logLevel, "LEVEL", LogLevel.info, "debug, info, notice, warning or error")
    static let idempotencyHeader = Setting(
        .idempotencyHeader, "NAME", nil, shown: "off",
        "a header by which the relay knows a mail that it has, such as Resend-Idempotency-Key",
        SettingForm.headerName.or("off"))
    static let retention = Setting(
        .retention, orOff: .seconds(30 * 86_400),
        "finished rows older than this are pruned, new ones skipped; 0 keeps all")
}

extension SettingKey {
    /// What help and documentation say of it.
    package var entry: SettingEntry {
        switch self {
        case .database: SettingsTable.database.entry
        case .migrate: SettingsTable.migrate.entry
        case .smtpURL: SettingsTable.smtpURL.entry
        case .smtpPassword: SettingsTable.smtpPassword.entry
        case .smtpPasswordFile: SettingsTable.smtpPasswordFile.entry
        case .smtpAuth: SettingsTable.smtpAuth.entry
        case .smtpTokenFile: SettingsTable.smtpTokenFile.entry
        case .oauthTokenURL: SettingsTable.oauthTokenURL.entry
        case .oauthClientID: SettingsTable.oauthClientID.entry
        case .oauthClientSecretFile: SettingsTable.oauthClientSecretFile.entry
        case .oauthScope: SettingsTable.oauthScope.entry
        case .smtpClientCertFile: SettingsTable.smtpClientCertFile.entry
        case .smtpClientKeyFile: SettingsTable.smtpClientKeyFile.entry
        case .smtpTLS: SettingsTable.smtpTLS.entry
        case .smtpCAFile: SettingsTable.smtpCAFile.entry
        case .smtpConnections: SettingsTable.smtpConnections.entry
        case .smtpConnectTimeout: SettingsTable.smtpConnectTimeout.entry
        case .smtpCommandTimeout: SettingsTable.smtpCommandTimeout.entry
        case .smtpFinalTimeout: SettingsTable.smtpFinalTimeout.entry
        case .ehloName: SettingsTable.ehloName.entry
        case .from: SettingsTable.from.entry
        case .bounceAddress: SettingsTable.bounceAddress.entry
        case .hold: SettingsTable.hold.entry
        case .pollInterval: SettingsTable.pollInterval.entry
        case .retryBase: SettingsTable.retryBase.entry
        case .retryCap: SettingsTable.retryCap.entry
        case .expireAfter: SettingsTable.expireAfter.entry
        case .maxAge: SettingsTable.maxAge.entry
        case .onUncertain: SettingsTable.onUncertain.entry
        case .stopTimeout: SettingsTable.stopTimeout.entry
        case .lease: SettingsTable.lease.entry
        case .rate: SettingsTable.rate.entry
        case .metricsListen: SettingsTable.metricsListen.entry
        case .metricsFile: SettingsTable.metricsFile.entry
        case .logFormat: SettingsTable.logFormat.entry
        case .logLevel: SettingsTable.logLevel.entry
        case .idempotencyHeader: SettingsTable.idempotencyHeader.entry
        case .retention: SettingsTable.retention.entry
        }
    }

    /// All settings, in the order of Settings.md.
    package static var table: [SettingEntry] { allCases.map(\.entry) }
}
