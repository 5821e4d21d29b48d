import Glibc

/// What tells that a file is another than before, or holds something else, without reading it.
///
/// A secret is often swapped by way of a symbolic link (Kubernetes), hence device and inode of what the
/// path leads to.
struct FileStamp: Hashable, Sendable {
    var device: UInt64
    var inode: UInt64
    var size: Int64
    /// Seconds and nanoseconds of the last change of content, and of the last change at all.
    var times: [Int64]

    /// nil if nothing can be seen there.
    ///
    /// May block, where the file lies on a network.
    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
        times = [
            Int64(status.st_mtim.tv_sec), Int64(status.st_mtim.tv_nsec),
            Int64(status.st_ctim.tv_sec), Int64(status.st_ctim.tv_nsec),
        ]
    }
}
