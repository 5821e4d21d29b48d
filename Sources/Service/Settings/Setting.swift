/// One setting, defined once: its key, its default, what help says of it, and how its text becomes a
/// value.
///
/// A setting that may be left out without a default has an optional value, and nil for the default.
struct Setting<Value: Sendable>: Sendable {
    let key: SettingKey
    /// The value if nothing is given.
    let standard: Value
    let form: SettingForm<Value>
    let entry: SettingEntry

    /// - Parameter placeholder: what stands for the value in the help text.
    /// - Parameter shown: the default as help and documentation write it; empty if there is none.
    init(
        _ key: SettingKey, _ placeholder: String, _ standard: Value, shown: String,
        _ summary: String, _ form: SettingForm<Value>
    ) {
        self.key = key
        self.standard = standard
        self.form = form
        entry = SettingEntry(
            key: key, placeholder: placeholder, standard: shown, summary: summary, words: form.words
        )
    }
}

// The default is written once: as help shows it, it is made of the value.

extension Setting where Value == String {
    init(
        _ key: SettingKey, _ placeholder: String, _ standard: String, _ summary: String,
        _ form: SettingForm<String>
    ) {
        self.init(key, placeholder, standard, shown: standard, summary, form)
    }
}

extension Setting where Value == Int {
    init(
        _ key: SettingKey, _ standard: Int, in range: ClosedRange<Int>, _ summary: String
    ) {
        self.init(
            key, "N", standard, shown: "\(standard)",
            "\(summary), \(range.lowerBound) to \(range.upperBound)", .count(range))
    }
}

extension Setting where Value: RawRepresentable<String> & CaseIterable {
    init(_ key: SettingKey, _ placeholder: String, _ standard: Value, _ summary: String) {
        self.init(key, placeholder, standard, shown: standard.rawValue, summary, .word)
    }
}

extension Setting where Value == Duration? {
    /// One that `0` and `off` turn off.
    init(_ key: SettingKey, orOff standard: Duration?, _ summary: String) {
        self.init(
            key, "TIME", standard, shown: standard.map(DurationText.format) ?? "off", summary,
            .durationOrOff)
    }
}

extension Setting where Value == Duration {
    init(
        _ key: SettingKey, _ standard: Duration, atLeast least: Duration, _ summary: String
    ) {
        self.init(
            key, "TIME", standard, shown: DurationText.format(standard), summary,
            .duration(atLeast: least))
    }
}

/// What help and documentation say of a setting.
package struct SettingEntry: Sendable {
    package let key: SettingKey
    /// What stands for the value in the help text.
    package let placeholder: String
    /// The default as Settings.md writes it; empty if there is none.
    package let standard: String
    package let summary: String
    /// All that the value may be, where that is a closed list.
    package let words: [String]
}
