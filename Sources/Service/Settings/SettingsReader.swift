import Delivery

/// A setting's value as it was given, and where.
struct GivenSetting: Sendable {
    var text: String
    var origin: SettingOrigin
}

/// Turns given texts into values and collects what is wrong with them.
///
/// A faulty value is replaced by the default, so that reading goes on and all faults are found.
struct SettingsReader {
    let given: [SettingKey: GivenSetting]
    /// Otherwise a password that lies in a file is not looked for.
    let needsPassword: Bool
    private(set) var faults: [SettingsFault] = []
    private(set) var warnings: [String] = []

    init(given: [SettingKey: GivenSetting], needsPassword: Bool) {
        self.given = given
        self.needsPassword = needsPassword
    }

    /// Notes a fault of a key whose value may be shown unless it is a secret.
    mutating func fault(_ key: SettingKey, showingValue: Bool = true, _ problem: String) {
        let value = given[key]
        var text = problem
        if let value, value.origin == .environment, showingValue, Self.isQuoted(value.text) {
            text += " (the quotes are part of the value: `docker --env-file` keeps them)"
        }
        faults.append(
            SettingsFault(
                key: key.name, value: showingValue && !key.isSecret ? value?.text : nil,
                origin: value?.origin, problem: text))
    }

    /// Notes what should be said but stops nobody; one line.
    mutating func warn(_ text: String) {
        warnings.append(text)
    }

    /// The value of a key; `parse` says nil to what is not allowed.
    mutating func value<T>(
        _ key: SettingKey, default standard: T, allowed: String, _ parse: (String) -> T?
    ) -> T {
        guard let text = text(key) else { return standard }
        if let value = parse(text) { return value }
        fault(key, "must be \(allowed)")
        return standard
    }

    /// The value of a key that the word `off` turns off: nil.
    mutating func optional<T>(
        _ key: SettingKey, default standard: T?, allowed: String, off: String,
        _ parse: (String) -> T?
    ) -> T? {
        guard let text = text(key) else { return standard }
        if text == off { return nil }
        if let value = parse(text) { return value }
        fault(key, "must be \(allowed)")
        return standard
    }

    /// A text without control characters and of a bearable length.
    mutating func text(_ key: SettingKey) -> String? {
        guard let text = given[key]?.text else { return nil }
        guard text.utf8.count <= 4_096 else {
            fault(key, showingValue: false, "must not be longer than 4096 bytes")
            return nil
        }
        let hasControls = text.unicodeScalars.contains { scalar in
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: true
            default: false
            }
        }
        guard !hasControls else {
            fault(
                key, showingValue: key != .smtpURL || RelayAddress.mayBeShown(text),
                "must not contain control characters or line breaks")
            return nil
        }
        return text
    }

    mutating func duration(
        _ key: SettingKey, default standard: Duration, atLeast least: Duration
    ) -> Duration {
        value(key, default: standard, allowed: Self.durations(least)) { text in
            DurationText.parse(text).flatMap { $0 >= least ? $0 : nil }
        }
    }

    /// A duration that `0` and `off` turn off: nil.
    mutating func optionalDuration(_ key: SettingKey, default standard: Duration?) -> Duration? {
        let allowed = "off, 0, or " + Self.durations(.milliseconds(1))
        let value = optional(key, default: standard, allowed: allowed, off: "off") {
            DurationText.parse($0)
        }
        return value == .zero ? nil : value
    }

    mutating func choice<T: RawRepresentable<String> & CaseIterable>(
        _ key: SettingKey, default standard: T
    ) -> T {
        let names = T.allCases.map(\.rawValue)
        let allowed = names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
        return value(key, default: standard, allowed: allowed) { T(rawValue: $0) }
    }

    private static func durations(_ least: Duration) -> String {
        "a duration such as 500ms, 60s, 5m, 1h30m or 2d, "
            + "from \(DurationText.format(least)) to \(DurationText.format(DurationText.longest))"
    }

    private static func isQuoted(_ text: String) -> Bool {
        guard let first = text.first, first == "\"" || first == "'" else { return false }
        return text.count > 1 && text.last == first
    }
}
