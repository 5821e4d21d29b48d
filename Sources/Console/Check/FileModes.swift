internal import Engine
internal import Glibc
internal import Service

/// Whether all who may write a database can work with it, by mode and owner alone.
///
/// SQLite also writes `-wal` and `-shm` beside it; the user who opens the database first creates them. So does outboxd
/// with the epoch, by which a restored database is noticed.
///
/// Pure. No setting names the API server's user: it is taken for the database's owner, or a member of its group.
///
/// | may write the database | and not | |
/// |---|---|---|
/// | its owner | `-wal`, `-shm`, the epoch | FAIL |
/// | its owner | the directory | FAIL |
/// | its group | `-wal`, `-shm`, the epoch | FAIL |
/// | its group | the directory | warn: the group may be nobody's |
/// | everybody | | warn |
struct FileModes {
    struct File: Equatable {
        var path: String
        var owner: UInt32
        var group: UInt32
        /// With set-group-id and sticky.
        var mode: UInt32

        func isOpenToGroup(_ bits: UInt32) -> Bool { mode & bits << 3 == bits << 3 }
        func isOpenToAll(_ bits: UInt32) -> Bool { mode & bits == bits }
    }

    typealias Finding = CheckReport.Finding

    var database: File
    var directory: File
    /// `-wal`, `-shm` and the epoch, as far as they are there.
    var beside: [File]

    private static let readWrite: UInt32 = 0o6
    private static let makeFiles: UInt32 = 0o3

    var findings: [Finding] {
        let problems = beside.compactMap(problem) + [directoryProblem].compactMap(\.self)
        return problems + [everybody].compactMap(\.self)
    }

    // MARK: Beside it

    private func problem(_ file: File) -> Finding? {
        if !canOwner(of: database, use: file, Self.readWrite) {
            return Finding(
                .database, .fail,
                "user \(database.owner), who owns the database, can't write \(shown(file)): "
                    + "`chown \(database.owner):\(database.group) \(file.path)`; run outboxd and the API "
                    + "server as one user, or in one group with umask 0007")
        }
        guard database.isOpenToGroup(Self.readWrite),
            !canGroup(database.group, use: file, Self.readWrite)
        else { return nil }
        return Finding(
            .database, .fail,
            "group \(database.group) may write the database and not \(shown(file)): "
                + "`chgrp \(database.group) \(file.path)` and `chmod g+rw \(file.path)`; umask 0007 for "
                + "outboxd and the API server keeps it so")
    }

    private var directoryProblem: Finding? {
        let advice =
            "`chgrp \(database.group) \(directory.path)` and `chmod 2770 \(directory.path)`"
        if !canOwner(of: database, use: directory, Self.makeFiles) {
            return Finding(
                .database, .fail,
                "user \(database.owner), who owns the database, can't make files in \(shown(directory)), "
                    + "where SQLite makes -wal and -shm: \(advice)")
        }
        guard database.isOpenToGroup(Self.readWrite),
            !canGroup(database.group, use: directory, Self.makeFiles)
        else { return nil }
        return Finding(
            .database, .warn,
            "group \(database.group) may write the database and can't make files in \(shown(directory)), "
                + "where SQLite makes -wal and -shm: if the API server is of that group, \(advice); else "
                + "`chmod g-w \(database.path)`")
    }

    private var everybody: Finding? {
        guard directory.isOpenToAll(0o1) else { return nil }
        if database.isOpenToAll(0o2) {
            return Finding(
                .database, .warn,
                "everybody on this machine may write \(shown(database)): `chmod o-rwx \(database.path)`"
            )
        }
        guard database.isOpenToAll(0o4) else { return nil }
        return Finding(
            .database, .info,
            "everybody on this machine can read what is written to customers, in \(shown(database)): "
                + "`chmod o-r \(database.path)`, unless that is meant")
    }

    // MARK: Who can

    /// Whether the owner is in a group nobody tells: it is taken for granted.
    private func canOwner(of database: File, use file: File, _ bits: UInt32) -> Bool {
        database.owner == 0
            || (file.owner == database.owner
                ? file.mode & bits << 6 == bits << 6
                : file.isOpenToGroup(bits) || file.isOpenToAll(bits))
    }

    private func canGroup(_ group: UInt32, use file: File, _ bits: UInt32) -> Bool {
        file.group == group ? file.isOpenToGroup(bits) : file.isOpenToAll(bits)
    }

    private func shown(_ file: File) -> String {
        let mode = String(file.mode, radix: 8)
        return "\(file.path) (owner \(file.owner), group \(file.group), mode 0\(mode))"
    }
}

extension FileModes {
    /// Of the files on disk; nil if the database, or its directory, can't be seen.
    ///
    /// By path alone: closing a descriptor of the database would drop SQLite's locks on it.
    static func of(_ database: String) -> FileModes? {
        guard let file = File(at: database),
            let directory = File(at: FilePath.directory(of: database))
        else { return nil }
        var beside = ["-wal", "-shm"].map { database + $0 }
        let epoch = EpochFile.path(besideDatabase: database)
        // Another check tells of what is no file.
        if File.isRegular(epoch) { beside.append(epoch) }
        return FileModes(
            database: file, directory: directory, beside: beside.compactMap { File(at: $0) })
    }
}

extension FileModes.File {
    static func isRegular(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    init?(at path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        self.init(
            path: path, owner: status.st_uid, group: status.st_gid, mode: status.st_mode & 0o7777)
    }
}
