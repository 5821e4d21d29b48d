/// Files that settings name.
extension SettingsReader {
    /// A file that is there and can be read, such as one with certificates.
    mutating func readableFile(_ setting: Setting<String?>, limit: Int) -> String? {
        guard let text = value(setting) else { return nil }
        depends(on: text)
        do throws(BoundedFile.Failure) {
            _ = try BoundedFile.read(text, limit: limit)
            return text
        } catch {
            fileFault(setting.key, text, error)
            return nil
        }
    }

    /// In the file that every command reads, wherever it is started, a path must lead to one place.
    mutating func checkPlace(of key: SettingKey, standardFile: String?) {
        guard let value = given[key], case .file(let path, _) = value.origin,
            path == standardFile, !value.text.hasPrefix("/")
        else { return }
        fault(
            key,
            "must be absolute in this file: each command would look in the directory that it is started in"
        )
    }

    /// Notes that the file which a setting names can't be used; a relative path is told absolute too.
    mutating func fileFault(
        _ key: SettingKey, _ path: String, _ error: BoundedFile.Failure, advice: String = ""
    ) {
        let absolute = FilePath.absolute(path)
        let place = absolute == path ? "" : " (\(Escaping.printable(absolute)))"
        fault(key, error.text + place + advice)
    }
}
