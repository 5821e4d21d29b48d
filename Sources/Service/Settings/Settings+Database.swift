extension Settings {
    /// The path of the database alone: what is wrong with other settings does not matter to whoever only
    /// looks at it.
    ///
    /// - Throws: ``SettingsError`` if the path, or the file that should name it, can't be read.
    package static func database(
        environment: [String: String], file: String? = nil, flags: [SettingKey: String] = [:]
    ) throws(SettingsError) -> String {
        let sources = SettingsSources(
            environment: environment, file: file.map { SettingsFile(path: $0) }, flags: flags)
        var reader = SettingsReader(given: sources.given, needsPassword: false)
        let path = reader.value(SettingsTable.database)
        let faults = reader.faults + sources.faults.filter { $0.key == nil }
        guard faults.isEmpty else { throw SettingsError(faults: faults) }
        return path
    }
}
