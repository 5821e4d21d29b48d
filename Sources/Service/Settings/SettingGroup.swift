/// A part of the settings' table, as the annotated file has it.
enum SettingGroup: CaseIterable {
    case database, relay, mails, service

    var title: String {
        switch self {
        case .database: "The database"
        case .relay: "The relay"
        case .mails: "Mails"
        case .service: "The service"
        }
    }

    /// What begins with these keys goes on to the next group, in the table's order.
    private var first: SettingKey {
        switch self {
        case .database: .database
        case .relay: .smtpURL
        case .mails: .from
        case .service: .stopTimeout
        }
    }

    var entries: [SettingEntry] {
        let starts = Self.allCases.map(\.first)
        var group = SettingGroup.database
        return SettingKey.table.filter { entry in
            if let index = starts.firstIndex(of: entry.key) { group = Self.allCases[index] }
            return group == self
        }
    }
}
