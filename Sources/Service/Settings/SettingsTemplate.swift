/// A settings file that explains itself: every setting with its default, commented out but for those that
/// somebody has to look at first.
///
/// It stays valid if a line is uncommented, or all of them.
package struct SettingsTemplate {
    /// Values that stand in it in place of the defaults.
    private let given: [SettingKey: String]

    /// - Parameter given: texts without line breaks.
    package init(given: [SettingKey: String] = [:]) {
        self.given = given
    }

    /// What differs from one installation to the next.
    private static let first: [SettingKey] = [.database, .smtpURL, .from]
    private static let width = 96

    package var text: String {
        """
        # Settings of outboxd, written by `outboxd init`: KEY=value, one a line.
        # The same file serves `--config`, systemd's EnvironmentFile= and `docker run --env-file`. So there
        # are no quotes round values (Docker would keep them) and no comments behind them. What is
        # commented out shows the default. The environment and flags beat this file.


        """
            + block(
                "To be set first",
                Self.first.compactMap { key in
                    SettingKey.table.first { $0.key == key }
                }.map(firstEntry))
            + SettingGroup.allCases.map { group in
                let entries = group.entries.filter { !Self.first.contains($0.key) }
                return entries.isEmpty ? "" : block(group.title, entries.map(entry))
            }.joined()
    }

    private func block(_ title: String, _ entries: [String]) -> String {
        "# ---- \(title) ----\n\n" + entries.map { $0 + "\n" }.joined()
    }

    private func firstEntry(_ entry: SettingEntry) -> String {
        let value = given[entry.key] ?? entry.standard
        return switch entry.key {
        case .database:
            comment(
                """
                \(entry.summary); the API server's. A relative path is looked up where outboxd is \
                started: better an absolute one.
                """) + "\(entry.key.name)=\(value)\n"
        case .from where given[.from] == nil:
            comment("\(entry.summary). Put yours here, and take the # away:")
                + "#\(entry.key.name)=Acme Support <support@acme.example>\n"
        default: comment(entry.summary) + "\(entry.key.name)=\(value)\n"
        }
    }

    private func entry(_ entry: SettingEntry) -> String {
        if let value = given[entry.key] {
            return comment(entry.summary) + "\(entry.key.name)=\(value)\n"
        }
        // A default in words (`host name`) is no value.
        let isValue = !entry.standard.contains(" ")
        let note = isValue ? "" : ". Default: \(entry.standard)"
        return comment(entry.summary + note)
            + "#\(entry.key.name)=\(isValue ? entry.standard : "")\n"
    }

    private func comment(_ text: String) -> String {
        var lines = [""]
        for word in text.split(separator: " ") {
            let last = lines[lines.count - 1]
            if last.count + word.count > Self.width { lines.append("") }
            lines[lines.count - 1] += " " + word
        }
        return lines.map { "#\($0)\n" }.joined()
    }
}
