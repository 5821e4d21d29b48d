internal import CLinux
internal import Glibc
internal import Service

/// The processes that live and work on a database, by the locks on their slot files: an idle one has no
/// lease, and process ids say nothing across containers.
package enum LiveProcesses {
    package static func count(onDatabase database: String) -> Int {
        let database = FilePath.resolved(database)
        let directory = FilePath.directory(of: database)
        return SlotFiles.all(for: database).count { isLocked(directory + "/" + $0) }
    }

    /// A shared lock is all that a reader needs to try, and is given back at once.
    ///
    /// A file that can't be opened belongs to somebody whom we may not ask: it counts as live.
    private static func isLocked(_ path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return errno != ENOENT }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_SH | LOCK_NB) != 0
    }
}
