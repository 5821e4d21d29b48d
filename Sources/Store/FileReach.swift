internal import Glibc

/// What stands between this user and a database file, in words, before or after SQLite was asked: it says
/// `unable to open database file` for all of it.
enum FileReach {
    /// - Throws: ``StoreError/missing(path:)`` where there is a directory and no such file in it,
    ///   ``StoreError/noDirectory(path:directory:)``, or ``StoreError/outOfReach(path:reason:)`` where that can't be known, or it is no file.
    static func check(_ path: String) throws(StoreError) {
        // stat, never open: see `fileExists`.
        var status = stat()
        guard stat(path, &status) == 0 else { throw reason(path, errno) }
        if status.st_mode & S_IFMT == S_IFDIR {
            throw .outOfReach(
                path: path, reason: "it is a directory; OUTBOXD_DATABASE has to name a file in it")
        }
        // SQLite opens the second as well, and an open of a FIFO waits for whoever writes into it, for ever.
        for file in [path, path + "-journal"]
        where stat(file, &status) == 0 && status.st_mode & S_IFMT != S_IFREG {
            throw .outOfReach(
                path: file, reason: "it is a FIFO, a socket, a device or a directory; remove it")
        }
    }

    private static func reason(_ path: String, _ code: Int32) -> StoreError {
        let directory = directory(of: path)
        switch code {
        case ENOENT where fileExists(directory): return .missing(path: path)
        case ENOENT: return .noDirectory(path: path, directory: directory)
        case EACCES:
            let barred = ancestors(of: path).first { access($0, X_OK) != 0 } ?? directory
            return .outOfReach(path: path, reason: "this user may not enter \(barred)\(advice)")
        default:
            let words = String(cString: strerror(code))
            return .outOfReach(path: path, reason: "\(words); set OUTBOXD_DATABASE")
        }
    }

    /// Why a file that is there, or could be made, can't be opened; nil where nothing is known to be wrong.
    static func refusal(of path: String) -> String? {
        let directory = directory(of: path)
        if fileExists(path) {
            if let reason = bar(path, R_OK, "read it") ?? bar(path, W_OK, "write to it") {
                return reason
            }
        }
        // SQLite writes beside the file.
        return bar(directory, W_OK, "write in \(directory)")
    }

    /// nil where the user may do it.
    private static func bar(_ path: String, _ mode: Int32, _ deed: String) -> String? {
        guard access(path, mode) != 0 else { return nil }
        return errno == EROFS
            ? "its file system is mounted read-only; mount it for writing"
            : "this user may not \(deed)\(advice)"
    }

    private static let advice = "; mend its owner and mode, or run as another user"

    private static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// The directories on the way to it, from the top.
    private static func ancestors(of path: String) -> [String] {
        path.indices.dropFirst().filter { path[$0] == "/" }.map { String(path[..<$0]) }
    }
}
