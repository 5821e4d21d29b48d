import Delivery

extension Settings {
    /// What the process is in; passed in so that tests can set it.
    package struct Context: Sendable {
        /// stderr is systemd's journal (``Journal/isConnected(environment:descriptor:)``).
        package var logsToJournal: Bool
        /// The name the machine gives itself.
        package var hostName: String
        /// The process talks to the relay.
        ///
        /// One that only reads or writes the database needs no password: it may be the service's
        /// alone, and then the settings are good without it.
        package var usesRelay: Bool

        package init(
            logsToJournal: Bool = false, hostName: String = HostName.current, usesRelay: Bool = true
        ) {
            self.logsToJournal = logsToJournal
            self.hostName = hostName
            self.usesRelay = usesRelay
        }
    }

    /// Settings, and what should be said about where they came from.
    package struct Loaded: Sendable {
        package var settings: Settings
        /// One line each; nothing that stops outboxd.
        package var warnings: [String]
    }

    /// A further check of a setting's text: nil where it is good, else the end of the sentence that
    /// says what is wrong.
    package typealias Check = (String) -> String?

    /// Reads all settings and reports all faults at once.
    ///
    /// A flag beats the environment, the environment beats the file; an empty value counts as not
    /// set.
    ///
    /// - Parameters:
    ///   - environment: the process's.
    ///   - file: the path given with `--config`.
    ///   - flags: values of the flags that ``SettingKey/flag`` names.
    ///   - checks: for syntax that other modules know, such as that of addresses.
    /// - Throws: ``SettingsError``, for exit code 78.
    package static func load(
        environment: [String: String], file: String? = nil, flags: [SettingKey: String] = [:],
        context: Context = Context(), checks: [SettingKey: Check] = [:]
    ) throws(SettingsError) -> Loaded {
        let sources = SettingsSources(
            environment: environment, file: file.map { SettingsFile(path: $0) }, flags: flags)
        return try load(sources, environment: environment, context: context, checks: checks)
    }

    static func load(
        _ sources: SettingsSources, environment: [String: String], context: Context,
        checks: [SettingKey: Check]
    ) throws(SettingsError) -> Loaded {
        var reader = SettingsReader(given: sources.given, needsPassword: context.usesRelay)
        let credentials = environment["CREDENTIALS_DIRECTORY"].flatMap { $0.isEmpty ? nil : $0 }
        let settings = Settings(
            reading: &reader, credentials: credentials, context: context)
        for key in SettingKey.allCases {
            if let check = checks[key], let text = sources.given[key]?.text,
                !reader.faults.contains(where: { $0.key == key.name }), let problem = check(text)
            {
                reader.fault(key, problem)
            }
        }
        let faults = sources.faults + reader.faults
        guard faults.isEmpty else { throw SettingsError(faults: faults) }
        return Loaded(settings: settings, warnings: sources.warnings + reader.warnings)
    }

    private init(reading reader: inout SettingsReader, credentials: String?, context: Context) {
        let address = RelayAddress(host: "localhost", port: 25)
        self.init(
            database: reader.path(.database) ?? "outbox.db",
            relay: RelaySettings(
                reading: &reader, default: address, credentials: credentials,
                hostName: context.hostName),
            from: reader.text(.from),
            bounceAddress: reader.text(.bounceAddress),
            hold: reader.duration(.hold, default: .seconds(60), atLeast: .zero),
            // Less than this would be a busy loop; commits are noticed sooner anyway.
            pollInterval: reader.duration(
                .pollInterval, default: .seconds(1), atLeast: .milliseconds(10)),
            retryBase: reader.duration(
                .retryBase, default: .seconds(30), atLeast: .milliseconds(1)),
            retryCap: reader.duration(
                .retryCap, default: .seconds(3_600), atLeast: .milliseconds(1)),
            expireAfter: reader.duration(
                .expireAfter, default: .seconds(3 * 86_400), atLeast: .milliseconds(1)),
            maxAge: reader.optionalDuration(.maxAge, default: nil),
            onUncertain: reader.choice(.onUncertain, default: .resend),
            stopTimeout: reader.duration(
                .stopTimeout, default: .seconds(8), atLeast: .milliseconds(100)),
            lease: reader.duration(.lease, default: .seconds(120), atLeast: .seconds(1)),
            rate: reader.rate(.rate),
            log: LogSettings(
                // The journal's own protocol is for later: until then `journal`, the default under
                // systemd, is text lines with sd-daemon(3) priorities, which the journal reads.
                format: reader.choice(
                    .logFormat, default: context.logsToJournal ? .journal : .text),
                level: reader.choice(.logLevel, default: .info)),
            metricsListen: reader.listenAddress(.metricsListen),
            metricsFile: reader.path(.metricsFile).flatMap { $0 == "off" ? nil : $0 },
            retention: reader.optionalDuration(.retention, default: .seconds(30 * 86_400)))
    }
}
