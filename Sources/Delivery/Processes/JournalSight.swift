/// What can be seen of a file that bears an in-flight journal's name, before anybody locks, maps or deletes it.
package struct JournalSight: Hashable, Sendable {
    /// What the file begins with.
    package enum Head: Hashable, Sendable {
        /// Our magic; nil if the counts after it are absurd.
        case ours(size: Int?)
        /// Nothing but zeros, or nothing at all.
        case blank
        case other
    }

    /// Neither a directory, a symbolic link, a FIFO, a socket nor a device.
    package var isRegularFile: Bool
    /// The database, its `-wal` or its `-shm` under another name (a hard link).
    package var isDatabase: Bool
    package var head: Head
    package var size: Int
    /// Since it was last written to.
    package var age: Duration
    /// A row of `outboxd_instances` names it.
    package var isRegistered: Bool

    package init(
        isRegularFile: Bool = true, isDatabase: Bool = false, head: Head = .other, size: Int = 0,
        age: Duration = .zero, isRegistered: Bool = false
    ) {
        self.isRegularFile = isRegularFile
        self.isDatabase = isDatabase
        self.head = head
        self.size = size
        self.age = age
        self.isRegistered = isRegistered
    }

    /// How long a process may take between making its file and writing its header.
    private static let birth: Duration = .seconds(60)

    /// What the file is.
    ///
    /// | what stands there | a row names it | no row names it |
    /// |---|---|---|
    /// | no regular file | stranger | stranger |
    /// | the database itself | stranger | stranger |
    /// | our magic, whole | journal | journal |
    /// | our magic, too short or with absurd counts | damaged | stranger |
    /// | zeros, younger than a minute | damaged | newborn |
    /// | zeros, older | damaged | abandoned |
    /// | anything else | stranger | stranger |
    package var kind: JournalKind {
        guard isRegularFile, !isDatabase else { return .stranger }
        switch head {
        case .ours(let needed?) where size >= needed: return .journal
        case .ours: return isRegistered ? .damaged : .stranger
        case .blank where isRegistered: return .damaged
        case .blank: return age < Self.birth ? .newborn : .abandoned
        case .other: return .stranger
        }
    }
}
