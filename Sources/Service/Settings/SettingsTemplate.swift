/// A settings file that explains itself: every setting with its default, commented out but for those that
/// somebody has to look at first.
///
/// It stays valid if a line is uncommented, or all of them.
package enum SettingsTemplate {
    /// What differs from one installation to the next.
    private static let first: [SettingKey] = [.database, .smtpURL, .from]
    private static let width = 96

    package static var text: String {
        """
        # Settings of outboxd, written by `outboxd init`: KEY=value, one a line.
        # The same file serves `--config`, systemd's EnvironmentFile= and `docker run --env-file`. So there
        # are no quotes round values (Docker would keep them) and no comments behind them. What is
        # commented out shows the default. The environment and flags beat this file.


        """
            + block(
                "To be set first",
                first.compactMap { key in
                    SettingKey.table.first { $0.key == key }
                }.map(firstEntry))
            + SettingGroup.allCases.map { group in
                let entries = group.entries.filter { !first.contains($0.key) }
                return entries.isEmpty ? "" : block(group.title, entries.map(entry))
            }.joined()
    }

    private static func block(_ title: String, _ entries: [String]) -> String {
        "# ---- \(title) ----\n\n" + entries.map { $0 + "\n" }.joined()
    }

    private static func firstEntry(_ entry: SettingEntry) -> String {
        switch entry.key {
        case .database:
            comment(
                """
                \(entry.summary); the API server's. A relative path is looked up where outboxd is \
                started: better an absolute one.
                """) + "\(entry.key.name)=\(entry.standard)\n"
        case .from:
            comment("\(entry.summary). Put yours here, and take the # away:")
                + "#\(entry.key.name)=Acme Support <support@acme.example>\n"
        default: comment(entry.summary) + "\(entry.key.name)=\(entry.standard)\n"
        }
    }

    private static func entry(_ entry: SettingEntry) -> String {
        // A default in words (`host name`) is no value.
        let isValue = !entry.standard.contains(" ")
        let note = isValue ? "" : ". Default: \(entry.standard)"
        return comment(entry.summary + note)
            + "#\(entry.key.name)=\(isValue ? entry.standard : "")\n"
    }

    private static func comment(_ text: String) -> String {
        var lines = [""]
        for word in text.split(separator: " ") {
            let last = lines[lines.count - 1]
            if last.count + word.count > width { lines.append("") }
            lines[lines.count - 1] += " " + word
        }
        return lines.map { "#\($0)\n" }.joined()
    }
}
