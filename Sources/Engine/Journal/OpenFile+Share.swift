internal import CLinux
internal import Delivery
internal import Glibc

extension OpenFile {
    /// Gives the file the owner and mode of the database, as SQLite gives them to its log: another
    /// user's outboxd must be able to take over what is noted in it.
    ///
    /// Only root may change an owner, and only a member a group. Where that fails, or the file system has
    /// no modes, the file stays as private as it must be, and whoever can't read it says so.
    func share(like database: String) {
        var wanted = stat()
        guard stat(database, &wanted) == 0 else { return }
        _ = fchown(descriptor, geteuid() == 0 ? wanted.st_uid : uid_t.max, wanted.st_gid)
        let hasItsGroup = status?.st_gid == wanted.st_gid
        _ = fchmod(
            descriptor, SharedFileMode.mode(ofDatabase: wanted.st_mode, hasItsGroup: hasItsGroup))
    }
}
