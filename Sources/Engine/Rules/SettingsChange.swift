internal import SMTP

/// Other settings for an engine that runs.
struct SettingsChange: Sendable {
    var settings: EngineSettings
    /// The relay, how it is reached, or what we say to it before MAIL is another: open connections are of no
    /// use for further mails, and what is known of the relay was about the former way.
    var isOtherWay: Bool

    /// - Parameter standing: The settings until now.
    /// - Parameter hasOtherFiles: A file that the settings name (a password, certificates) holds something else.
    /// - Parameter mostConnections: What there is room for; more take effect at a restart.
    init(
        to settings: EngineSettings, from standing: EngineSettings, hasOtherFiles: Bool,
        mostConnections: Int
    ) {
        self.settings = settings.keepingFixed(of: standing)
        self.settings.connections = min(settings.connections, mostConnections)
        self.settings.relay = settings.relay.following(standing.relay)
        isOtherWay =
            hasOtherFiles || self.settings.relay.withoutTimeouts != standing.relay.withoutTimeouts
    }

    /// Before it was taken another came.
    func after(_ earlier: SettingsChange?) -> SettingsChange {
        var change = self
        change.isOtherWay = isOtherWay || earlier?.isOtherWay ?? false
        return change
    }
}

extension EngineSettings {
    /// A process keeps these until its end: where its rows and its notes lie, and the time after which
    /// others take it for dead, which stands in those notes.
    func keepingFixed(of standing: EngineSettings) -> EngineSettings {
        var settings = self
        settings.database = standing.database
        settings.lease = standing.lease
        return settings
    }
}

extension ConnectionSettings {
    /// How long the relay is waited for says nothing of which relay it is.
    fileprivate var withoutTimeouts: ConnectionSettings {
        var settings = self
        settings.connectTimeout = .zero
        settings.commandTimeout = .zero
        return settings
    }
}
