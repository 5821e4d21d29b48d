internal import Delivery
internal import Engine
internal import Mail
internal import SMTP
internal import Service
internal import Store

/// What a command works with: its arguments, the settings, the database.
struct CommandContext {
    var parsed: ParsedCommand
    var environment: [String: String]
    /// The command talks to the relay.
    var usesRelay: Bool
    /// The settings file that is read, if it is there, where `--config` names none.
    ///
    /// `/etc/outboxd/outboxd.env`; nil: only a file that is named is read.
    var standardFile: String?

    /// All settings, checked, and what is to be said about them.
    ///
    /// The database's path is absolute: whoever reads an error need not know where we were started.
    ///
    /// - Parameter keys: Those that matter; the others have their defaults, whatever stands there.
    func loadedSettings(only keys: [SettingKey]? = nil) throws -> Settings.Loaded {
        absolute(
            try Settings.load(
                environment: environment, file: parsed.config, flags: parsed.settings,
                context: settingsContext(keys), checks: Self.checks))
    }

    /// As ``loadedSettings(only:)``, for a process that was started with these: what stands in file and
    /// environment now.
    func loadedSettings(after loaded: Settings.Loaded) throws -> Settings.Loaded {
        var again = self
        again.environment = loaded.ownEnvironment(of: environment)
        return try again.loadedSettings().following(loaded)
    }

    /// The settings as they were, with what the files that they name hold now.
    func withFilesOfNow(_ loaded: Settings.Loaded) throws -> Settings.Loaded {
        absolute(
            try loaded.withFilesOfNow(
                environment: environment, context: settingsContext(nil), checks: Self.checks))
    }

    private func settingsContext(_ keys: [SettingKey]?) -> Settings.Context {
        Settings.Context(
            logsToJournal: Journal.isConnected(environment: environment), usesRelay: usesRelay,
            keys: keys.map(Set.init), standardFile: standardFile)
    }

    private static var checks: [SettingKey: Settings.Check] {
        [.from: checkMailbox, .bounceAddress: checkAddress]
    }

    private func absolute(_ loaded: Settings.Loaded) -> Settings.Loaded {
        var loaded = loaded
        loaded.settings.database = FilePath.absolute(loaded.settings.database)
        return loaded
    }

    /// All settings, checked.
    ///
    /// Warnings go to stderr.
    func settings() throws -> Settings {
        let loaded = try loadedSettings()
        for warning in loaded.warnings { Terminal.complain("warning: \(warning)") }
        return loaded.settings
    }

    /// For a command that only looks: it works whatever stands in the settings that it does not need.
    func settings(only keys: [SettingKey]) throws -> Settings {
        try loadedSettings(only: keys).settings
    }

    func log(_ settings: Settings) -> Log {
        Log(level: settings.log.level, format: settings.log.format)
    }

    /// The outbox of an existing database, for a command that changes something.
    func outbox(_ settings: Settings) throws -> any OutboxOperator {
        try SQLiteDatabase(path: settings.database).openOperator()
    }

    /// The outbox of an existing database, for reading: works beside a daemon, and for somebody who may
    /// not write.
    func reader(_ settings: Settings) throws -> any OutboxReader {
        try SQLiteDatabase(path: settings.database).openReader()
    }

    var now: WallTime { SystemClock().wallNow() }

    // MARK: Checks of what other modules know

    private static func checkMailbox(_ text: String) -> String? {
        do {
            guard try Mailbox(parsing: text).address.onTheWire() != nil else {
                return "its domain has no ASCII form"
            }
            return nil
        } catch {
            return "\(error); `Name <address>` is expected"
        }
    }

    private static func checkAddress(_ text: String) -> String? {
        do {
            guard try EmailAddress(text).onTheWire() != nil else {
                return "its domain has no ASCII form"
            }
            return nil
        } catch {
            return "\(error)"
        }
    }
}

extension EngineSettings {
    /// As the engine takes them.
    ///
    /// The addresses were checked when the settings were loaded.
    init(_ settings: Settings) throws {
        self.init(
            database: settings.database, relay: ConnectionSettings(settings.relay),
            dialogueTimeouts: DialogueTimeouts(
                command: settings.relay.commandTimeout, final: settings.relay.finalTimeout),
            connections: settings.relay.connections,
            from: try settings.from.map { try Mailbox(parsing: $0) },
            bounceAddress: try settings.bounceAddress.map { try EmailAddress($0) },
            hold: HoldPolicy(hold: settings.hold), pollInterval: settings.pollInterval,
            retry: RetryPolicy(base: settings.retryBase, cap: settings.retryCap),
            expiry: Expiry(after: settings.expireAfter), maxAge: settings.maxAge,
            onUncertain: settings.onUncertain,
            stopTimeout: settings.stopTimeout, lease: settings.lease,
            rate: settings.rate, idempotencyHeader: settings.idempotencyHeader,
            retention: settings.retention.map(Retention.init(length:)))
    }
}

extension AccessTokens {
    convenience init(_ settings: TokenSettings) {
        switch settings {
        case .file(let path):
            self.init(
                .file(
                    SecretSource(path) { file throws(BoundedFile.Failure) in
                        try SecretFile.readToken(file)
                    }))
        case .client(let client):
            let secret = SecretSource(client.secretFile) { file throws(BoundedFile.Failure) in
                try SecretFile.read(file, limit: SecretFile.secretLimit)
            }
            self.init(
                .client(
                    ClientCredentials(
                        url: client.url.text, host: client.url.host,
                        isEncrypted: client.url.isEncrypted, clientID: client.id, secret: secret,
                        scope: client.scope)))
        }
    }
}

extension SecretSource {
    fileprivate init(
        _ path: String,
        _ read: @escaping @Sendable (String) throws(BoundedFile.Failure) -> Secret
    ) {
        self.init(name: path) { () throws(SecretSource.Failure) in
            do throws(BoundedFile.Failure) {
                return try read(path)
            } catch {
                throw SecretSource.Failure(text: error.text)
            }
        }
    }
}

extension ConnectionSettings {
    init(_ relay: RelaySettings) {
        self.init(
            host: relay.address.host, port: relay.address.port,
            implicitTLS: relay.address.usesImplicitTLS,
            tls: relay.tls,
            username: relay.address.user,
            password: relay.password, tokens: relay.tokens.map(AccessTokens.init),
            clientCertificate: relay.clientCertificate.map {
                ClientCertificate(certificateFile: $0.certificate, keyFile: $0.key)
            },
            caFile: relay.caFile,
            ehloName: relay.ehloName, connectTimeout: relay.connectTimeout,
            commandTimeout: relay.commandTimeout)
    }
}

extension CommandContext {
    /// A whole number of at least 1; nil if the option was not given.
    func count(_ option: String) throws -> Int? {
        guard let text = parsed.value(option) else { return nil }
        guard let number = Int(text), number > 0 else {
            throw usage("--\(option) takes a whole number from 1, not \(Escaping.quoted(text))")
        }
        return number
    }

    /// The row that the only argument names: by its id, or by the Message-ID of its mail, in angle
    /// brackets or without.
    ///
    /// - Throws: ``Failure`` (65) if there is no such mail; whether there is a row with an id is not
    ///   asked.
    func rowID(in reader: any OutboxReader) throws -> Int64 {
        let text = parsed.positionals.first ?? ""
        if let id = Int64(text), id > 0 { return id }
        guard let messageID = MessageID(text) else {
            throw usage(
                "\(Escaping.quoted(text)) is neither a row's id nor a Message-ID; `outboxd list` "
                    + "shows the ids")
        }
        guard let id = try reader.row(ofMessageID: "<\(messageID.description)>") else {
            throw Failure(
                "there is no mail with the Message-ID <\(messageID.description)>; `outboxd list` shows the "
                    + "rows", .dataError)
        }
        return id
    }

    /// A duration that is not 0; nil if the option was not given.
    ///
    /// - Parameter examples: For the person who typed something else.
    func duration(_ option: String, such examples: String = "90s, 2h or 30d") throws -> Duration? {
        guard let text = parsed.value(option) else { return nil }
        guard let duration = DurationText.parse(text), duration > .zero else {
            throw usage(
                "--\(option) takes a duration such as \(examples), not "
                    + Escaping.quoted(text, limit: 80))
        }
        return duration
    }

    /// A value that must not be empty: the empty helpdesk stands for all in some places.
    func text(_ option: String) throws -> String? {
        guard let text = parsed.value(option) else { return nil }
        guard !text.isEmpty else { throw usage("--\(option) must not be empty") }
        return text
    }

    /// As the parser says it.
    func usage(_ problem: String) -> UsageError {
        UsageError("\(parsed.name): \(problem) (`outboxd \(parsed.name) --help` explains)")
    }
}
