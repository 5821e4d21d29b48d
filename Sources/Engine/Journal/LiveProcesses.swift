internal import Delivery
internal import Service

/// The processes that live and work on a database, by the locks on their in-flight journals: an idle one has no
/// lease, and process ids say nothing across containers.
package struct LiveProcesses: Sendable {
    /// Those that we may not ask are not among them.
    package var count = 0
    /// So many of them go on when a newer outboxd changes the tables.
    package var unaware = 0
    /// Their files.
    package var unreadable: [JournalTrouble] = []

    /// How many processes may run: those that are seen, and one for each file of notes that this user may not read.
    package var mostCount: Int { count + unreadable.count }

    package init(onDatabase database: String) {
        let database = FilePath.resolved(database)
        let look = JournalLook(besideDatabase: database, at: SystemClock().wallNow())
        for name in JournalFiles.all(for: database) {
            switch look.look(name, isRegistered: false) {
            case .absent, .untouchable: break
            case .unreadable(let file): unreadable.append(file)
            // A shared lock is all that a reader needs to try, and is given back at once.
            case .open(let opened):
                guard opened.file.lock(isShared: true) == .taken else { continue }
                count += 1
                if JournalMemory.readHeader(opened.header).step == 0 { unaware += 1 }
            }
        }
    }
}
