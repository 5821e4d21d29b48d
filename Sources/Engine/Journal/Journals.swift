internal import Delivery
internal import Service

/// Where the in-flight journals of all processes lie, and which of them live: a directory and its locks, or
/// a simulator's.
protocol Journals: Sendable {
    /// Makes one for this process, which others then take for alive.
    ///
    /// - Throws: ``SystemError``: no space, no permission.
    func create(
        connections: Int, bootID: String, lease: Duration
    ) throws(SystemError) -> InFlightJournal

    /// What became of the process that made the journal of this name.
    ///
    /// - Parameter isRegistered: a row of `outboxd_instances` names it.
    func owner(of name: String, isRegistered: Bool, at now: WallTime) -> ForeignJournal.Owner

    /// Those there are, whoever owns them.
    var names: [String] { get }
}

/// Files beside the database.
struct JournalDirectory: Journals {
    var database: String

    func create(
        connections: Int, bootID: String, lease: Duration
    ) throws(SystemError) -> InFlightJournal {
        try InFlightJournal.create(
            besideDatabase: database, connections: connections, bootID: bootID, lease: lease)
    }

    func owner(of name: String, isRegistered: Bool, at now: WallTime) -> ForeignJournal.Owner {
        ForeignJournal.open(
            name, besideDatabase: database, isRegistered: isRegistered, at: now)
    }

    var names: [String] { JournalFiles.all(for: database) }
}
