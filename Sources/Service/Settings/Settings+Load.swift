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
        /// The keys that matter; nil: all.
        ///
        /// The others have their defaults, whatever stands there.
        package var keys: Set<SettingKey>?
        /// What is read where no file is named, if it is there (``SettingsFile/standardPath``).
        package var standardFile: String?

        package init(
            logsToJournal: Bool = false, hostName: String = HostName.current,
            usesRelay: Bool = true, keys: Set<SettingKey>? = nil, standardFile: String? = nil
        ) {
            self.logsToJournal = logsToJournal
            self.hostName = hostName
            self.usesRelay = usesRelay
            self.keys = keys
            self.standardFile = standardFile
        }
    }

    /// Settings, and what should be said about where they came from.
    package struct Loaded: Sendable {
        package var settings: Settings
        /// The file that was read; nil if none was.
        package var file: String?
        /// One line each; nothing that stops outboxd.
        package var warnings: [String]
        /// What the values were made of.
        let sources: SettingsSources
        /// Files whose content was read or checked: a password, certificates.
        ///
        /// Whoever runs for long looks at them now and then.
        package let files: FileWatch
    }

    /// A further check of a setting's text: nil if it is good, else the end of the sentence that
    /// says what is wrong.
    package typealias Check = (String) -> String?

    /// Reads all settings and reports all faults at once.
    ///
    /// A flag beats the environment, the environment beats the file; an empty value counts as not
    /// set.
    ///
    /// - Parameters:
    ///   - environment: the process's.
    ///   - file: the path given with `--config`; nil: ``Context/standardFile``.
    ///   - flags: values of the flags that ``SettingKey/flag`` names.
    ///   - checks: for syntax that other modules know, such as that of addresses.
    /// - Throws: ``SettingsError``, for exit code 78.
    package static func load(
        environment: [String: String], file: String? = nil, flags: [SettingKey: String] = [:],
        context: Context = Context(), checks: [SettingKey: Check] = [:]
    ) throws(SettingsError) -> Loaded {
        let file =
            file.map { SettingsFile(path: $0) }
            ?? context.standardFile.flatMap(SettingsFile.standard)
        var sources = SettingsSources(environment: environment, file: file, flags: flags)
        if let keys = context.keys { sources.keepOnly(keys) }
        if file?.isOutOfReach == true { sources.doWithoutFile() }
        var loaded = try load(
            sources, environment: environment, context: context, checks: checks)
        if file?.isOutOfReach != true { loaded.file = file?.path }
        return loaded
    }

    static func load(
        _ sources: SettingsSources, environment: [String: String], context: Context,
        checks: [SettingKey: Check]
    ) throws(SettingsError) -> Loaded {
        var reader = SettingsReader(given: sources.given, needsPassword: context.usesRelay)
        let credentials = environment["CREDENTIALS_DIRECTORY"].flatMap { $0.isEmpty ? nil : $0 }
        let settings = Settings(
            reading: &reader, credentials: credentials, context: context)
        reader.checkPlace(of: .database, standardFile: context.standardFile)
        for key in SettingKey.allCases {
            if let check = checks[key], let text = sources.given[key]?.text,
                !reader.faults.contains(where: { $0.key == key.name }), let problem = check(text)
            {
                reader.fault(key, problem)
            }
        }
        let faults = sources.faults + reader.faults
        guard faults.isEmpty else {
            throw SettingsError(faults: faults, warnings: sources.warnings + reader.warnings)
        }
        return Loaded(
            settings: settings, warnings: sources.warnings + reader.warnings, sources: sources,
            files: reader.files)
    }

    private init(reading reader: inout SettingsReader, credentials: String?, context: Context) {
        let table = SettingsTable.self
        self.init(
            database: reader.value(table.database),
            migrate: reader.value(table.migrate),
            relay: RelaySettings(
                reading: &reader, credentials: credentials, hostName: context.hostName),
            from: reader.value(table.from),
            bounceAddress: reader.value(table.bounceAddress),
            hold: reader.value(table.hold),
            pollInterval: reader.value(table.pollInterval),
            retryBase: reader.value(table.retryBase),
            retryCap: reader.value(table.retryCap),
            expireAfter: reader.value(table.expireAfter),
            maxAge: reader.value(table.maxAge),
            onUncertain: reader.value(table.onUncertain),
            stopTimeout: reader.value(table.stopTimeout),
            lease: reader.value(table.lease),
            rate: reader.value(table.rate),
            log: LogSettings(
                format: reader.value(table.logFormat) ?? (context.logsToJournal ? .journal : .text),
                level: reader.value(table.logLevel)),
            metricsListen: reader.value(table.metricsListen),
            metricsFile: reader.value(table.metricsFile),
            idempotencyHeader: reader.value(table.idempotencyHeader),
            retention: reader.value(table.retention))
    }
}
