import Delivery

/// A setting's value as it was given, and where.
struct GivenSetting: Sendable {
    var text: String
    var origin: SettingOrigin

    var isFlag: Bool {
        if case .flag = origin { true } else { false }
    }
}

/// Turns given texts into values and collects what is wrong with them.
///
/// A faulty value is replaced by the default, so that reading goes on and all faults are found.
struct SettingsReader {
    private(set) var given: [SettingKey: GivenSetting]
    /// Otherwise a password that lies in a file is not looked for.
    let needsPassword: Bool
    private(set) var faults: [SettingsFault] = []
    private(set) var warnings: [String] = []
    /// Files whose content was read, or could not be.
    private(set) var files = FileWatch()

    init(given: [SettingKey: GivenSetting], needsPassword: Bool) {
        self.given = given
        self.needsPassword = needsPassword
    }

    /// Notes a fault of a key, with its value unless that is a secret or could hold one.
    mutating func fault(_ key: SettingKey, showingValue: Bool = true, _ problem: String) {
        let value = given[key]
        let showingValue = showingValue && value.map { key.mayShow($0.text) } ?? true
        var text = problem
        if let value, value.origin == .environment, showingValue, Self.isQuoted(value.text) {
            text += " (the quotes are part of the value: `docker --env-file` keeps them)"
        }
        faults.append(
            SettingsFault(
                key: key.name, value: showingValue ? value.map { Self.shown($0.text) } : nil,
                origin: value?.origin, problem: text))
    }

    /// Where a file's lines end with CR alone, a value holds what follows it: other settings, and their secrets.
    private static func shown(_ text: String) -> String {
        let line = text.prefix { !$0.isNewline }
        return text.dropFirst(line.count).contains("=") ? "\(line)…" : text
    }

    /// Forgets the keys' values but for those that flags gave.
    mutating func keepOnlyFlags(of keys: Set<SettingKey>) {
        given = given.filter { key, value in !keys.contains(key) || value.isFlag }
    }

    /// Whether one of the keys is wrong already.
    func hasFault(of keys: SettingKey...) -> Bool {
        faults.contains { fault in keys.contains { $0.name == fault.key } }
    }

    /// Notes that a value depends on what stands in a file, before that is read.
    mutating func depends(on path: String) {
        files.add(FilePath.absolute(path))
    }

    /// Notes what should be said but stops nobody; one line.
    mutating func warn(_ text: String) {
        warnings.append(text)
    }

    /// The value that was given, or the default.
    mutating func value<T>(_ setting: Setting<T>) -> T {
        guard let text = text(setting.key) else { return setting.standard }
        if let value = setting.form.parse(text) { return value }
        fault(setting.key, "must be \(setting.form.allowed)")
        return setting.standard
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
            fault(key, "must not contain control characters or line breaks")
            return nil
        }
        return text
    }

    private static func isQuoted(_ text: String) -> Bool {
        guard let first = text.first, first == "\"" || first == "'" else { return false }
        return text.count > 1 && text.last == first
    }
}
