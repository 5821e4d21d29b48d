/// Forms that only one or two settings have.
extension SettingsReader {
    mutating func path(_ key: SettingKey) -> String? {
        guard let text = text(key) else { return nil }
        guard text != ":memory:" else {
            fault(key, "must be the path of a file that the API server writes to")
            return nil
        }
        return text
    }

    /// A file that is there and can be read, such as one with certificates.
    mutating func readableFile(_ key: SettingKey, limit: Int) -> String? {
        guard let text = text(key) else { return nil }
        do throws(BoundedFile.Failure) {
            _ = try BoundedFile.read(text, limit: limit)
            return text
        } catch {
            fault(key, error.text)
            return nil
        }
    }

    mutating func rate(_ key: SettingKey) -> SendRate? {
        let allowed = "unlimited, or a number from 1 to 1000000 with /s or /m, such as 50/s"
        return optional(key, default: nil, allowed: allowed, off: "unlimited") { SendRate($0) }
    }

    /// `host:port`, an IPv6 address in brackets; nil for `off`.
    mutating func listenAddress(_ key: SettingKey) -> String? {
        let allowed = "off, or host:port such as 127.0.0.1:9464"
        return optional(key, default: nil, allowed: allowed, off: "off") { text in
            // The same form as a relay's, without a user, and with the port.
            guard !text.contains("@"), text.last != "]", text.contains(":"),
                (try? RelayAddress.parse("smtp://" + text)) != nil
            else { return nil }
            return text
        }
    }
}
