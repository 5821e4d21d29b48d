import Delivery
import Testing

@testable import Service

@Suite struct SettingsTests {
    @Test func `without any setting all are the contract's defaults`() throws {
        let settings = try Loading.settings([:])
        let relay = RelaySettings(
            address: RelayAddress(host: "localhost", port: 25), password: nil, tls: .opportunistic,
            caFile: nil, connections: 4, connectTimeout: .seconds(30),
            commandTimeout: .seconds(300), finalTimeout: .seconds(600), ehloName: "desk.example")
        #expect(
            settings
                == Settings(
                    database: "outbox.db", migrate: .auto, relay: relay, from: nil,
                    bounceAddress: nil,
                    hold: .seconds(60), pollInterval: .seconds(1), retryBase: .seconds(30),
                    retryCap: .seconds(3_600), expireAfter: .seconds(259_200), maxAge: nil,
                    onUncertain: .resend, stopTimeout: .seconds(8), lease: .seconds(120),
                    rate: nil, log: LogSettings(format: .text, level: .info), metricsListen: nil,
                    metricsFile: nil, idempotencyHeader: nil, retention: .seconds(2_592_000)))
    }

    struct Good: Sendable {
        var key: SettingKey
        var text: String
        var isTaken: @Sendable (Settings) -> Bool
    }

    static let good: [Good] = [
        Good(key: .database, text: "/srv/x.db") { $0.database == "/srv/x.db" },
        Good(key: .database, text: "a b ü.db") { $0.database == "a b ü.db" },
        Good(key: .migrate, text: "never") { $0.migrate == .never },
        Good(key: .smtpURL, text: "smtps://relay.example") { $0.relay.address.port == 465 },
        Good(key: .smtpURL, text: "smtp://relay.example") { $0.relay.tls == .required },
        Good(key: .smtpURL, text: "smtp://127.9.9.9") { $0.relay.tls == .opportunistic },
        Good(key: .smtpTLS, text: "required") { $0.relay.tls == .required },
        Good(key: .smtpTLS, text: "none") { $0.relay.tls == .none },
        Good(key: .smtpCAFile, text: "/etc/passwd") { $0.relay.caFile == "/etc/passwd" },
        Good(key: .smtpConnections, text: "1") { $0.relay.connections == 1 },
        Good(key: .smtpConnections, text: "1000") { $0.relay.connections == 1_000 },
        Good(key: .smtpConnectTimeout, text: "100ms") {
            $0.relay.connectTimeout == .milliseconds(100)
        },
        Good(key: .smtpCommandTimeout, text: "1m") { $0.relay.commandTimeout == .seconds(60) },
        Good(key: .smtpFinalTimeout, text: "1h30m") { $0.relay.finalTimeout == .seconds(5_400) },
        Good(key: .ehloName, text: "mail.example.org") { $0.relay.ehloName == "mail.example.org" },
        Good(key: .ehloName, text: "[192.0.2.1]") { $0.relay.ehloName == "[192.0.2.1]" },
        Good(key: .ehloName, text: "[IPv6:2001:db8::1]") { $0.relay.ehloName.hasSuffix("::1]") },
        Good(key: .from, text: "Acme, Inc. <help@acme.test>") {
            $0.from?.hasPrefix("Acme") == true
        },
        Good(key: .bounceAddress, text: "b@acme.test") { $0.bounceAddress == "b@acme.test" },
        Good(key: .hold, text: "0s") { $0.hold == .zero },
        Good(key: .hold, text: "0") { $0.hold == .zero },
        Good(key: .hold, text: "3650d") { $0.hold == DurationText.longest },
        Good(key: .pollInterval, text: "10ms") { $0.pollInterval == .milliseconds(10) },
        Good(key: .retryBase, text: "1ms") { $0.retryBase == .milliseconds(1) },
        Good(key: .retryCap, text: "2h") { $0.retryCap == .seconds(7_200) },
        Good(key: .expireAfter, text: "1d12h") { $0.expireAfter == .seconds(129_600) },
        Good(key: .maxAge, text: "7d") { $0.maxAge == .seconds(604_800) },
        Good(key: .maxAge, text: "off") { $0.maxAge == nil },
        Good(key: .maxAge, text: "0") { $0.maxAge == nil },
        Good(key: .onUncertain, text: "hold") { $0.onUncertain == .hold },
        Good(key: .idempotencyHeader, text: "Resend-Idempotency-Key") {
            $0.idempotencyHeader == "Resend-Idempotency-Key"
        },
        Good(key: .idempotencyHeader, text: "off") { $0.idempotencyHeader == nil },
        Good(key: .stopTimeout, text: "100ms") { $0.stopTimeout == .milliseconds(100) },
        Good(key: .lease, text: "1s") { $0.lease == .seconds(1) },
        Good(key: .rate, text: "50/s") { $0.rate == RateLimit(count: 50, per: .seconds(1)) },
        Good(key: .rate, text: "600/m") { $0.rate == RateLimit(count: 600, per: .seconds(60)) },
        Good(key: .rate, text: "unlimited") { $0.rate == nil },
        Good(key: .metricsListen, text: "127.0.0.1:9464") {
            $0.metricsListen == ListenAddress(host: "127.0.0.1", port: 9464)
        },
        Good(key: .metricsListen, text: "[::]:9464") {
            $0.metricsListen == ListenAddress(host: "::", port: 9464)
        },
        Good(key: .metricsListen, text: "off") { $0.metricsListen == nil },
        Good(key: .metricsFile, text: "/run/outboxd.prom") { $0.metricsFile != nil },
        Good(key: .metricsFile, text: "off") { $0.metricsFile == nil },
        Good(key: .logFormat, text: "json") { $0.log.format == .json },
        Good(key: .logFormat, text: "journal") { $0.log.format == .journal },
        Good(key: .logLevel, text: "debug") { $0.log.level == .debug },
        Good(key: .retention, text: "0") { $0.retention == nil },
        Good(key: .retention, text: "1d") { $0.retention == .seconds(86_400) },
    ]

    @Test(arguments: good.indices) func `a good value is taken`(index: Int) throws {
        let row = Self.good[index]
        #expect(
            row.isTaken(try Loading.settings([row.key.name: row.text])), "\(row.key) \(row.text)")
    }

    @Test(arguments: SettingKey.allCases) func `an empty value counts as not set`(
        key: SettingKey
    ) throws {
        let settings = try Loading.load([key.name: ""], flags: [key: ""]).settings
        #expect(settings == (try Loading.settings([:])))
    }

    @Test func `under systemd the log is for the journal unless it is set`() throws {
        let context = Settings.Context(logsToJournal: true, hostName: "h")
        #expect(
            try Settings.load(environment: [:], context: context).settings.log.format == .journal)
        let set = try Settings.load(
            environment: ["OUTBOXD_LOG_FORMAT": "text"], context: context)
        #expect(set.settings.log.format == .text)
    }

    @Test(arguments: [
        ("desk", "desk"), ("desk.example", "desk.example"), ("my_host", "my_host"),
        ("", "localhost.localdomain"), ("(none)", "localhost.localdomain"),
        ("münchen", "localhost.localdomain"), ("-x", "localhost.localdomain"),
        ("a b", "localhost.localdomain"), ("10.0.0.7", "localhost.localdomain"),
    ]) func `the EHLO name is the host name if it can be one`(host: String, name: String) throws {
        let loaded = try Settings.load(
            environment: [:], context: Settings.Context(hostName: host))
        #expect(loaded.settings.relay.ehloName == name)
    }

    @Test func `the machine has a name`() {
        #expect(!HostName.current.isEmpty)
        #expect(!HostName.current.utf8.contains(0))
    }

    @Test func `the table has each key once, in the order of the keys`() {
        #expect(SettingKey.table.map(\.key) == SettingKey.allCases)
        #expect(SettingKey.table.allSatisfy { !$0.summary.isEmpty && !$0.placeholder.isEmpty })
    }

    @Test func `flags are the keys in lower case with dashes, but none for a secret`() {
        #expect(SettingKey.smtpURL.flag == "smtp-url")
        #expect(SettingKey.hold.flag == "hold")
        #expect(SettingKey.smtpPassword.flag == nil)
        #expect(SettingKey(flag: "smtp-password-file") == .smtpPasswordFile)
        #expect(SettingKey(flag: "smtp-password") == nil)
        #expect(Set(SettingKey.allCases.map(\.flag)).count == SettingKey.allCases.count)
    }
}
