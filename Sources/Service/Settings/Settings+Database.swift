extension Settings {
    /// The path of the database alone: what is wrong with other settings does not matter to whoever only
    /// looks at it.
    ///
    /// - Throws: ``SettingsError`` if the path, or the file that should name it, can't be read.
    package static func database(
        environment: [String: String], file: String? = nil, flags: [SettingKey: String] = [:]
    ) throws(SettingsError) -> String {
        try load(
            environment: environment, file: file, flags: flags,
            context: Context(usesRelay: false, keys: [.database])
        ).settings.database
    }
}
