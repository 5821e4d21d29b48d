/// Brings flags, environment and file together: for each key the value that counts.
struct SettingsSources {
    private(set) var given: [SettingKey: GivenSetting] = [:]
    private(set) var faults: [SettingsFault] = []
    private(set) var warnings: [String] = []
    /// Keys that stand in the environment with the very value that the file gives them.
    private(set) var inFileToo: Set<String> = []
    /// There is no file, or nothing in it.
    private(set) var isFileBlank = true

    /// The file gives at least one value that counts, or that the environment repeats.
    var hasFileSettings: Bool {
        !inFileToo.isEmpty
            || given.values.contains { if case .file = $0.origin { true } else { false } }
    }

    init(environment: [String: String], file: SettingsFile?, flags: [SettingKey: String]) {
        // From the weakest to the strongest: the later overwrites.
        if let file { take(file) }
        take(environment)
        for (key, text) in flags where !text.isEmpty {
            given[key] = GivenSetting(text: text, origin: .flag("--\(key.flag ?? key.name)"))
        }
    }

    /// Forgets all other keys, and what is wrong with them; what is wrong with the file itself stays, and
    /// a word that one of these keys was meant with: `OUTBOXD_DATABSE` would lead to another database.
    mutating func keepOnly(_ keys: Set<SettingKey>) {
        given = given.filter { keys.contains($0.key) }
        let names = keys.map(\.name)
        // Without what they all begin with.
        func isMeant(_ name: String) -> Bool {
            let words = names.map { String($0.dropFirst(SettingKey.prefix.count)) }
            let word = String(name.dropFirst(SettingKey.prefix.count))
            return Spelling.nearest(to: word, among: words) != nil
        }
        faults = faults.filter { fault in
            fault.key.map { name in
                names.contains(name)
                    || !SettingKey.allCases.contains { $0.name == name } && isMeant(name)
            } ?? true
        }
        warnings = []
    }

    /// Whoever works with a database of their own needs nothing of the service's settings, which they may
    /// not read: that is a warning then.
    mutating func doWithoutFile() {
        guard given[.database] != nil else { return }
        warnings += faults.filter { $0.key == nil }.map { "\($0); going on without it" }
        faults.removeAll { $0.key == nil }
    }

    private mutating func take(_ file: SettingsFile) {
        isFileBlank = file.isBlank
        faults += file.faults
        var seen: [SettingKey: SettingOrigin] = [:]
        for line in file.lines {
            let origin = SettingOrigin.file(file.path, line: line.number)
            guard let key = SettingKey(rawValue: line.key) else {
                // Not the value: the key may be a password's, mistyped.
                faults.append(
                    SettingsFault(key: line.key, origin: origin, problem: Self.unknown(line.key)))
                continue
            }
            if let before = seen.updateValue(origin, forKey: key) {
                warnings.append("\(key.name) is set twice: \(before) is overridden by \(origin)")
            }
            // As systemd and Docker do: the last one counts, even an empty one.
            given[key] = line.value.isEmpty ? nil : GivenSetting(text: line.value, origin: origin)
        }
    }

    private mutating func take(_ environment: [String: String]) {
        for (name, text) in environment.sorted(by: { $0.key < $1.key })
        where name.hasPrefix(SettingKey.prefix) {
            guard let key = SettingKey(rawValue: name) else {
                // Only a warning: Kubernetes injects such names for a service called outboxd.
                warnings.append("\(Escaping.printable(name)) (environment): \(Self.unknown(name))")
                continue
            }
            guard !text.isEmpty else { continue }
            if case .file? = given[key]?.origin, given[key]?.text == text { inFileToo.insert(name) }
            given[key] = GivenSetting(text: text, origin: .environment)
        }
    }

    private static func unknown(_ name: String) -> String {
        let known = SettingKey.allCases.map(\.name)
        // The prefix is not spelled wrong: only the rest is compared.
        let rest = String(name.dropFirst(SettingKey.prefix.count))
        let near = Spelling.nearest(
            to: rest, among: known.map { String($0.dropFirst(SettingKey.prefix.count)) })
        guard let near else { return "unknown setting; `outboxd run --help` lists those there are" }
        return "unknown setting; did you mean \(SettingKey.prefix)\(near)?"
    }
}
