internal import CLinux
internal import Delivery
internal import Glibc
internal import Service

/// Looks at what stands under an in-flight journal's name.
///
/// Nothing that is not ours is opened for long, and nothing is ever waited for: a FIFO would block, a link
/// lead elsewhere, and closing a descriptor of the database would drop SQLite's locks on it.
/// https://sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_
struct JournalLook {
    let database: String
    let now: WallTime

    enum Found {
        case absent
        /// Nothing of ours that could be asked: see ``JournalKind``.
        case untouchable(JournalKind)
        case open(Opened)
        case unreadable(JournalTrouble)
    }

    struct Opened {
        let file: OpenFile
        let path: String
        let kind: JournalKind
        let header: [UInt8]
        let isWritable: Bool
    }

    static let headerSize = 128

    init(besideDatabase database: String, at now: WallTime) {
        self.database = database
        self.now = now
    }

    /// - Parameter isRegistered: a row of `outboxd_instances` names the file.
    func look(_ name: String, isRegistered: Bool) -> Found {
        let path = FilePath.directory(of: database) + "/" + name
        var status = stat()
        guard lstat(path, &status) == 0 else {
            return errno == ENOENT ? .absent : .unreadable(unreadable(path, nil, errno))
        }
        guard Self.isRegular(status), !isDatabase(status) else { return .untouchable(.stranger) }
        switch open(path, status) {
        case .success(let (file, isWritable)):
            return found(file, path, isRegistered: isRegistered, isWritable: isWritable)
        case .failure(let error) where error.code == ENOENT: return .absent
        // A link has taken its place since.
        case .failure(let error) where error.code == ELOOP: return .untouchable(.stranger)
        case .failure(let error): return .unreadable(unreadable(path, status.st_uid, error.code))
        }
    }

    private func open(
        _ path: String, _ status: stat
    ) -> Result<(file: OpenFile, isWritable: Bool), SystemError> {
        let flags = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY
        let writable = Glibc.open(path, O_RDWR | flags)
        if writable >= 0 { return .success((OpenFile(adopting: writable), true)) }
        // Reading will do for the notes of a process that is dead.
        let readable = Glibc.open(path, O_RDONLY | flags)
        if readable >= 0 { return .success((OpenFile(adopting: readable), false)) }
        return .failure(SystemError(call: "open \(path)", code: errno))
    }

    private func found(
        _ file: OpenFile, _ path: String, isRegistered: Bool, isWritable: Bool
    ) -> Found {
        guard let status = file.status else {
            return .unreadable(unreadable(path, nil, errno))
        }
        let header = file.head(Self.headerSize)
        let sight = JournalSight(
            isRegularFile: Self.isRegular(status), isDatabase: isDatabase(status),
            head: Self.head(header), size: Int(status.st_size),
            age: now - WallTime(milliseconds: Int64(status.st_mtim.tv_sec) * 1_000),
            isRegistered: isRegistered)
        let kind = sight.kind
        guard kind.mayLock else { return .untouchable(kind) }
        return .open(
            Opened(file: file, path: path, kind: kind, header: header, isWritable: isWritable))
    }

    private static func head(_ header: [UInt8]) -> JournalSight.Head {
        if header.allSatisfy({ $0 == 0 }) { return .blank }
        let found = JournalMemory.readHeader(header)
        return found.isOurs ? .ours(size: found.layout?.size) : .other
    }

    private static func isRegular(_ status: stat) -> Bool { status.st_mode & S_IFMT == S_IFREG }

    private func isDatabase(_ status: stat) -> Bool {
        ["", "-wal", "-shm"].contains { suffix in
            var other = stat()
            return lstat(database + suffix, &other) == 0 && other.st_ino == status.st_ino
                && other.st_dev == status.st_dev
        }
    }

    private func unreadable(_ path: String, _ owner: uid_t?, _ code: Int32) -> JournalTrouble {
        JournalTrouble(
            path: path, ownerID: owner, problem: .unreadable(SystemError.text(of: code)))
    }
}
