internal import CLinux
internal import Crash
package import Delivery
internal import Glibc
internal import Service
internal import Store

/// The number beside a database, in a file of the name `outbox.db-outboxd-epoch`.
///
/// It is opened as in-flight journals are (``JournalLook``): no link is followed, nothing is waited for, and no
/// descriptor of the database is closed.
package final class EpochFile: EpochNote {
    private let database: String
    private let path: String
    private var mapped: MappedEpoch?

    package init(besideDatabase database: String) {
        self.database = FilePath.resolved(database)
        path = Self.path(besideDatabase: self.database)
    }

    /// Beside the file itself, where symbolic links lead to it.
    package static func path(besideDatabase database: String) -> String {
        let database = FilePath.resolved(database)
        return "\(FilePath.directory(of: database))/\(name(for: database))"
    }

    private static func name(for database: String) -> String {
        FilePath.name(of: database) + "-outboxd-epoch"
    }

    // MARK: Reading

    private enum Found {
        case absent
        case outOfReach(String)
        case damaged
        case open(OpenFile, Epoch, isWritable: Bool)
    }

    package func look() -> NotedEpoch {
        switch find() {
        case .absent: .absent
        case .outOfReach(let reason): .outOfReach(reason)
        case .damaged: .damaged
        case .open(_, let epoch, _): .epoch(epoch)
        }
    }

    private func find() -> Found {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            return errno == ENOENT ? .absent : .outOfReach(trouble("can't be looked at", errno))
        }
        if let stranger = stranger(status) { return stranger }
        let flags = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY
        var isWritable = true
        var descriptor = open(path, O_RDWR | flags)
        if descriptor < 0 {
            isWritable = false
            descriptor = open(path, O_RDONLY | flags)
        }
        guard descriptor >= 0 else {
            return errno == ENOENT ? .absent : .outOfReach(trouble("can't be read", errno))
        }
        let file = OpenFile(adopting: descriptor)
        guard let opened = file.status else {
            return .outOfReach(trouble("can't be looked at", errno))
        }
        if let stranger = stranger(opened) { return stranger }
        guard opened.st_size >= off_t(EpochBytes.size),
            let epoch = EpochBytes.decoded(file.head(EpochBytes.size))
        else { return .damaged }
        return .open(file, epoch, isWritable: isWritable)
    }

    /// Why it can't be read or raised, without touching it; nil if it can, or is to be made.
    package var writingProblem: String? {
        switch find() {
        case .absent, .damaged, .open(_, _, isWritable: true): nil
        case .open: trouble("can't be written", EACCES)
        case .outOfReach(let reason): reason
        }
    }

    /// Something else that bears the name.
    private func stranger(_ status: stat) -> Found? {
        guard status.st_mode & S_IFMT == S_IFREG else {
            return .outOfReach("\(path) is no file: move it away")
        }
        let isDatabase = ["", "-wal", "-shm"].contains { suffix in
            var other = stat()
            return stat(database + suffix, &other) == 0 && other.st_ino == status.st_ino
                && other.st_dev == status.st_dev
        }
        return isDatabase
            ? .outOfReach("\(path) is the database under another name: delete that name") : nil
    }

    private func trouble(_ what: String, _ code: Int32) -> String {
        "\(path) \(what): \(SystemError.text(of: code)); give it the database's owner and mode"
    }

    package var latest: Epoch? { mapped?.epoch }

    package var isInPlace: Bool {
        guard let mapped, mapped.epoch != nil else { return false }
        var status = stat()
        return lstat(path, &status) == 0 && UInt64(status.st_ino) == mapped.file.inode
            && status.st_size >= off_t(EpochBytes.size)
    }

    // MARK: Writing

    package func raise(to number: Int64) {
        if mapped == nil, case .open(let file, let epoch, let isWritable) = find() {
            _ = map(file, epoch, isWritable: isWritable)
        }
        mapped?.raise(to: number)
    }

    package func write(_ epoch: Epoch) -> String? {
        mapped = nil
        switch find() {
        case .outOfReach(let reason): return reason
        case .absent, .damaged: return make(epoch)
        case .open(_, let found, _) where found.lineage != epoch.lineage: return make(epoch)
        case .open(let file, let found, let isWritable):
            if let problem = map(file, found, isWritable: isWritable) { return problem }
            guard isWritable else { return trouble("can't be written", EACCES) }
            mapped?.raise(to: epoch.number)
            return nil
        }
    }

    private func map(_ file: OpenFile, _ epoch: Epoch, isWritable: Bool) -> String? {
        do throws(SystemError) {
            let bytes = try MappedFile(file, size: EpochBytes.size, isWritable: isWritable)
            mapped = MappedEpoch(bytes, lineage: epoch.lineage)
            return nil
        } catch {
            return "\(path): \(error)"
        }
    }

    /// Whole under its name, and on the disk, or not there at all: one that a power failure has emptied would hold
    /// everything at the next start.
    private func make(_ epoch: Epoch) -> String? {
        let new = path + ".new"
        do throws(SystemError) {
            // A process that was killed may have left one. No other process writes it now, because this one
            // holds the database's lock.
            unlink(new)
            let flags = O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
            let descriptor = open(new, flags, 0o600)
            guard descriptor >= 0 else { throw SystemError(call: "open \(new)", code: errno) }
            let file = OpenFile(adopting: descriptor)
            file.share(like: database)
            let code = WholeWrite.write(EpochBytes.encoded(epoch), to: descriptor)
            guard code == 0 else { throw SystemError(call: "write \(new)", code: code) }
            guard fsync(descriptor) == 0 else {
                throw SystemError(call: "fsync \(new)", code: errno)
            }
            CrashPoint.epochFileWritten.pass()
            guard rename(new, path) == 0 else {
                throw SystemError(call: "rename \(new)", code: errno)
            }
            syncName()
            return map(file, epoch, isWritable: true)
        } catch {
            unlink(new)
            return "\(error)"
        }
    }

    private func syncName() {
        do throws(SystemError) {
            try NameOnDisk.sync(path)
        } catch {
            // It stands there; should a power failure take it away, the next start says `missing`.
        }
    }
}
