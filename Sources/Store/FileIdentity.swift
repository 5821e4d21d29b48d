internal import Glibc
internal import SQLite

/// Which file a path leads to.
///
/// Another one in its place is another outbox.
struct FileIdentity: Equatable {
    private let device: UInt64
    private let inode: UInt64

    init(of path: String) throws {
        // stat, never open: see `fileExists`.
        var status = stat()
        guard stat(path, &status) == 0 else {
            let code = errno
            if code == ENOENT { throw StoreError.missing(path: path) }
            throw SQLiteError(
                code: SQLiteError.cannotOpen, message: String(cString: strerror(code)),
                operation: "stat \(path)")
        }
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
    }
}
