internal import Delivery
internal import Glibc
internal import Service

/// Whether `run` can work where the database is to be, asked before it is opened.
///
/// What only an operator can mend is said in one line, and ends it: a restart would find the same.
///
/// | | |
/// |---|---|
/// | a network file system | SQLite's locks do not hold there |
/// | a directory on the way that must not be entered | |
/// | the path is a directory | |
/// | the file, its `-wal` or `-shm`, or the directory must not be written | SQLite writes beside the file |
///
/// A file or a directory that is not there may appear later.
struct DatabasePlace {
    /// Absolute.
    let path: String
    /// The file system that a directory is on; tests say which.
    var fileSystem: (String) -> FileSystem? = FileSystem.of

    /// - Throws: ``Failure``, exit code 78.
    func check() throws {
        if let text = networkFault ?? wayFault ?? kindFault ?? writeFault {
            throw Failure(text, .config)
        }
    }

    private var shown: String { Escaping.printable(path, limit: 4_096) }
    private var directory: String { FilePath.directory(of: path) }

    /// The directories on the way to it, from the top.
    private var ancestors: [String] {
        ["/"] + path.indices.dropFirst().filter { path[$0] == "/" }.map { String(path[..<$0]) }
    }

    // MARK: What may be wrong

    /// One that only some use of spoils; a line for the log.
    var warning: String? {
        guard let fault = placeFault, fault.result != .fail else { return nil }
        return "the database \(shown): \(fault.text)"
    }

    private var networkFault: String? {
        guard let fault = placeFault, fault.result == .fail else { return nil }
        return "the database \(shown) can't be used: \(fault.text), and set OUTBOXD_DATABASE"
    }

    private var placeFault: (result: CheckReport.Result, text: String)? {
        let nearest = ancestors.last { FileOwnership(of: $0) != nil } ?? "/"
        // Where the file itself is a link elsewhere, that is the place.
        let place =
            FileOwnership(of: path) == nil
            ? nearest : FilePath.directory(of: FilePath.resolved(path))
        return fileSystem(place)?.fault
    }

    private var wayFault: String? {
        guard let barred = ancestors.first(where: { Self.isDirectory($0) && access($0, X_OK) != 0 })
        else { return nil }
        if ["/home", "/root", "/run/user"].contains(barred) {
            return refusal(
                "enter", barred, "keep it elsewhere: the unit must not see \(barred) (ProtectHome=)"
            )
        }
        let word = word(barred)
        return refusal(
            "enter", barred,
            own(barred, "u+x") ?? joining(barred, if: 0o010)
                ?? "`chgrp \(group) \(word) && chmod g+x \(word)`")
    }

    private var kindFault: String? {
        guard Self.isDirectory(path) else { return nil }
        return "the database \(shown) is a directory; set OUTBOXD_DATABASE to a file in it"
    }

    private var writeFault: String? {
        for file in [path, path + "-wal", path + "-shm"] {
            // Who closes the database last deletes the latter two.
            guard access(file, R_OK | W_OK) != 0, errno != ENOENT else { continue }
            return fileFault(file, errno)
        }
        guard access(directory, F_OK) == 0, access(directory, W_OK | X_OK) != 0 else { return nil }
        return directoryFault(errno)
    }

    private static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private func fileFault(_ file: String, _ code: Int32) -> String {
        if code == EROFS { return readOnly }
        let word = word(file)
        return refusal(
            "read and write", file,
            own(file, "u+rw") ?? given(file) ?? joining(file, if: 0o060)
                ?? "`chgrp \(group) \(word) && chmod g+rw \(word)`")
    }

    private func directoryFault(_ code: Int32) -> String {
        if code == EROFS { return readOnly }
        let word = word(directory)
        if Self.shared.contains(directory) {
            return refusal(
                "write in", directory,
                "set OUTBOXD_DATABASE to a file in a directory of its own, such as /var/lib/outboxd"
            )
        }
        return refusal(
            "write in", directory,
            own(directory, "u+rwx") ?? given(directory) ?? joining(directory, if: 0o030)
                ?? "`chgrp \(group) \(word) && chmod 2770 \(word)`")
    }

    /// Directories of the whole system's, which are given to nobody.
    private static let shared: Set<String> = [
        "/", "/etc", "/home", "/mnt", "/opt", "/run", "/srv", "/usr", "/var", "/var/lib",
    ]

    // MARK: Words

    private var user: String { FileOwnership.currentUser }
    private var group: String { FileOwnership.currentGroup }

    private func word(_ path: String) -> String { ShellWord.text(path) }

    /// What is this user's own and lacks its owner's bits, as a copy of a read-only file does.
    private func own(_ place: String, _ bits: String) -> String? {
        FileOwnership(of: place)?.user == geteuid() ? "`chmod \(bits) \(word(place))`" : nil
    }

    /// What is root's.
    private func given(_ place: String) -> String? {
        FileOwnership(of: place)?.user == 0 ? "`chown \(user):\(group) \(word(place))`" : nil
    }

    /// Where its group may do what this user may not: that is somebody's decision, and to be joined.
    ///
    /// Nobody is to join root's.
    private func joining(_ place: String, if bits: UInt32) -> String? {
        guard let file = FileOwnership(of: place), file.mode & bits == bits, file.group != 0 else {
            return nil
        }
        let group = file.isForeign ? "GROUP" : FileOwnership.name(group: file.group)
        return "`usermod -a -G \(group) \(user)`, and under systemd SupplementaryGroups=\(group) "
            + "(`systemctl edit outboxd`), for the group that it has"
    }

    private func refusal(_ deed: String, _ place: String, _ mend: String) -> String {
        let owner = FileOwnership(of: place).map { " (\($0))" } ?? ""
        return "the database \(shown) can't be used: user \(user) may not \(deed) "
            + "\(Escaping.printable(place, limit: 4_096))\(owner); as root: \(mend)"
    }

    private var readOnly: String {
        "the database \(shown) can't be used: its file system is mounted read-only for this process; mount "
            + "it for writing, or let the unit write there: `systemctl edit outboxd`, "
            + "[Service] ReadWritePaths=\(Escaping.printable(directory, limit: 4_096))"
    }
}
