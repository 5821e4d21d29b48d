import Delivery
import Hosts

extension RelaySettings {
    init(reading reader: inout SettingsReader, credentials: String?, hostName: String) {
        let table = SettingsTable.self
        var address = Self.address(&reader)
        // What follows from a URL that could not be read would only mislead.
        let isURLGood = !reader.hasFault(of: .smtpURL)
        let isElsewhere = reader.isElsewhere
        if isElsewhere { reader.keepOnlyFlags(of: RelayLogin.keys) }
        let login = RelayLogin(
            reading: &reader, user: address.user, credentials: isElsewhere ? nil : credentials)
        address.user = login.user
        let tls = reader.value(table.smtpTLS)
        self.init(
            address: address, password: login.password, tokens: login.tokens,
            clientCertificate: Self.clientCertificate(&reader),
            tls: tls ?? (address.isLoopback ? .opportunistic : .required),
            // As much as libcurl takes.
            caFile: reader.readableFile(table.smtpCAFile, limit: 8_000_000),
            connections: reader.value(table.smtpConnections),
            connectTimeout: reader.value(table.smtpConnectTimeout),
            commandTimeout: reader.value(table.smtpCommandTimeout),
            finalTimeout: reader.value(table.smtpFinalTimeout),
            ehloName: reader.value(table.ehloName) ?? HostName.greeting(for: hostName))
        if isURLGood { checkTLS(&reader) }
    }

    /// Its errors say more than what is allowed, and show no password.
    private static func address(_ reader: inout SettingsReader) -> RelayAddress {
        let standard = SettingsTable.smtpURL.standard
        guard let text = reader.text(.smtpURL) else { return standard }
        do throws(RelayAddress.Refusal) {
            return try RelayAddress.parse(text)
        } catch {
            reader.fault(.smtpURL, error.problem)
            return standard
        }
    }

    private func checkTLS(_ reader: inout SettingsReader) {
        if tls == .none, address.usesImplicitTLS {
            reader.fault(.smtpTLS, "must not be none with an smtps:// relay")
        } else if password != nil || tokens != nil, tls != .required, !address.isLoopback {
            let what = tokens == nil ? "a password" : "an access token"
            reader.fault(
                .smtpTLS,
                "must be required: \(what) goes over unverified or no TLS to a loopback relay only"
            )
        } else if tls == .none, clientCertificate != nil {
            reader.fault(
                .smtpTLS,
                "must not be none with \(SettingKey.smtpClientCertFile.name): "
                    + "a certificate is shown within TLS")
        }
    }
}
