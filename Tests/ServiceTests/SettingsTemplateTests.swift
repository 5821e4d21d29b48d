import Testing

@testable import Service

struct SettingsTemplateTests {
    private static func load(_ text: String) throws -> Settings {
        let file = SettingsFile(path: "outboxd.env", bytes: Array(text.utf8))
        let sources = SettingsSources(environment: [:], file: file, flags: [:])
        let loaded = try Settings.load(sources, environment: [:], context: .init(), checks: [:])
        #expect(loaded.warnings.isEmpty)
        return loaded.settings
    }

    private static let lines = SettingsTemplate().text.split(
        separator: "\n", omittingEmptySubsequences: false)

    /// Key and value of a line, commented out or not.
    private static let settings: [(key: String, value: String)] = lines.compactMap { line in
        let line = line.hasPrefix("#OUTBOXD_") ? line.dropFirst() : line
        guard line.hasPrefix("OUTBOXD_"), let equals = line.firstIndex(of: "=") else { return nil }
        return (String(line[..<equals]), String(line[line.index(after: equals)...]))
    }

    @Test func `Every setting stands in it once, under its default`() {
        #expect(Set(Self.settings.map(\.key)) == Set(SettingKey.allCases.map(\.name)))
        #expect(Self.settings.count == SettingKey.allCases.count)
        for entry in SettingKey.table where entry.key != .from {
            let value = Self.settings.first { $0.key == entry.key.name }?.value
            let isInWords = entry.standard.contains(" ")
            #expect(value == (isInWords ? "" : entry.standard))
            let text = SettingsTemplate().text.replacing("\n# ", with: " ")
            #expect(text.contains(entry.summary), "\(entry.key.name)")
            if isInWords { #expect(text.contains("Default: \(entry.standard)")) }
        }
    }

    @Test func `It is valid as it is, and changes nothing`() throws {
        #expect(try Self.load(SettingsTemplate().text) == Self.load(""))
    }

    @Test func `It is valid with every line uncommented`() throws {
        let all = Self.settings.map { "\($0.key)=\($0.value)\n" }.joined()
        var settings = try Self.load(all)
        #expect(settings.from == "Acme Support <support@acme.example>")
        settings.from = nil
        #expect(try settings == Self.load(""))
    }

    @Test func `What has to be set first comes first, and the groups follow`() throws {
        #expect(
            Self.settings.prefix(3).map(\.key)
                == ["OUTBOXD_DATABASE", "OUTBOXD_SMTP_URL", "OUTBOXD_FROM"])
        #expect(Self.lines.filter { $0.hasPrefix("OUTBOXD_") }.count == 2)
        let titles = Self.lines.filter { $0.hasPrefix("# ---- ") }
        #expect(titles.count == 5)
        #expect(SettingGroup.allCases.flatMap(\.entries).count == SettingKey.allCases.count)
        for line in Self.lines { #expect(line.count <= 100 && !line.hasSuffix(" "), "\(line)") }
    }
}
