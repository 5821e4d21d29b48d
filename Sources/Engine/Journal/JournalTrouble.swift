/// An in-flight journal of another process that we may not use as we must, and what comes of it.
package struct JournalTrouble: Hashable, Sendable, CustomStringConvertible {
    package enum Problem: Hashable, Sendable {
        /// Nobody can tell whether its process lives, nor what it has under way.
        case unreadable(String)
        /// Its process lives. Should it freeze, nobody could keep it from sending later.
        case unwritable
        /// Its process is dead and nothing in it is needed any more.
        case undeletable(String)
    }
    package var path: String
    /// Such as `root` or `user 1000`; nil if even that can't be seen.
    package var owner: String?
    package var problem: Problem

    init(path: String, ownerID: UInt32?, problem: Problem) {
        self.path = path
        owner = ownerID.map { $0 == 0 ? "root" : "user \($0)" }
        self.problem = problem
    }

    package var description: String {
        let file = path + (owner.map { " of \($0)" } ?? "")
        let remedy = "give the file the database's owner and mode"
        switch problem {
        case .unreadable(let error):
            return
                "\(file) can't be read (\(error)): if its outboxd is dead, the mail it had under "
                + "way waits; \(remedy)"
        case .unwritable:
            return "\(file) can't be written: if its outboxd freezes, the mail it has under way "
                + "waits; \(remedy)"
        case .undeletable(let error):
            return "\(file) is not needed any more and can't be deleted (\(error)); delete it"
        }
    }
}
