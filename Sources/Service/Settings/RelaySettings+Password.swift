internal import Delivery
import Glibc

extension RelaySettings {
    private static let passwordLimit = 4_096
    private static let credentialName = "smtp-password"

    /// The password: from ``SettingKey/smtpPassword``, the file that ``SettingKey/smtpPasswordFile``
    /// names, or the systemd credential `smtp-password`.
    ///
    /// It belongs to the relay it is configured for. Where a flag names another relay, this once,
    /// only a password that a flag names goes there.
    static func password(
        _ reader: inout SettingsReader, credentials: String?, hasUser: Bool
    ) -> Secret? {
        let isElsewhere = reader.given[.smtpURL].map(\.isFlag) ?? false
        if reader.given[.smtpPassword] != nil, let file = reader.given[.smtpPasswordFile],
            !(isElsewhere && file.isFlag)
        {
            reader.fault(
                .smtpPasswordFile, "must not be set together with \(SettingKey.smtpPassword.name)")
            return nil
        }
        if isElsewhere, !(reader.given[.smtpPasswordFile].map(\.isFlag) ?? false) { return nil }
        if !isElsewhere, let given = reader.given[.smtpPassword] {
            return check(Array(given.text.utf8), .smtpPassword, &reader)
        }
        guard reader.needsPassword else { return nil }
        if let file = reader.text(.smtpPasswordFile) { return readPasswordFile(file, &reader) }
        guard !isElsewhere, let credentials else { return nil }
        return readCredential(in: credentials, hasUser: hasUser, &reader)
    }

    private static func readPasswordFile(_ path: String, _ reader: inout SettingsReader) -> Secret?
    {
        reader.depends(on: path)
        do throws(BoundedFile.Failure) {
            let bytes = withoutLineEnd(try BoundedFile.read(path, limit: passwordLimit))
            return check(bytes, .smtpPasswordFile, &reader)
        } catch {
            reader.fileFault(.smtpPasswordFile, path, error)
            return nil
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
            let bytes = withoutLineEnd(try BoundedFile.read(path, limit: passwordLimit))
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
        let isOneLine = !bytes.contains { $0 == 0 || $0 == 0x0A || $0 == 0x0D }
        guard !bytes.isEmpty, bytes.count <= passwordLimit, isOneLine,
            let text = String(validating: bytes, as: UTF8.self)
        else {
            reader.fault(
                key, "the password must be one line of UTF-8 text, of 1 to \(passwordLimit) bytes")
            return nil
        }
        return Secret(text)
    }

    /// Editors and `echo` end a file with one line end.
    private static func withoutLineEnd(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.last == 0x0A else { return bytes }
        let text = bytes.dropLast()
        return Array(text.last == 0x0D ? text.dropLast() : text)
    }
}

extension GivenSetting {
    fileprivate var isFlag: Bool {
        if case .flag = origin { true } else { false }
    }
}
