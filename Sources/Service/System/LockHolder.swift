package import Glibc

/// The process that keeps a database in WAL mode from being written, as the kernel lists it in `/proc/locks` (proc(5)).
///
/// A writer has octet 120 of the `-shm` file, whoever checkpoints 121, and whoever recovers 122
/// (<https://sqlite.org/walformat.html#locks>); in exclusive mode the database itself is locked, from octet 2^30 on
/// (<https://sqlite.org/fileformat2.html#the_lock_byte_page>). Nothing is opened: a descriptor of these files that is
/// closed takes this process's own locks with it (fcntl(2)).
package struct LockHolder: Hashable, Sendable {
    package let processID: pid_t
    /// What the process calls itself; nil if it can't be seen.
    package let name: String?

    package init(processID: pid_t, name: String?) {
        self.processID = processID
        self.name = name
    }

    /// nil if no other process has such a lock, or one in another container, which the kernel does not show.
    package init?(ofDatabase path: String) {
        guard let octets = try? BoundedFile.read("/proc/locks", limit: 1 << 20) else { return nil }
        let locks = String(decoding: octets, as: UTF8.self).split(separator: "\n")
            .compactMap(FileLock.init)
        let found = locks.first { lock in
            lock.isExclusive && lock.processID != getpid()
                && (lock.isOf(path + "-shm", within: 120...122)
                    || lock.isOf(path, within: 1 << 30...UInt64.max))
        }
        guard let found else { return nil }
        let name = try? BoundedFile.read("/proc/\(found.processID)/comm", limit: 64)
        self.init(
            processID: found.processID,
            name: name.map { String(decoding: $0.filter { $0 >= 0x20 }, as: UTF8.self) })
    }
}

extension LockHolder: CustomStringConvertible {
    /// Such as `4711 (python3)`.
    package var description: String { name.map { "\(processID) (\($0))" } ?? "\(processID)" }
}
