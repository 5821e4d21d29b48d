internal import Crash
internal import Delivery
internal import Glibc
internal import Service

/// The file that a copy is written into, in the same directory.
///
/// It gets the target's name when it is complete. A backup that is killed half-way leaves
/// `backup.db.4711.tmp`, a name that tells an operator not to restore it.
final class TemporaryCopy {
    let path: String
    private let target: String
    private var isThere = true

    /// - Parameter target: Where the copy is to stand; nothing may stand there.
    /// - Throws: ``Failure``.
    init(for target: String) throws(Failure) {
        var status = stat()
        guard lstat(target, &status) != 0 else { throw Self.taken(target) }
        self.target = target
        path = "\(target).\(getpid()).tmp"
        // Nobody else's until it is whole: it holds what is written to customers.
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            isThere = false
            throw Self.failed("made", path, errno)
        }
        Glibc.close(descriptor)
    }

    deinit { remove() }

    /// Leaves nothing, of SQLite's files beside it either.
    func remove() {
        guard isThere else { return }
        isThere = false
        for end in ["", "-wal", "-shm", "-journal"] { unlink(path + end) }
    }

    /// Gives the copy the mode of the database, makes it last, and gives it its name.
    ///
    /// No connection to it may be open: closing a descriptor of it would drop SQLite's locks.
    ///
    /// - Returns: its size in octets.
    func finish(like database: String) throws(Failure) -> Int64 {
        var original = stat()
        guard stat(database, &original) == 0 else { throw Self.failed("read", database, errno) }
        let descriptor = open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failed("read", path, errno) }
        defer { close(descriptor) }
        // Who may not give it away keeps it; then the group's rights are not passed on.
        _ = fchown(descriptor, original.st_uid, original.st_gid)
        _ = fchown(descriptor, uid_t.max, original.st_gid)
        var own = stat()
        guard fstat(descriptor, &own) == 0 else { throw Self.failed("read", path, errno) }
        let mode = SharedFileMode.mode(
            ofDatabase: original.st_mode, hasItsGroup: own.st_gid == original.st_gid)
        guard fchmod(descriptor, mode) == 0, fsync(descriptor) == 0 else {
            throw Self.failed("written", path, errno)
        }
        CrashPoint.copySynced.pass()
        try giveName()
        return Int64(own.st_size)
    }

    /// As `rename`, but for what has come to stand there since: that is left alone.
    private func giveName() throws(Failure) {
        guard link(path, target) == 0 else {
            throw errno == EEXIST ? Self.taken(target) : Self.failed("named", target, errno)
        }
        CrashPoint.copyNamed.pass()
        unlink(path)
        isThere = false
        do throws(SystemError) {
            try NameOnDisk.sync(target)
        } catch {
            throw Self.failed("made to last", target, error.code)
        }
    }

    private static func taken(_ path: String) -> Failure {
        Failure("\(path) exists already and is left alone; name another file", .ioError)
    }

    private static func failed(_ what: String, _ path: String, _ code: Int32) -> Failure {
        Failure(
            "\(path) can't be \(what): \(SystemError.text(of: code)); name another file", .ioError)
    }
}
