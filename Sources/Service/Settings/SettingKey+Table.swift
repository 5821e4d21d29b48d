/// One line of the table of settings, for `--help` and for the comparison with the README.
package struct SettingEntry: Sendable {
    package let key: SettingKey
    /// What stands for the value in the help text.
    package let placeholder: String
    /// The default as the contract writes it; empty where there is none.
    package let standard: String
    package let summary: String

    init(_ key: SettingKey, _ placeholder: String, _ standard: String, _ summary: String) {
        self.key = key
        self.placeholder = placeholder
        self.standard = standard
        self.summary = summary
    }
}

extension SettingKey {
    /// All settings, in the contract's order.
    package static let table: [SettingEntry] = relayEntries + mailEntries + serviceEntries

    private static let relayEntries = [
        SettingEntry(.database, "PATH", "outbox.db", "the SQLite database"),
        SettingEntry(
            .smtpURL, "URL", "smtp://localhost:25",
            "the relay: smtp://[user@]host[:port] or smtps://...; no password in it"),
        SettingEntry(
            .smtpPassword, "TEXT", "",
            "the relay's password; or the systemd credential smtp-password"),
        SettingEntry(.smtpPasswordFile, "FILE", "", "a file that holds the relay's password"),
        SettingEntry(
            .smtpTLS, "MODE", "required; on loopback opportunistic",
            "required (verified), opportunistic or none"),
        SettingEntry(
            .smtpCAFile, "FILE", "the system's", "certificates that the relay is verified by"),
        SettingEntry(
            .smtpConnections, "N", "4", "connections kept open and used side by side, 1 to 1000"),
        SettingEntry(
            .smtpConnectTimeout, "TIME", "30s", "the wait for a connection to the relay"),
        SettingEntry(
            .smtpCommandTimeout, "TIME", "5m", "silence after which a dialogue is given up"),
        SettingEntry(.smtpFinalTimeout, "TIME", "10m", "the wait for the reply to the final dot"),
        SettingEntry(.ehloName, "NAME", "host name", "the name given to the relay"),
    ]

    private static let mailEntries = [
        SettingEntry(.from, "MAILBOX", "", "Name <address>, the sender of rows without a helpdesk"),
        SettingEntry(
            .bounceAddress, "ADDRESS", "", "envelope sender, where a helpdesk has none"),
        SettingEntry(
            .hold, "TIME", "60s", "how long a reply waits for being read before it is mailed"),
        SettingEntry(
            .pollInterval, "TIME", "1s", "the longest time between two looks at the database"),
        SettingEntry(
            .retryBase, "TIME", "30s", "the first wait after a temporary failure; it doubles"),
        SettingEntry(.retryCap, "TIME", "1h", "the longest wait after a temporary failure"),
        SettingEntry(
            .expireAfter, "TIME", "3d", "retries end when this has passed since the first"),
        SettingEntry(.maxAge, "TIME", "off", "replies older than this are skipped, not mailed"),
        SettingEntry(
            .onUncertain, "WHAT", "resend",
            "resend or hold mail that the relay may have taken without saying so"),
    ]

    private static let serviceEntries = [
        SettingEntry(.stopTimeout, "TIME", "8s", "time for mail under way when asked to stop"),
        SettingEntry(
            .lease, "TIME", "2m", "how long a claim holds; renewed while a mail is under way"),
        SettingEntry(.rate, "RATE", "unlimited", "mails a second or minute: 50/s, 600/m"),
        SettingEntry(
            .metricsListen, "HOST:PORT", "off", "where /metrics, /healthz and /readyz answer"),
        SettingEntry(.metricsFile, "FILE", "off", "metrics for node_exporter's textfile collector"),
        SettingEntry(.logFormat, "FORMAT", "text; under systemd journal", "text, json or journal"),
        SettingEntry(.logLevel, "LEVEL", "info", "debug, info, notice, warning or error"),
        SettingEntry(
            .retention, "TIME", "30d", "finished rows older than this are pruned; 0 keeps all"),
    ]
}
