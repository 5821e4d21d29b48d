internal import FoundationEssentials
internal import Glibc
internal import Service

/// `OUTBOXD_METRICS_FILE`: for node_exporter's textfile collector, which reads `*.prom` in a directory.
///
/// Written beside it and renamed, so that nobody reads half of it. Only a file that is empty or begins as ours do
/// is replaced: a slip of the pen must not cost a database or a settings file.
struct MetricsFile {
    let path: String
    /// Never opened here: closing it would take the locks from SQLite, which has it open in this process.
    /// https://sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_
    let database: String

    /// A line that says why, and what to do.
    struct Refusal: Error, CustomStringConvertible, Equatable {
        var description: String
    }

    private static let beginning = Array("# HELP outboxd_".utf8)

    func write(_ octets: [UInt8]) throws(Refusal) {
        try checkPlace()
        let draft = "\(FilePath.directory(of: path))/\(draftPrefix)\(getpid())\(Self.draftEnd)"
        // One of a process that died, in a container whose ids are the same each time.
        unlink(draft)
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let descriptor = open(draft, flags, 0o644)
        guard descriptor >= 0 else { throw refusal(errno) }
        var code = WholeWrite.write(octets, to: descriptor)
        // Whoever reads it is another user; the umask is not asked.
        if code == 0, fchmod(descriptor, 0o644) != 0 { code = errno }
        close(descriptor)
        if code == 0, rename(draft, path) != 0 { code = errno }
        guard code == 0 else {
            unlink(draft)
            throw refusal(code)
        }
    }

    // MARK: Drafts

    private var draftPrefix: String { ".\(FilePath.name(of: path))." }
    private static let draftEnd = ".new"
    /// No write takes so long, in seconds.
    private static let oldDraft = 60

    /// Those that a process has left which was killed in the midst of a write; it may have had any id.
    func removeOldDrafts() {
        let directory = FilePath.directory(of: path)
        // Nobody may list it, or it is not there: then there is nothing to tidy up.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        for name in names where name.hasPrefix(draftPrefix) && name.hasSuffix(Self.draftEnd) {
            let draft = "\(directory)/\(name)"
            var status = stat()
            guard lstat(draft, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
                status.st_mtim.tv_sec < Glibc.time(nil) - Self.oldDraft
            else { continue }
            unlink(draft)
        }
    }

    private func checkPlace() throws(Refusal) {
        guard !isDatabase else { throw refusal("it is the database, or a file beside it") }
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return }
            throw refusal(errno)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw refusal("it is no regular file")
        }
        guard status.st_size > 0 else { return }
        var buffer = [UInt8](repeating: 0, count: Self.beginning.count)
        guard read(descriptor, &buffer, buffer.count) == buffer.count, buffer == Self.beginning
        else { throw refusal("it holds something else than outboxd's metrics") }
    }

    /// By name, since it may not be there yet, and by what the name leads to.
    private var isDatabase: Bool {
        let folder = FilePath.resolved(FilePath.directory(of: path))
        let name = "\(folder)/\(FilePath.name(of: path))"
        let place = FilePath.resolved(FilePath.directory(of: database))
        let taken = "\(place)/\(FilePath.name(of: database))"
        if name == taken || name.hasPrefix(taken + "-") { return true }
        guard let identity = Self.identity(path) else { return false }
        return ["", "-wal", "-shm"].contains { Self.identity(database + $0) == identity }
    }

    private static func identity(_ path: String) -> [UInt64]? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return [UInt64(status.st_dev), UInt64(status.st_ino)]
    }

    private func refusal(_ code: Int32) -> Refusal { refusal(SystemError.text(of: code)) }

    private func refusal(_ reason: String) -> Refusal {
        Refusal(
            description:
                "\(path): \(reason); set OUTBOXD_METRICS_FILE to another path, or mend this "
                + "one: it is tried again")
    }
}
