/// Files that settings name.
extension SettingsReader {
    /// A file that is there and can be read, such as one with certificates.
    mutating func readableFile(_ setting: Setting<String?>, limit: Int) -> String? {
        guard let text = value(setting) else { return nil }
        do throws(BoundedFile.Failure) {
            _ = try BoundedFile.read(text, limit: limit)
            return text
        } catch {
            fault(setting.key, error.text)
            return nil
        }
    }
}
