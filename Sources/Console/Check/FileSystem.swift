internal import Engine
internal import Glibc
internal import Service

/// The file system that a directory is on.
struct FileSystem: Equatable {
    /// As the kernel calls it: `ext4`, `nfs4`, `fuse.sshfs`.
    var kind: String
    var mountPoint: String

    /// nil if the kernel does not tell.
    static func of(_ directory: String) -> FileSystem? {
        guard let resolved = realpath(directory, nil) else { return nil }
        defer { free(resolved) }
        let path = String(cString: resolved)
        return mountTable().flatMap { find(path, in: $0) }
    }

    /// nil if there is no /proc.
    private static func mountTable() -> String? {
        guard let file = fopen("/proc/self/mountinfo", "re") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while bytes.count < 4 << 20 {
            let count = fread(&chunk, 1, chunk.count, file)
            if count == 0 { break }
            bytes += chunk[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The mount with the longest path that leads to it; of several on one point the last, which
    /// covers the others.
    ///
    /// Lines are as in proc_pid_mountinfo(5).
    static func find(_ path: String, in table: String) -> FileSystem? {
        var best: FileSystem?
        for line in table.split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard let dash = fields.firstIndex(of: "-"), dash > 4, dash + 1 < fields.count else {
                continue
            }
            let point = unescaped(fields[4])
            guard path == point || path.hasPrefix(point == "/" ? "/" : point + "/"),
                point.utf8.count >= (best?.mountPoint.utf8.count ?? 0)
            else { continue }
            best = FileSystem(kind: String(fields[dash + 1]), mountPoint: point)
        }
        return best
    }

    /// Spaces and the like are written in octal: `\040`.
    private static func unescaped(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            let digits = String(decoding: rest.prefix(3), as: UTF8.self)
            if byte == UInt8(ascii: "\\"), digits.utf8.count == 3,
                let code = UInt8(digits, radix: 8)
            {
                bytes.append(code)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static let network: Set<String> = [
        "nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "lustre", "glusterfs", "ncpfs",
        "fuse.sshfs", "fuse.glusterfs", "fuse.s3fs", "fuse.rclone", "fuse.gcsfuse", "fuse.ceph",
    ]
    /// Shared with another kernel, as a virtual machine's folders are, or made by who knows whom.
    private static let shared: Set<String> = [
        "9p", "virtiofs", "vboxsf", "prl_fs", "ocfs2", "gfs2",
    ]

    /// WAL works through memory that all processes share: one kernel, one machine.
    /// https://sqlite.org/wal.html#sometimes_queries_return_sqlite_busy_in_wal_mode
    var fault: (result: CheckReport.Result, text: String)? {
        if Self.network.contains(kind) {
            return (
                .fail,
                "\(mountPoint) is a network file system (\(kind)), on which SQLite's locks do not "
                    + "hold; move the database to a local disk"
            )
        }
        if Self.shared.contains(kind) || (kind.hasPrefix("fuse") && kind != "fuseblk") {
            return (
                .warn,
                "\(mountPoint) is \(kind): the database must be used from one machine, one kernel, "
                    + "only, or it will be damaged"
            )
        }
        return nil
    }

    /// For unprivileged users, in bytes; nil if it can't be told.
    static func freeSpace(at directory: String) -> UInt64? {
        space(at: directory).map { UInt64($0.f_bavail) * UInt64($0.f_frsize) }
    }

    private static func space(at directory: String) -> statvfs? {
        var values = statvfs()
        return statvfs(directory, &values) == 0 ? values : nil
    }

    /// What is wrong where the disk of a database has no room for a transaction, or none for the notes of a process
    /// that is to start; nil if it has.
    ///
    /// What is kept for root counts where the database is root's.
    static func fullDisk(of database: String, beside processes: LiveProcesses) -> String? {
        let directory = FilePath.directory(of: FilePath.resolved(database))
        guard let values = space(at: directory), values.f_blocks > 0 else { return nil }
        let isRoots = FileOwnership(of: database)?.user == 0
        let blocks = isRoots ? values.f_bfree : values.f_bavail
        let free = UInt64(blocks) * UInt64(values.f_frsize)
        guard free < (processes.mostCount > 0 ? spaceToGoOn : spaceToStart) else { return nil }
        return
            "the disk of \(Escaping.printable(directory, limit: 4_096)) is full (\(free >> 10) KiB free): nothing "
            + "is sent until there is room"
    }

    /// outboxd tries with as many octets whether a full disk has room again.
    private static let spaceToGoOn: UInt64 = 64 << 10
    /// An in-flight journal has 3.5 MB.
    private static let spaceToStart: UInt64 = 4 << 20
}
