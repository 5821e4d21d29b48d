import Delivery
import Hosts

extension RelaySettings {
    init(reading reader: inout SettingsReader, credentials: String?, hostName: String) {
        let table = SettingsTable.self
        let address = Self.address(&reader)
        let password = Self.password(
            &reader, credentials: credentials, hasUser: address.user != nil)
        let tls = reader.value(table.smtpTLS)
        self.init(
            address: address, password: password,
            tls: tls ?? (address.isLoopback ? .opportunistic : .required),
            caFile: reader.readableFile(table.smtpCAFile, limit: 16 << 20),
            connections: reader.value(table.smtpConnections),
            connectTimeout: reader.value(table.smtpConnectTimeout),
            commandTimeout: reader.value(table.smtpCommandTimeout),
            finalTimeout: reader.value(table.smtpFinalTimeout),
            ehloName: reader.value(table.ehloName) ?? HostName.greeting(for: hostName))
        // What follows from a URL that could not be read would only mislead.
        guard !reader.faults.contains(where: { $0.key == SettingKey.smtpURL.name }) else { return }
        checkLogin(&reader, hasCredentials: credentials != nil)
        checkTLS(&reader)
    }

    /// Its errors say more than what is allowed, and show no password.
    private static func address(_ reader: inout SettingsReader) -> RelayAddress {
        let standard = SettingsTable.smtpURL.standard
        guard let text = reader.text(.smtpURL) else { return standard }
        do throws(RelayAddress.Refusal) {
            return try RelayAddress.parse(text)
        } catch {
            reader.fault(.smtpURL, showingValue: RelayAddress.mayBeShown(text), error.problem)
            return standard
        }
    }

    /// A user without a password is as wrong as a password without a user: either way mail would go
    /// to the relay without the login that somebody meant.
    ///
    /// Only a credential without a user is no more than a warning: the unit passes what lies in
    /// /etc, meant or not.
    private func checkLogin(_ reader: inout SettingsReader, hasCredentials: Bool) {
        let hasFault = reader.faults.contains { fault in
            fault.key == SettingKey.smtpPassword.name
                || fault.key == SettingKey.smtpPasswordFile.name
        }
        guard !hasFault else { return }
        if address.user != nil, password == nil, reader.needsPassword {
            var problem =
                "names a user, so a password must be given: in \(SettingKey.smtpPassword.name), "
                + "\(SettingKey.smtpPasswordFile.name), or the systemd credential smtp-password"
            if hasCredentials {
                problem +=
                    "; the unit passes what stands in \(Self.credentialFile): \(Self.writeIt(Self.credentialFile))"
            }
            if case .flag = reader.given[.smtpURL]?.origin {
                problem =
                    "names a user, so --smtp-password-file must be given too: "
                    + "the configured password does not go to another relay"
            }
            reader.fault(.smtpURL, problem)
        }
        if address.user == nil, password != nil {
            reader.fault(.smtpURL, "must name the user (smtp://user@host) that the password is for")
        }
    }

    private func checkTLS(_ reader: inout SettingsReader) {
        if tls == .none, address.usesImplicitTLS {
            reader.fault(.smtpTLS, "must not be none with an smtps:// relay")
        } else if password != nil, tls != .required, !address.isLoopback {
            reader.fault(
                .smtpTLS,
                "must be required: a password goes over unverified or no TLS to a loopback relay only"
            )
        }
    }
}
