internal import Delivery
import Glibc

extension RelaySettings {
    private static let passwordLimit = SecretFile.secretLimit
    private static let credentialName = "smtp-password"
    /// Where the unit takes it from.
    static let credentialFile = "/etc/outboxd/smtp-password"

    /// The command that makes such a file as only root can read.
    static func writeIt(_ path: String) -> String {
        "`install -m 0600 /dev/stdin \(path)` as root, and type it"
    }

    /// The password: from ``SettingKey/smtpPassword``, the file that ``SettingKey/smtpPasswordFile``
    /// names, or the systemd credential `smtp-password`, which beats the file.
    static func password(
        _ reader: inout SettingsReader, credentials: String?, hasUser: Bool
    ) -> Secret? {
        if reader.given[.smtpPassword] != nil, reader.given[.smtpPasswordFile] != nil {
            reader.fault(
                .smtpPasswordFile, "must not be set together with \(SettingKey.smtpPassword.name)")
            return nil
        }
        if let given = reader.given[.smtpPassword] {
            return check(Array(given.text.utf8), .smtpPassword, &reader)
        }
        guard reader.needsPassword else { return nil }
        let isNamedHere = reader.given[.smtpPasswordFile].map(\.isFlag) ?? false
        if !isNamedHere, let credentials,
            let password = readCredential(in: credentials, hasUser: hasUser, &reader)
        {
            // The service need not be able to read the file, which is for root's commands.
            return password
        }
        if reader.hasFault(of: .smtpPassword) { return nil }
        return reader.text(.smtpPasswordFile).flatMap { readPasswordFile($0, &reader) }
    }

    private static func readPasswordFile(_ path: String, _ reader: inout SettingsReader) -> Secret?
    {
        reader.depends(on: path)
        do throws(BoundedFile.Failure) {
            let bytes = try BoundedFile.read(path, limit: passwordLimit)
            return check(SecretFile.withoutLineEnd(bytes), .smtpPasswordFile, &reader)
        } catch {
            reader.fileFault(.smtpPasswordFile, path, error, advice: advice(path, error.code))
            return nil
        }
    }

    private static func advice(_ path: String, _ code: Int32) -> String {
        switch code {
        case ENOENT: return "; \(writeIt(FilePath.absolute(path)))"
        case EACCES:
            let owner = FileOwnership(of: path).map { " (\($0))" } ?? ""
            return "\(owner); it is for root's commands, the service is passed a credential"
        default: return ""
        }
    }

    /// A credential that is missing or empty is no password: the unit may name one that an
    /// administrator has not set.
    private static func readCredential(
        in directory: String, hasUser: Bool, _ reader: inout SettingsReader
    ) -> Secret? {
        let path = "\(directory)/\(credentialName)"
        reader.depends(on: path)
        do throws(BoundedFile.Failure) {
            let bytes = SecretFile.withoutLineEnd(try BoundedFile.read(path, limit: passwordLimit))
            guard !bytes.isEmpty else { return nil }
            guard hasUser else {
                reader.warn(
                    "the systemd credential \(credentialName) is not used: "
                        + "\(SettingKey.smtpURL.name) names no user (smtp://user@host)")
                return nil
            }
            return check(bytes, .smtpPassword, &reader)
        } catch  where error.code == ENOENT {
            return nil
        } catch {
            reader.fault(.smtpPassword, "the systemd credential \(credentialName) \(error.text)")
            return nil
        }
    }

    private static func check(
        _ bytes: [UInt8], _ key: SettingKey, _ reader: inout SettingsReader
    ) -> Secret? {
        if let secret = SecretFile.secret(bytes, limit: passwordLimit) { return secret }
        reader.fault(key, "the password must be \(SecretFile.form(passwordLimit))")
        return nil
    }
}
