internal import Engine

/// Whether this user could take over what another outboxd leaves behind.
struct NotesCheck {
    var database: String

    /// One for each file that is out of reach; none if all is well.
    func findings() -> [CheckReport.Finding] {
        LiveProcesses(onDatabase: database).unreadable.map {
            CheckReport.Finding(.database, .fail, "\($0)")
        }
    }
}
