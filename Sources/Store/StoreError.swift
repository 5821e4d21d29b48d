package import SQLite

/// Why the database can't be worked with, each with what to do about it.
package enum StoreError: Error, Sendable, CustomStringConvertible {
    case missing(path: String)
    case noDirectory(path: String, directory: String)
    /// There may be one: something on the way to it is in the way.
    case outOfReach(path: String, reason: String)
    case unreadable(path: String, cause: SQLiteError)
    case notMigrated(path: String)
    case outdated(found: Int, path: String)
    case tooNew(found: Int)
    /// Processes of an edition that would go on with tables it does not know.
    case inUse(processes: Int)
    case missingColumns(table: String, columns: [String])
    case outboxIsView
    /// A row may get the id of one that was deleted, and the other's mail.
    case outboxReusesIDs
    /// Another file stands where the one that was opened stood.
    case replaced
    /// The log's file or its index is gone or another, and with it what was written last.
    case logReplaced(path: String)
    /// The file is the one that was opened, and what stands in it is an older state.
    case restored

    package var description: String {
        switch self {
        case .missing(let path):
            "there is no database at \(path); set OUTBOXD_DATABASE, or make it with `outboxd migrate`"
        case .noDirectory(let path, let directory):
            "there is no database at \(path), nor a directory \(directory); set OUTBOXD_DATABASE, or "
                + "make the directory and then the database with `outboxd migrate`"
        case .outOfReach(let path, let reason):
            "the database \(path) can't be reached: \(reason)"
        case .unreadable(let path, let cause):
            "the database \(path) can't be used: \(cause.message) (SQLite \(cause.code))"
                + (cause.remedy.isEmpty ? "; start outboxd again" : cause.remedy)
        case .notMigrated(let path):
            "the database \(path) lacks outboxd's tables; run `outboxd migrate`"
        case .outdated(let found, let path):
            "the tables in \(path) are those of step \(found), this outboxd needs step "
                + "\(Migration.newest); run `outboxd migrate`"
        case .tooNew(let found):
            "the tables are those of a newer outboxd (step \(found), this one knows "
                + "\(Migration.newest)); run the newer outboxd"
        case .inUse(let processes):
            "\(processes == 1 ? "an older outboxd works" : "\(processes) older outboxd work") on the database "
                + "and would not notice that its tables change; nothing is changed: stop "
                + "\(processes == 1 ? "it" : "them"), then run `outboxd migrate` again"
        case .missingColumns(let table, let columns):
            "the table \(table) lacks \(columns.joined(separator: ", ")); add what "
                + "`outboxd schema` shows"
        case .outboxIsView:
            "outbox is a view; outboxd needs a table (the other tables may be views)"
        case .outboxReusesIDs:
            "the table outbox may use the id of a deleted row again (its id is no INTEGER PRIMARY KEY "
                + "AUTOINCREMENT), and one customer's reply would go to another; `outboxd schema "
                + "--rebuild-outbox` prints the SQL that rebuilds it"
        case .replaced:
            "another database file has taken the place of the one that was opened; start outboxd again"
        case .logReplaced(let path):
            "\(path) was deleted or replaced while outboxd had it open: what was written last may be lost; outboxd "
                + "leaves the database as it stands, start it again"
        case .restored: "the database was restored under this outboxd; start outboxd again"
        }
    }

    /// What the API server has made is at fault, not the file: waiting, or starting again, mends nothing.
    package var isAboutData: Bool {
        switch self {
        case .outboxReusesIDs: true
        default: false
        }
    }

    /// `outboxd migrate` would mend it.
    package var isForMigrate: Bool {
        switch self {
        case .missing, .notMigrated, .outdated: true
        default: false
        }
    }

    /// Nothing but waiting, or `outboxd migrate`, is asked for: `run` waits.
    package var mayAppearLater: Bool {
        switch self {
        case .missing, .noDirectory, .outOfReach, .notMigrated, .outdated, .missingColumns,
            .inUse:
            true
        case .unreadable(_, let cause): !cause.isDamage
        case .tooNew, .outboxIsView, .outboxReusesIDs, .replaced, .logReplaced, .restored:
            false
        }
    }
}
