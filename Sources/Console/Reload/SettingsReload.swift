internal import Engine
internal import Service

/// What came of reading the settings again, in the words of the log.
///
/// Pure: it names keys, never values.
struct SettingsReload {
    /// Keys that have another value than before, and take effect now.
    var taken: [SettingKey]
    /// Keys whose value is not the one that the process was started with, and which need a restart.
    var waiting: [SettingKey]

    /// - Parameter atStart: The settings that the process was started with.
    /// - Parameter standing: Those until now.
    /// - Parameter mostConnections: What there is room for.
    init(
        to next: Settings.Loaded, from standing: Settings.Loaded, atStart: Settings.Loaded,
        mostConnections: Int
    ) {
        taken = next.changes(since: standing).filter { !SettingKey.fixed.contains($0) }
        waiting = next.changes(since: atStart).filter { SettingKey.fixed.contains($0) }
        if next.settings.relay.connections > mostConnections { waiting.append(.smtpConnections) }
    }

    static func names(_ keys: [SettingKey]) -> String {
        keys.isEmpty ? "none" : keys.map(\.name).joined(separator: ",")
    }
}
