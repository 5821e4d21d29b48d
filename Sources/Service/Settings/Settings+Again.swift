/// Settings of a process that runs, read again.
extension Settings.Loaded {
    /// The environment without what was copied into it from the settings file, as `EnvironmentFile=` does: else
    /// the value of yesterday would beat the file's of today until the next restart.
    package func ownEnvironment(of environment: [String: String]) -> [String: String] {
        environment.filter { name, _ in !sources.inFileToo.contains(name) }
    }

    /// The same values, with what stands now in the files that they name.
    ///
    /// - Parameters: as for ``Settings/load(environment:file:flags:context:checks:)``.
    package func withFilesOfNow(
        environment: [String: String], context: Settings.Context,
        checks: [SettingKey: Settings.Check]
    ) throws(SettingsError) -> Settings.Loaded {
        try Settings.load(sources, environment: environment, context: context, checks: checks)
    }

    /// These settings, if they may follow those of a process that runs.
    ///
    /// - Throws: ``SettingsError`` if the file gave settings before, and is empty or missing now. Its defaults would send
    ///   mail to another relay, and perhaps somebody is just writing it.
    package func following(_ earlier: Settings.Loaded) throws(SettingsError) -> Settings.Loaded {
        guard let file = earlier.file, earlier.sources.hasFileSettings, sources.isFileBlank
        else { return self }
        throw SettingsError(faults: [
            SettingsFault(
                key: nil,
                problem: "settings file \(Escaping.printable(file)): is empty or gone; "
                    + "a line with # leaves all at their defaults")
        ])
    }

    /// The keys that have been given another value since, in the order of the documentation.
    package func changes(since before: Settings.Loaded) -> [SettingKey] {
        SettingKey.allCases.filter { sources.given[$0]?.text != before.sources.given[$0]?.text }
    }
}

extension SettingKey {
    /// What the process keeps until its end: where its rows lie, what it has told others of itself, and
    /// what it serves.
    package static let fixed: Set<SettingKey> = [.database, .lease, .metricsListen, .metricsFile]
}
