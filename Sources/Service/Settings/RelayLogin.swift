internal import Delivery
import Glibc

/// With what outboxd logs in at the relay, if it does.
///
/// | `OUTBOXD_SMTP_AUTH` | logs in | is not used, and told so |
/// |---|---|---|
/// | not set | with the password, where there is one | |
/// | `password` | with the password, which must be there | token |
/// | `oauth` | with a token, whose source must be there | password |
/// | `none` | never | user, password, token |
struct RelayLogin {
    private(set) var password: Secret?
    private(set) var tokens: TokenSettings?
    /// The URL's, where it counts.
    private(set) var user: String?

    /// What belongs to the relay that is configured, and goes to no other.
    static let keys: Set<SettingKey> = [
        .smtpPassword, .smtpPasswordFile, .smtpAuth, .smtpTokenFile, .oauthTokenURL, .oauthClientID,
        .oauthClientSecretFile, .oauthScope, .smtpClientCertFile, .smtpClientKeyFile,
    ]
    private static let passwordKeys: [SettingKey] = [.smtpPassword, .smtpPasswordFile]
    private static let clientKeys: [SettingKey] = [
        .oauthTokenURL, .oauthClientID, .oauthClientSecretFile, .oauthScope,
    ]
    private static let tokenKeys = [.smtpTokenFile] + clientKeys
    private static let tokenCredential = "smtp-token"

    /// - Parameter credentials: systemd's directory of them; nil where none count.
    init(reading reader: inout SettingsReader, user: String?, credentials: String?) {
        self.user = user
        let mode = reader.value(SettingsTable.smtpAuth)
        switch mode {
        case AuthMode.none?:
            leave(Self.passwordKeys + Self.tokenKeys, AuthMode.none, &reader)
            if user != nil {
                reader.warn(
                    "the user in \(SettingKey.smtpURL.name) is not used: "
                        + "\(SettingKey.smtpAuth.name) is none")
            }
            self.user = nil
        case .oauth?:
            leave(Self.passwordKeys, .oauth, &reader)
            readTokens(&reader, credentials)
        case .password?, nil:
            if mode == .password { leave(Self.tokenKeys, .password, &reader) }
            readPassword(&reader, credentials, isAsked: mode == .password)
        }
    }

    private func leave(_ keys: [SettingKey], _ mode: AuthMode, _ reader: inout SettingsReader) {
        for key in keys where reader.given[key] != nil {
            reader.warn("\(key.name) is not used: \(SettingKey.smtpAuth.name) is \(mode.rawValue)")
        }
    }

    // MARK: With a password

    /// A user without a password is as wrong as a password without a user: either way mail would go
    /// to the relay without the login that somebody meant.
    ///
    /// Only a credential without a user is no more than a warning: the unit passes what lies in
    /// /etc, meant or not.
    private mutating func readPassword(
        _ reader: inout SettingsReader, _ credentials: String?, isAsked: Bool
    ) {
        password = RelaySettings.password(
            &reader, credentials: credentials, hasUser: user != nil)
        if !isAsked, let key = Self.tokenKeys.first(where: { reader.given[$0] != nil }) {
            reader.fault(key, "goes with \(SettingKey.smtpAuth.name)=oauth, which is not set")
            return
        }
        guard !reader.hasFault(of: .smtpURL, .smtpPassword, .smtpPasswordFile) else { return }
        if user != nil, password == nil, reader.needsPassword {
            reader.fault(.smtpURL, Self.missingPassword(reader, hasCredentials: credentials != nil))
        } else if user == nil, password != nil || isAsked {
            reader.fault(.smtpURL, "must name the user (smtp://user@host) that the password is for")
        }
    }

    private static func missingPassword(
        _ reader: SettingsReader, hasCredentials: Bool
    ) -> String {
        if reader.isElsewhere {
            return "names a user, so --smtp-password-file must be given too: "
                + "the configured password does not go to another relay"
        }
        let problem =
            "names a user, so a password must be given: in \(SettingKey.smtpPassword.name), "
            + "\(SettingKey.smtpPasswordFile.name), or the systemd credential smtp-password"
        guard hasCredentials else { return problem }
        let file = RelaySettings.credentialFile
        return problem
            + "; the unit passes what stands in \(file): \(RelaySettings.writeIt(file))"
    }

    // MARK: With a token

    private mutating func readTokens(_ reader: inout SettingsReader, _ credentials: String?) {
        if user == nil, !reader.hasFault(of: .smtpURL) {
            reader.fault(.smtpURL, "must name the user (smtp://user@host) that the token is for")
        }
        let clientKey = Self.clientKeys.first { reader.given[$0] != nil }
        if reader.given[.smtpTokenFile] != nil, let clientKey {
            reader.fault(
                .smtpTokenFile,
                "must not be set together with \(clientKey.name): "
                    + "a token is read from a file, or fetched")
        } else if let file = reader.text(.smtpTokenFile) {
            readTokenFile(file, &reader)
        } else if clientKey != nil {
            readClient(&reader)
        } else if !reader.hasFault(of: .smtpTokenFile) {
            readTokenCredential(&reader, credentials)
        }
    }

    private mutating func readTokenFile(_ path: String, _ reader: inout SettingsReader) {
        tokens = .file(path)
        reader.depends(on: path)
        guard reader.needsPassword else { return }
        do throws(BoundedFile.Failure) {
            _ = try SecretFile.readToken(path)
        } catch {
            reader.fileFault(.smtpTokenFile, path, error)
        }
    }

    /// All of what is missing at once.
    private mutating func readClient(_ reader: inout SettingsReader) {
        let needed: [SettingKey] = [.oauthTokenURL, .oauthClientID, .oauthClientSecretFile]
        for key in needed where reader.given[key] == nil {
            reader.fault(key, "must be set, since outboxd is to fetch tokens itself")
        }
        let url = Self.url(&reader)
        let id = reader.text(.oauthClientID)
        let scope = reader.text(.oauthScope)
        let file = reader.text(.oauthClientSecretFile)
        if let file, reader.needsPassword {
            reader.depends(on: file)
            do throws(BoundedFile.Failure) {
                _ = try SecretFile.read(file, limit: SecretFile.secretLimit)
            } catch {
                reader.fileFault(.oauthClientSecretFile, file, error)
            }
        }
        guard let url, let id, let file else { return }
        tokens = .client(OAuthClient(url: url, id: id, secretFile: file, scope: scope))
    }

    private static func url(_ reader: inout SettingsReader) -> TokenURL? {
        guard let text = reader.text(.oauthTokenURL) else { return nil }
        do throws(TokenURL.Refusal) {
            return try TokenURL.parse(text)
        } catch {
            reader.fault(.oauthTokenURL, error.problem)
            return nil
        }
    }

    private mutating func readTokenCredential(
        _ reader: inout SettingsReader, _ credentials: String?
    ) {
        guard reader.needsPassword else { return }
        var isMissing = true
        if let credentials {
            let path = "\(credentials)/\(Self.tokenCredential)"
            reader.depends(on: path)
            do throws(BoundedFile.Failure) {
                _ = try SecretFile.readToken(path)
                tokens = .file(path)
                return
            } catch {
                isMissing = error.code == ENOENT
                if !isMissing {
                    reader.fault(
                        .smtpTokenFile,
                        "the systemd credential \(Self.tokenCredential) \(error.text)")
                }
            }
        }
        guard isMissing else { return }
        reader.fault(
            .smtpAuth,
            "needs a token: in the file that \(SettingKey.smtpTokenFile.name) names, in the systemd "
                + "credential \(Self.tokenCredential), or fetched with "
                + "\(SettingKey.oauthTokenURL.name) and its client")
    }
}

extension SettingsReader {
    /// A flag names another relay, this once.
    var isElsewhere: Bool { given[.smtpURL].map(\.isFlag) ?? false }
}
