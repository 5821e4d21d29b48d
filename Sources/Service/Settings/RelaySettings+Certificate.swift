internal import Delivery

extension RelaySettings {
    private static let certificateLimit = 1 << 20

    /// The client certificate: its file, and its key's where that is another one.
    ///
    /// Whether they belong together libcurl finds out when it connects.
    static func clientCertificate(_ reader: inout SettingsReader) -> CertificateFiles? {
        guard let certificate = reader.text(.smtpClientCertFile) else {
            if reader.given[.smtpClientKeyFile] != nil, !reader.hasFault(of: .smtpClientCertFile) {
                reader.fault(
                    .smtpClientKeyFile,
                    "must not be set without \(SettingKey.smtpClientCertFile.name)")
            }
            return nil
        }
        let key = reader.text(.smtpClientKeyFile)
        if reader.needsPassword {
            checkPEM(&reader, .smtpClientCertFile, certificate, holdsKey: key == nil)
            if let key { checkKey(&reader, .smtpClientKeyFile, key) }
        }
        return CertificateFiles(certificate: certificate, key: key)
    }

    private static func checkPEM(
        _ reader: inout SettingsReader, _ setting: SettingKey, _ path: String, holdsKey: Bool
    ) {
        guard let text = pem(&reader, setting, path) else { return }
        guard text.contains("-----BEGIN CERTIFICATE-----") else {
            return reader.fault(setting, "must hold a certificate in PEM (-----BEGIN CERTIFICATE)")
        }
        guard holdsKey, !reader.hasFault(of: .smtpClientKeyFile) else { return }
        guard text.contains("PRIVATE KEY-----") else {
            return reader.fault(
                setting,
                "holds no key, so \(SettingKey.smtpClientKeyFile.name) must be set too")
        }
        checkOpen(&reader, setting, text)
    }

    private static func checkKey(
        _ reader: inout SettingsReader, _ setting: SettingKey, _ path: String
    ) {
        guard let text = pem(&reader, setting, path) else { return }
        guard text.contains("PRIVATE KEY-----") else {
            return reader.fault(setting, "must hold a key in PEM (-----BEGIN PRIVATE KEY)")
        }
        checkOpen(&reader, setting, text)
    }

    /// Nobody is there to type a passphrase.
    private static func checkOpen(
        _ reader: inout SettingsReader, _ setting: SettingKey, _ text: String
    ) {
        guard text.contains("ENCRYPTED") else { return }
        reader.fault(
            setting,
            "its key needs a passphrase, which outboxd can't ask for: "
                + "`openssl pkey -in KEY -out FILE` writes it without one")
    }

    private static func pem(
        _ reader: inout SettingsReader, _ setting: SettingKey, _ path: String
    ) -> String? {
        reader.depends(on: path)
        do throws(BoundedFile.Failure) {
            return String(
                decoding: try BoundedFile.read(path, limit: certificateLimit), as: UTF8.self)
        } catch {
            reader.fileFault(setting, path, error)
            return nil
        }
    }
}
