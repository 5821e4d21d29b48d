import Delivery
import Hosts

extension RelaySettings {
    init(
        reading reader: inout SettingsReader, default standard: RelayAddress, credentials: String?,
        hostName: String
    ) {
        let address = Self.address(&reader)
        let password = Self.password(
            &reader, credentials: credentials, hasUser: (address ?? standard).user != nil)
        let isLoopback = (address ?? standard).isLoopback
        let tls: TLS = reader.choice(.smtpTLS, default: isLoopback ? .opportunistic : .required)
        self.init(
            address: address ?? standard, password: password, tls: tls,
            caFile: reader.readableFile(.smtpCAFile, limit: 16 << 20),
            connections: reader.value(.smtpConnections, default: 4, allowed: "1 to 1000") {
                PlainNumber.parse($0, in: 1...1_000)
            },
            connectTimeout: reader.timeout(.smtpConnectTimeout, default: .seconds(30)),
            commandTimeout: reader.timeout(.smtpCommandTimeout, default: .seconds(300)),
            finalTimeout: reader.timeout(.smtpFinalTimeout, default: .seconds(600)),
            ehloName: Self.ehloName(&reader, hostName: hostName))
        // What follows from a URL that could not be read would only mislead.
        guard !reader.faults.contains(where: { $0.key == SettingKey.smtpURL.name }) else { return }
        checkLogin(&reader)
        checkTLS(&reader)
    }

    private static func address(_ reader: inout SettingsReader) -> RelayAddress? {
        guard let text = reader.text(.smtpURL) else { return nil }
        do throws(RelayAddress.Refusal) {
            return try RelayAddress.parse(text)
        } catch {
            reader.fault(.smtpURL, showingValue: RelayAddress.mayBeShown(text), error.problem)
            return nil
        }
    }

    /// A user without a password is as wrong as a password without a user: either way mail would go
    /// to the relay without the login that somebody meant.
    ///
    /// Only a credential without a user is no more than a warning: the unit passes what lies in
    /// /etc, meant or not.
    private func checkLogin(_ reader: inout SettingsReader) {
        let hasFault = reader.faults.contains { fault in
            fault.key == SettingKey.smtpPassword.name
                || fault.key == SettingKey.smtpPasswordFile.name
        }
        guard !hasFault else { return }
        if address.user != nil, password == nil, reader.needsPassword {
            var problem =
                "names a user, so a password must be given: in \(SettingKey.smtpPassword.name), "
                + "\(SettingKey.smtpPasswordFile.name), or the systemd credential smtp-password"
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

    private static func ehloName(_ reader: inout SettingsReader, hostName: String) -> String {
        let allowed =
            "a domain name in ASCII, or an address such as [192.0.2.1] or [IPv6:2001:db8::1]"
        return reader.value(.ehloName, default: HostName.greeting(for: hostName), allowed: allowed)
        {
            HostSyntax.isDomainName($0) || HostSyntax.isAddressLiteral($0) ? $0 : nil
        }
    }
}

extension SettingsReader {
    fileprivate mutating func timeout(_ key: SettingKey, default standard: Duration) -> Duration {
        duration(key, default: standard, atLeast: .milliseconds(100))
    }
}
